import type { DriftedThing } from '#domain/effect.ts'
import type { JsonObject } from '#store/columns.ts'
import { findDriftGround } from '#store/drift.ts'
import { ensureInfraEnvironment, lockInfraEnvironment } from '#store/infra-environment.ts'
import { findRun } from '#store/run.ts'
import type { Context, Unit } from '../context.ts'
import { noteInLog } from '../logs/append-log.ts'
import { recordDriftIn, recordNothingSeenIn } from './record-drift.ts'

export interface EndedLook {
  run_id: string
  /** Why it did not succeed; null where it did. */
  failure: string | null
  result?: JsonObject | undefined
}

/** What the executor of a look says, where it succeeded. */
interface LookResult {
  items: DriftedThing[]
  /** The state that was compared with. */
  state_version: number
  /** What drifted is what the state says now. */
  adopted?: boolean
}

/**
 * What the end of a look means, in the transaction that ends its run. Where a deployment changed something meanwhile,
 * nobody can say what drifted and what it did: what was seen is thrown away.
 */
export async function settleDriftIn(
  ctx: Context,
  unit: Unit,
  { run_id, failure, result }: EndedLook,
): Promise<void> {
  const run = await findRun(unit.tx, run_id)
  if (!run?.environment_id) return
  const { project_id, environment_id } = run
  const nothing = (outcome: 'failed' | 'skipped', detail: string) =>
    recordNothingSeenIn(ctx, unit, { environment_id, run_id, outcome, detail })
  await ensureInfraEnvironment(unit.tx, { environment_id, updated_at: ctx.now() })
  await lockInfraEnvironment(unit.tx, environment_id)
  if (failure !== null) return nothing(run.state === 'canceled' ? 'skipped' : 'failed', failure)
  if (!isResult(result)) return nothing('failed', 'The executor did not say what it found.')
  const { items, state_version, adopted } = result
  const where = { project_id, environment_id, run_id, state_version }
  const ground = await findDriftGround(unit.tx, environment_id)
  if (adopted) {
    const data = { things: items.length, items: items.slice(0, 50).map(({ address }) => address) }
    const about = { project_id, environment_id, subject_id: run_id, reason: run.reason }
    if (items.length > 0) unit.record({ kind: 'drift.adopted', ...about, data })
    const left = { ...where, state_version: ground.state_version, things: [] }
    return recordDriftIn(ctx, unit, { ...left, detail: 'What was really there was adopted.' })
  }
  if (ground.applying || (ground.state_version ?? 0) !== state_version) {
    const detail = 'A deployment was at it meanwhile: what was seen is thrown away.'
    await noteInLog(ctx, unit.tx, { run_id }, detail)
    return nothing('skipped', detail)
  }
  return recordDriftIn(ctx, unit, { ...where, things: items })
}

function isResult(result: JsonObject | undefined): result is JsonObject & LookResult {
  return Array.isArray(result?.items) && typeof result.state_version === 'number'
}
