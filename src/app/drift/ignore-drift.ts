import { DomainError, invalidField } from '#domain/errors.ts'
import {
  findDriftIgnore,
  insertDriftIgnore,
  listDriftIgnores,
  removeDriftIgnore,
  removeOverDriftIgnores,
  type DriftIgnoreRow,
} from '#store/drift-ignore.ts'
import { ensureInfraEnvironment, lockInfraEnvironment } from '#store/infra-environment.ts'
import { authorIn, transact, type Context } from '../context.ts'
import { requireDriftPlace } from './drift-place.ts'

export interface IgnoreRequest {
  environment_id: string
  item_key: string
  /** One thing in it, as Terraform calls it; null: all of them. */
  address?: string | null
  /** One attribute, and what lies below it; null: all of them. */
  attribute?: string | null
  /** Null: until it is taken back. */
  until?: Date | null
  reason?: string | undefined
}

const mostRules = 1000

/**
 * Drift that is known and may stay, until a time. The same said again takes the place of what was said before. Throws
 * `not_found`, `invalid`, `limit_reached`.
 */
export async function ignoreDrift(
  ctx: Context,
  { environment_id, item_key, address = null, attribute = null, until = null, reason }: IgnoreRequest,
): Promise<DriftIgnoreRow> {
  const { project_id } = await requireDriftPlace(ctx, ctx.db, environment_id, 'drift.ignore')
  const at = ctx.now()
  if (until && until <= at) throw invalidField('until', 'invalid', 'is over already')
  const rule = { environment_id, item_key, address, attribute, until, reason: reason ?? null }
  return transact(ctx, async (unit) => {
    await ensureInfraEnvironment(unit.tx, { environment_id, updated_at: at })
    await lockInfraEnvironment(unit.tx, environment_id)
    await removeOverDriftIgnores(unit.tx, environment_id, at)
    const there = await listDriftIgnores(unit.tx, [environment_id])
    const same = there.find(
      (one) => one.item_key === item_key && one.address === address && one.attribute === attribute,
    )
    if (!same && there.length >= mostRules)
      throw new DomainError('limit_reached', { limit: 'rules of what to ignore', most: mostRules })
    if (same) await removeDriftIgnore(unit.tx, same.id)
    const row = { ...rule, id: ctx.newId(), created_by: authorIn(ctx), created_at: at }
    await insertDriftIgnore(unit.tx, row)
    const data = { item: item_key, address, attribute, until: until?.toISOString() ?? null }
    const about = { project_id, environment_id, subject_id: row.id, reason: row.reason }
    unit.record({ kind: 'drift.ignored', ...about, data })
    return row
  })
}

/** Takes it back. Throws `not_found`. */
export async function stopIgnoringDrift(
  ctx: Context,
  { environment_id, ignore_id }: { environment_id: string; ignore_id: string },
): Promise<void> {
  const { project_id } = await requireDriftPlace(ctx, ctx.db, environment_id, 'drift.ignore')
  await transact(ctx, async (unit) => {
    const row = await findDriftIgnore(unit.tx, ignore_id)
    if (row?.environment_id !== environment_id || !(await removeDriftIgnore(unit.tx, ignore_id)))
      throw new DomainError('not_found', { what: 'ignored drift', id: ignore_id })
    const { item_key: item, address, attribute } = row
    const about = { project_id, environment_id, subject_id: ignore_id }
    unit.record({ kind: 'drift.ignore_removed', ...about, data: { item, address, attribute } })
  })
}

/** What is ignored there, oldest first; at most 1000. Throws `not_found`, `invalid`. */
export async function listIgnoredDrift(
  ctx: Context,
  { environment_id }: { environment_id: string },
): Promise<DriftIgnoreRow[]> {
  await requireDriftPlace(ctx, ctx.db, environment_id, 'live.read')
  const at = ctx.now()
  const rows = await listDriftIgnores(ctx.db, [environment_id])
  return rows.filter(({ until }) => until === null || until > at)
}
