import { addReleaseItems } from '#app/releases/add-release-items.ts'
import { getRelease } from '#app/releases/get-release.ts'
import { listReleaseItems } from '#app/releases/list-release-items.ts'
import { moveReleaseItems } from '#app/releases/move-release-items.ts'
import { refreshReleaseItems } from '#app/releases/refresh-release-items.ts'
import { removeReleaseItems } from '#app/releases/remove-release-items.ts'
import type { ItemRequest } from '#app/releases/pin-items.ts'
import { invalidField, isDomainError } from '#domain/errors.ts'
import { contentKey } from '#domain/content-key.ts'
import { answerRelease } from '../answer-releases.ts'
import { header } from '../auth.ts'
import { findRelease } from '../find-release.ts'
import { limitsOf, refuseTooMany } from '../limits.ts'
import { masterLocale } from '../master-locale.ts'
import { flag, page, text } from '../query.ts'
import { alone, renamingFaults } from '../rename-faults.ts'
import { answering, makes, reads, takes, type StackCall } from '../route.ts'
import { readReleaseItem, writeReleaseItem } from '../translate/release.ts'
import { refuseVariants } from '../refuse-variants.ts'
import {
  AddItems,
  MoveItems,
  RemoveItems,
  UpdateItems,
  type ItemName,
  type ReleaseItem,
} from '../wire/release.ts'
import { NoticeAnswer, OneRelease } from '../wire-answers.ts'

const itemAdded = 'Item added to release successfully.'
const itemsAdded = 'Item(s) to be added to the release has been sent successfully.'

/** Both addresses take both shapes, since clients fall into either (section 0, 8; section 2.3). */
const add = answering(
  OneRelease,
  makes(AddItems, async (call: StackCall, { item, items }) => {
    const { ctx, project_id } = call
    const asked = items ?? (item ? [item] : undefined)
    if (!asked || asked.length === 0) throw invalidField(items ? 'items' : 'item', 'required', '')
    const { id: release_id } = await findRelease(call)
    const requests = await readItems(call, asked, items ? 'items' : 'item')
    const { items_per_release: most } = await limitsOf(call)
    const pinned = await renamingFaults(items ? (field) => field : alone, () =>
      addReleaseItems(ctx, { project_id, release_id, items: requests, most }),
    )
    const release = await answerRelease(call, await getRelease(ctx, { project_id, release_id }), pinned)
    const incidental = { ACL: [], _version: release.sys_version, tags: [], app_user_object_uid: null }
    return { notice: item && !items ? itemAdded : itemsAdded, release: { ...release, ...incidental } }
  }),
)

const items = reads(async (call: StackCall) => {
  const { id: release_id } = await findRelease(call)
  const paged = text(call.query, 'limit') ?? text(call.query, 'skip')
  const { items, total } = await listReleaseItems(call.ctx, {
    ...{ project_id: call.project_id, release_id },
    ...(paged === undefined ? {} : page(call.query)),
  })
  const counted = flag(call.query, 'include_count') ? { count: total } : {}
  return { items: items.map(writeReleaseItem), ...counted }
})

/** As they are pinned, whatever the other release has of them gives way (section 2.2 row 13). */
const move = answering(
  NoticeAnswer,
  takes(MoveItems, async (call: StackCall, { release_uid, items: asked }) => {
    const { ctx, project_id } = call
    const { id: release_id } = await findRelease(call)
    const to = await findRelease(call, release_uid).catch((error: unknown) => {
      throw isDomainError(error, 'not_found') ? refusedTarget('There is no such release.') : error
    })
    const named = asked.filter((item) => item !== '$all')
    if (named.length < asked.length && asked.length > 1)
      throw invalidField('items', 'invalid', 'must be ["$all"] or name items, not both.')
    const keys = named.length > 0 ? await readNames(call, named, 'items') : 'all'
    const { items_per_release: most } = await limitsOf(call)
    try {
      await renamingFaults(
        (field) => (field === 'to' ? 'release_uid' : field.replace(/^(items\.\d+)$/, '$1.uid')),
        () => moveReleaseItems(ctx, { project_id, release_id, to_release_id: to.id, keys, most }),
      )
    } catch (error) {
      // The vendor's sentence does not say which of the two it is about.
      if (isDomainError(error, 'release_locked') && error.details.release_id === to.id)
        throw refusedTarget('The release to move to is locked.')
      throw error
    }
    return { notice: 'Release items moved successfully!' }
  }),
)

