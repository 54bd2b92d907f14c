import { walkDrafts } from '#store/content-import-walk.ts'
import type { DraftView } from '#store/content-draft.ts'
import type { ItemKind } from '#store/content-item.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getPlace, type Place } from '../content/content-place.ts'
import { readPublishDetails, type PublishDetail } from '../content/list-publish-details.ts'

const page = 100

export interface ItemPage {
  items: DraftView[]
  details: ReadonlyMap<string, PublishDetail[]>
}

/**
 * Everything of one kind that is written in a locale, and where it is live: page by page, the longest unchanged first.
 * What is changed meanwhile comes once more, at the end; nothing that was there is missed. Throws `not_found`.
 */
export async function* walkItems(
  ctx: Context,
  {
    project_id,
    branch,
    kind,
    content_type_uid = null,
    locale,
  }: Place & { kind: ItemKind; content_type_uid?: string | null; locale?: string },
): AsyncIterable<ItemPage> {
  authorize(ctx, 'catalogue.read', { project_id, branch })
  const asked = { project_id, branch, ...(locale === undefined ? {} : { locale }) }
  const { branch_id, chain } = await getPlace(ctx.db, { ...asked, follow: false })
  const list = { branch_id, kind, content_type_uid, locale: chain[0] ?? '', limit: page }
  let after: { updated_at: Date; id: string } | undefined
  for (;;) {
    const items = await walkDrafts(ctx.db, { ...list, after })
    const last = items.at(-1)
    if (!last) return
    const uids = kind === 'folder' ? [] : items.map(({ uid }) => uid)
    yield { items, details: await readPublishDetails(ctx, branch_id, uids) }
    if (items.length < page) return
    after = { updated_at: last.drafted_at, id: last.id }
  }
}
