import { invalidField } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import { revisionDigest, type Scope } from '#domain/revision.ts'
import type { ReleaseRow } from '#store/release.ts'
import { ensureRevision } from '#store/revision.ts'
import { authorIn, type Context, type Unit } from '../context.ts'

/**
 * The revision that a release is at: made if there is none of its digest, in a transaction that holds the release.
 * Throws `invalid` when there is nothing to deploy.
 */
export async function pinRevision(
  ctx: Context,
  { tx }: Unit,
  release: ReleaseRow,
  items: readonly PinnedItem[],
  select?: (item: PinnedItem) => boolean,
): Promise<{ id: string; number: number; selected_keys: string[] | null }> {
  if (items.length === 0) throw invalidField('items', 'required', 'The release has no items.')
  const selected = select ? items.filter(select) : items
  if (selected.length === 0)
    throw invalidField('items', 'required', 'None of the items of the release is selected.')
  const scope: Scope = 'change_set'
  const revision = await ensureRevision(tx, {
    id: ctx.newId(),
    project_id: release.project_id,
    release_id: release.id,
    digest: revisionDigest(scope, items),
    scope,
    items,
    created_by: authorIn(ctx),
    created_at: ctx.now(),
  })
  const all = selected.length === items.length
  return { ...revision, selected_keys: all ? null : selected.map((item) => item.key) }
}
