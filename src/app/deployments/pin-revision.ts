import { DomainError, invalidField, type FieldFault } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import { revisionDigest, scopeOfKind, type Scope } from '#domain/revision.ts'
import type { Db } from '#store/database.ts'
import type { HeldRelease, ReleaseRow } from '#store/release.ts'
import { ensureRevision, findRevisionByNumber } from '#store/revision.ts'
import { authorIn, type Context, type Unit } from '../context.ts'
import type { PlacedRevision } from './place-deployments.ts'

interface Selection {
  select?: ((item: PinnedItem) => boolean) | undefined
  /** Keys that it must have. */
  select_keys?: readonly string[] | undefined
}

interface PinOptions extends Selection {
  /** As the kind of the project says when left out. */
  scope?: Scope | undefined
}

/**
 * The revision that a release is at: made if there is none of its digest, in a transaction that holds the release.
 * `items` are all of the release's. Throws `invalid` when there is nothing to deploy.
 */
export async function pinRevision(
  ctx: Context,
  { tx }: Unit,
  release: HeldRelease,
  items: readonly PinnedItem[],
  { scope: said, ...selection }: PinOptions = {},
): Promise<PlacedRevision> {
  // Only a rollback says its scope, and of a whole state it may bring back an environment where nothing was.
  if (items.length === 0 && said !== 'whole_state')
    throw invalidField('items', 'required', 'The release has no items.')
  const selected_keys = selectKeys(items, selection)
  const scope = said ?? scopeOfKind(release.project_kind)
  const digest = revisionDigest(scope, items)
  const revision = await ensureRevision(tx, {
    id: ctx.newId(),
    project_id: release.project_id,
    release_id: release.id,
    digest,
    scope,
    created_by: authorIn(ctx),
    created_at: ctx.now(),
  })
  return { id: revision.id, digest, selected_keys }
}

/** A revision that was pinned before, by its number. Throws `not_found`, and `invalid` where nothing is selected. */
export async function selectOfRevision(
  db: Db,
  { id: release_id }: ReleaseRow,
  number: number,
  selection: Selection,
): Promise<PlacedRevision> {
  const revision = await findRevisionByNumber(db, release_id, number)
  if (!revision) throw new DomainError('not_found', { what: 'revision', id: String(number) })
  const { id, digest, items } = revision
  return { id, digest, selected_keys: selectKeys(items, selection) }
}

/** Null where all are selected. */
function selectKeys(items: readonly PinnedItem[], { select, select_keys }: Selection): string[] | null {
  if (select_keys) return selectNamed(items, select_keys)
  if (!select) return null
  const selected = items.filter(select)
  if (selected.length === 0)
    throw invalidField('items', 'required', 'None of the items of the release is selected.')
  return selected.length === items.length ? null : selected.map((item) => item.key)
}

function selectNamed(items: readonly PinnedItem[], keys: readonly string[]): string[] | null {
  const known = new Set(items.map((item) => item.key))
  const faults = keys.flatMap((key, index): FieldFault[] =>
    known.has(key)
      ? []
      : [{ field: `items.${index}`, fault: 'invalid', detail: 'is no item of the release' }],
  )
  if (faults.length > 0) throw new DomainError('invalid', { faults: faults.slice(0, 100) })
  const wanted = new Set(keys)
  return selectKeys(items, { select: ({ key }) => wanted.has(key) })
}
