import { DomainError, type FieldFault } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import type { NewBulkJobItem } from '#store/bulk-job-item.ts'
import { listReleaseItems, upsertReleaseItems } from '#store/release-item.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { touchRelease } from '../releases/add-release-items.ts'
import { tryPinItems, type ItemRequest } from '../releases/pin-items.ts'
import { holdOpenRelease, placeOf } from '../releases/release-view.ts'
import { pullReferences, type Pulled } from './pull-references.ts'
import { jobItem, recordJobIn, refusedItem } from './record-job.ts'

export interface BulkAddition {
  project_id: string
  release_id: string
  items: readonly ItemRequest[]
  /** Adds all that they refer to as well, to any depth. */
  with_references: boolean
  /** The locales that were named, for the job to tell. */
  locales: readonly string[]
  /** How many items the release may hold afterwards. */
  most: number
}

/**
 * Adds what can be added, and tells of each item what became of it: one that is there already stays as it is pinned
 * and is an error of its own, like one that is nowhere. Answers the job. Throws `not_found`, `release_locked`,
 * `limit_reached`.
 */
export async function addInBulk(ctx: Context, input: BulkAddition): Promise<{ job_id: string }> {
  const { project_id, release_id, with_references, locales, most } = input
  authorize(ctx, 'release.edit', { project_id })
  return transact(ctx, async (unit) => {
    const release = await holdOpenRelease(unit.tx, project_id, release_id)
    authorize(ctx, 'release.edit', placeOf(release))
    const branch = release.branch ?? 'main'
    const there = new Set((await listReleaseItems(unit.tx, release_id)).map(({ key }) => key))
    const { pinned, faults } = await tryPinItems(unit.tx, release, input.items)
    const fresh = pinned.filter(({ key }) => !there.has(key))
    const none: Pulled = { pinned: [], items: [] }
    const pulled = with_references
      ? await pullReferences(unit.tx, { project_id, branch }, fresh, (key) => there.has(key))
      : none
    const added: PinnedItem[] = [...fresh, ...pulled.pinned]
    if (there.size + added.length > most)
      throw new DomainError('limit_reached', { limit: 'items of a release', most })
    await upsertReleaseItems(unit.tx, release_id, added, ctx.now())
    const told = [...tell(input.items, pinned, faults, there), ...pulled.items]
    const facts = { project_id, branch, kind: 'add' as const, release_id, with_references }
    const job_id = await recordJobIn(ctx, unit, { ...facts, locales: [...locales] }, told)
    if (added.length > 0) {
      await touchRelease(ctx, unit, release)
      const some = added.slice(0, 100).map(({ key, action, version }) => ({ key, action, version }))
      unit.record({
        kind: 'release.items_added',
        project_id,
        subject_id: release_id,
        data: { items: some, count: added.length, job_id },
      })
    }
    return { job_id }
  })
}

/** What became of each item that was asked for, in its order. */
function tell(
  asked: readonly ItemRequest[],
  pinned: readonly PinnedItem[],
  faults: readonly FieldFault[],
  there: ReadonlySet<string>,
): NewBulkJobItem[] {
  const faulty = new Map(faults.map((fault) => [placeIn(fault.field), fault]))
  const byKey = new Map(pinned.map((item) => [item.key, item]))
  return asked.map((request, n) => {
    const fault = faulty.get(n)
    const item = byKey.get(request.key)
    if (fault?.fault === 'not_unique') return refusedItem(request, alreadyThere, 'already_there')
    if (fault || !item)
      return refusedItem(request, {
        field: fault?.field.replace(/^items\.\d+\./, '') ?? 'uid',
        detail: fault?.detail ?? '',
      })
    return there.has(item.key)
      ? jobItem(item, { outcome: 'failed', code: 'already_there', field: 'uid', reason: alreadyThere.detail })
      : jobItem(item, { outcome: 'done' })
  })
}

const alreadyThere = { field: 'uid', detail: 'The release has this item already.' }

/** `items.<n>.…` */
function placeIn(field: string): number {
  return Number(field.split('.')[1])
}
