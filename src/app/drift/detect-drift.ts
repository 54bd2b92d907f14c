import { findDriftGround } from '#store/drift.ts'
import { findEnvironment } from '#store/environment.ts'
import { listNextDrifts, lockInfraEnvironment, setDriftTime } from '#store/infra-environment.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { usualExecutor } from '../environments/usual-executor.ts'
import { requestDriftRunIn } from './check-drift.ts'
import { recordNothingSeenIn } from './record-drift.ts'

/** How many environments may wait for their next look and still be woken together. */
const most = 1000

/** Wakes what is due to be looked at. Answers when the next one is, if any. For Headgate itself. */
export async function wakeDueDrifts(ctx: Context): Promise<Date | undefined> {
  const next = await listNextDrifts(ctx.db, most)
  const now = ctx.now()
  const due = next.filter(({ at }) => at <= now)
  if (due.length > 0)
    await transact(ctx, async (unit) => {
      for (const { environment_id } of due) unit.wake({ name: 'detect-drift', data: { environment_id } })
    })
  return next.find(({ at }) => at > now)?.at
}

/**
 * Looks at an environment whose time has come: once, however many processes try, and once for all the times that passed
 * while nobody worked. Left out while a deployment is at it, which is written down. For Headgate itself.
 */
export async function detectDrift(ctx: Context, environment_id: string): Promise<void> {
  await transact(ctx, async (unit) => {
    const held = await lockInfraEnvironment(unit.tx, environment_id)
    if (!held?.next_drift_at || !held.drift_cron || held.next_drift_at > ctx.now()) return
    const { nextCut } = await import('#domain/cut-time.ts')
    const next_at = nextCut(held.drift_cron, held.drift_time_zone, ctx.now())
    await setDriftTime(unit.tx, environment_id, next_at)
    if (next_at) unit.wake({ name: 'detect-drift', data: { environment_id }, after: next_at })
    await lookIn(ctx, unit, environment_id)
  })
}

async function lookIn(ctx: Context, unit: Unit, environment_id: string): Promise<void> {
  const environment = await findEnvironment(unit.tx, environment_id)
  if (environment?.executor !== usualExecutor.infra) return
  const ground = await findDriftGround(unit.tx, environment_id)
  // Where there is no state, nothing was ever left there; and one look at a time is enough.
  if (ground.state_version === null || ground.run_id !== null) return
  if (ground.planning || ground.applying) {
    const detail = 'A deployment was in hand when its time came.'
    await recordNothingSeenIn(ctx, unit, { environment_id, run_id: null, outcome: 'skipped', detail })
    return
  }
  await requestDriftRunIn(ctx, unit, environment, { cause: 'schedule' })
}
