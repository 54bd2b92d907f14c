import { DomainError } from '#domain/errors.ts'
import { upsertReleaseItems } from '#store/release-item.ts'
import { insertReleaseWithEvent } from '#store/release-write.ts'
import { insertRelease } from '#store/release.ts'
import type { Annotations } from '#store/columns.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, transactAtOnce, type Context, type Unit } from '../context.ts'
import { pinItems, type ItemRequest } from './pin-items.ts'
import { refuseCode } from './refuse-code.ts'
import { placeOf, viewRelease, type ReleaseView } from './release-view.ts'

export interface NewRelease {
  project_id: string
  /** The branch its items stand on, where the catalogue has branches. */
  branch: string | null
  name: string
  description?: string
  locked?: boolean
  archived?: boolean
  annotations?: Annotations
  /** Made for one deployment and listed nowhere. */
  one_shot?: boolean
}

/** What a release is made with. */
export interface FirstItems {
  items: readonly ItemRequest[]
  /** How many it may hold. */
  most: number
}

/**
 * A named release, with items where they are given: as a whole or not at all. One for a single deployment is made with
 * it, by `createReleaseIn`. Throws `invalid` (fields `items.<n>.…`), `limit_reached`.
 */
export async function createRelease(
  ctx: Context,
  input: Omit<NewRelease, 'one_shot'>,
  first?: FirstItems,
): Promise<ReleaseView> {
  authorize(ctx, 'release.edit', placeOf(input))
  await refuseCode(ctx, input.project_id)
  if (input.locked) authorize(ctx, 'release.lock', placeOf(input))
  if (first && first.items.length > 0) return createWithItems(ctx, input, first)
  const fields = rowOf(ctx, input)
  const row = await transactAtOnce(ctx, createdEvent(fields), (db, event) =>
    event ? insertReleaseWithEvent(db, fields, event) : insertRelease(db, fields),
  )
  return viewRelease(row)
}

function createWithItems(ctx: Context, input: NewRelease, { items, most }: FirstItems): Promise<ReleaseView> {
  return transact(ctx, async (unit) => {
    const made = await createReleaseIn(ctx, unit, input)
    const pinned = await pinItems(unit.tx, input, items)
    if (pinned.length > most) throw new DomainError('limit_reached', { limit: 'items of a release', most })
    await upsertReleaseItems(unit.tx, made.id, pinned, ctx.now())
    const said = pinned.slice(0, 100).map(({ key, action, version }) => ({ key, action, version }))
    unit.record({
      kind: 'release.items_added',
      ...{ project_id: made.project_id, subject_id: made.id },
      data: { items: said, count: pinned.length },
    })
    return made
  })
}

/** The rows and the event only; the caller authorises. */
export async function createReleaseIn(ctx: Context, unit: Unit, input: NewRelease): Promise<ReleaseView> {
  const row = await insertRelease(unit.tx, rowOf(ctx, input))
  if (!row.one_shot) unit.record(createdEvent(row))
  return viewRelease(row)
}

function createdEvent({ id, project_id, name }: { id: string; project_id: string; name: string }) {
  return { kind: 'release.created' as const, project_id, subject_id: id, data: { name } }
}

function rowOf(ctx: Context, input: NewRelease) {
  const at = ctx.now()
  const author = authorIn(ctx)
  return {
    id: ctx.newId(),
    project_id: input.project_id,
    branch: input.branch,
    name: input.name,
    description: input.description ?? '',
    one_shot: input.one_shot ?? false,
    lock: input.locked ? ('user' as const) : null,
    locked_by: input.locked ? author : null,
    locked_at: input.locked ? at : null,
    archived: input.archived ?? false,
    annotations: JSON.stringify(input.annotations ?? {}),
    created_by: author,
    updated_by: author,
    created_at: at,
    updated_at: at,
  }
}