function refusedTarget(detail: string): Error {
  return invalidField('release_uid', 'invalid', detail)
}

/** An item that is not there is as good as removed. */
const remove = answering(
  OneRelease,
  takes(RemoveItems, async (call: StackCall, { item, items }) => {
    const { ctx, project_id } = call
    const { id: release_id } = await findRelease(call)
    const all = flag(call.query, 'all') && !items?.length && !item
    const named = items?.length ? items : item ? [item] : undefined
    // Without a list and without all=true nothing says what is to go, and everything is too much to assume.
    if (!all && !named) throw invalidField('items', 'required', '')
    const keys = named && (await readNames(call, named, items?.length ? 'items' : 'item'))
    await removeReleaseItems(ctx, { project_id, release_id, keys: keys ?? 'all' })
    const left = await listReleaseItems(ctx, { project_id, release_id })
    const view = await getRelease(ctx, { project_id, release_id })
    return { notice: removed(call, !items), release: await answerRelease(call, view, left.items) }
  }),
)

export const releaseItemRoutes = {
  items,
  itemsAlias: items,
  addItem: add,
  addItems: add,
  removeItem: remove,
  removeItems: remove,
  moveItems: move,
  moveItemsAlias: move,
  moveItemsByPost: move,

  updateItems: answering(
    OneRelease,
    takes(UpdateItems, async (call: StackCall, { items }) => {
      const { ctx, project_id } = call
      if (items.length !== 1 || items[0] !== '$all')
        throw invalidField('items', 'invalid', 'must be ["$all"]: all items are updated together.')
      const { id: release_id } = await findRelease(call)
      const pinned = await refreshReleaseItems(ctx, { project_id, release_id })
      const view = await getRelease(ctx, { project_id, release_id })
      return {
        notice: 'Release items updated to their latest versions successfully.',
        release: await answerRelease(call, view, pinned),
      }
    }),
  ),
}

/** The keys of items that are named. Throws `limit_reached`, and `invalid` for a variant. */
async function readNames(
  call: StackCall,
  named: readonly ItemName[],
  field: 'item' | 'items',
): Promise<string[]> {
  refuseTooMany(await limitsOf(call), named, isV2(call))
  refuseVariants(named, field)
  const master = named.every(({ locale }) => locale !== undefined) ? '' : await masterLocale(call)
  return named.map(({ uid, locale = master }) => contentKey({ branch: call.branch, uid, locale }))
}

/** Items as they are to be pinned. Throws `limit_reached` for more than one request may name, `invalid` for a variant. */
export async function readItems(
  call: StackCall,
  items: readonly ReleaseItem[],
  field: 'item' | 'items' = 'items',
): Promise<ItemRequest[]> {
  refuseTooMany(await limitsOf(call), items, isV2(call))
  refuseVariants(items, field)
  const master = items.every(({ locale }) => locale !== undefined) ? '' : await masterLocale(call)
  return items.map((item) => readReleaseItem(item, call.branch, master))
}

function isV2({ request }: StackCall): boolean {
  return header(request, 'release_version')?.startsWith('2') ?? false
}

/** The notices of the two versions of releases (section 2.4). */
function removed(call: StackCall, single: boolean): string {
  if (!isV2(call)) return 'Item(s) send to remove from release successfully.'
  return single ? 'Item deleted from release successfully!' : 'Items deleted from release successfully!'
}
