import { DomainError, invalidField } from '#domain/errors.ts'
import { updateRelease as update, type ReleaseRow } from '#store/release.ts'
import { authorize, authorizeAny } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { requireVersion } from '../require-version.ts'
import { refuseScheduled } from './refuse-scheduled.ts'
import { holdRelease, placeOf, viewRelease, type ReleaseView } from './release-view.ts'

export interface ReleaseChange {
  project_id: string
  release_id: string
  name?: string
  description?: string
  archived?: boolean
  /** True sets a user's lock, false takes any lock off. */
  locked?: boolean
  /** Why it is locked or unlocked; kept with the lock, and with the event. */
  reason?: string | undefined
  /** Refuses to unlock what waits for its time. */
  unless_scheduled?: boolean
  /** The version that the caller saw; another one throws `version_conflict`. */
  version?: number
}

/**
 * A user's lock stops every edit but its own removal; under the lock that a deployment left, name and description
 * stay open. Locking is a releaser's, unlocking an approver's, except that whoever may edit takes off the lock that
 * a deployment left. Throws `not_found`, `invalid`, `version_conflict`, `release_locked`, `not_possible_now`.
 */
export async function updateRelease(ctx: Context, input: ReleaseChange): Promise<ReleaseView> {
  const { project_id, release_id, version } = input
  authorizeAny(ctx, ['release.edit', 'release.lock', 'release.unlock'], { project_id })
  return transact(ctx, async (unit) => {
    const before = await holdRelease(unit.tx, project_id, release_id)
    authorizeChange(ctx, input, before)
    requireVersion('release', before, version)
    if (before.project_kind === 'code' && (input.name ?? before.name) !== before.name)
      throw invalidField('name', 'immutable', 'is the version that its candidates are known by')
    if (before.lock === 'user' && input.locked !== false && differs(input, before))
      throw new DomainError('release_locked', { release_id, by: 'user' })
    if (input.unless_scheduled && input.locked === false && before.lock === 'deployment')
      await refuseScheduled(ctx, unit.tx, before, 'unlock')
    const lock = lockChange(ctx, unit, before, input)
    const row = await update(unit.tx, release_id, {
      ...(input.name === undefined ? {} : { name: input.name }),
      ...(input.description === undefined ? {} : { description: input.description }),
      ...(input.archived === undefined ? {} : { archived: input.archived }),
      ...lock,
      updated_by: authorIn(ctx),
      updated_at: ctx.now(),
    })
    unit.record({
      kind: 'release.updated',
      project_id,
      subject_id: release_id,
      data: { name: input.name ?? before.name },
    })
    return viewRelease(row!)
  })
}

/** Clients put back what they read; only a real difference is an edit. */
function differs(input: ReleaseChange, before: ReleaseRow): boolean {
  const { name = before.name, description = before.description, archived = before.archived } = input
  return name !== before.name || description !== before.description || archived !== before.archived
}

function editsOf({ name, description, archived }: ReleaseChange): boolean {
  return name !== undefined || description !== undefined || archived !== undefined
}

/** Whoever only locks or unlocks needs no right to edit. */
function authorizeChange(ctx: Context, input: ReleaseChange, before: ReleaseRow): void {
  const { locked } = input
  const place = placeOf(before)
  const edits = editsOf(input)
  if (edits || locked === undefined) authorize(ctx, 'release.edit', place)
  const stays = locked === (before.lock !== null)
  if (locked === undefined || (edits && stays)) return
  if (locked) authorize(ctx, 'release.lock', place)
  else if (before.lock === 'user') authorize(ctx, 'release.unlock', place)
  else authorizeAny(ctx, ['release.edit', 'release.unlock'], place)
}

function lockChange(ctx: Context, unit: Unit, before: ReleaseRow, change: ReleaseChange) {
  const { locked, reason } = change
  const { id, project_id, lock } = before
  // Who only locks means it, and a deployment's lock is no gate; who puts back what they read does not.
  const upgrades = locked === true && lock === 'deployment' && !editsOf(change)
  if (locked === undefined || (locked === (lock !== null) && !upgrades)) return {}
  if (locked) {
    unit.record({ kind: 'release.locked', project_id, subject_id: id, reason: reason ?? null })
    const by = { locked_by: authorIn(ctx), locked_at: ctx.now(), lock_reason: reason ?? null }
    return { lock: 'user' as const, ...by }
  }
  unit.record({ kind: 'release.unlocked', project_id, subject_id: id, reason: reason ?? null })
  // Deployments may have been waiting at this lock.
  unit.wake({ name: 'admit-deployments', data: {} })
  return { lock: null, locked_by: null, locked_at: null, lock_reason: null }
}
