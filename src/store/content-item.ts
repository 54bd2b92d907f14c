import { sql, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { ContentTypeRow } from './content-type.ts'
import type { Db } from './database.ts'
import { stopPublishing } from './publishing-hold.ts'

export interface ContentItemTable {
  id: string
  branch_id: string
  uid: string
  kind: 'entry' | 'asset' | 'folder'
  content_type_uid: string | null
  parent_uid: string | null
  created_by: string | null
  created_at: Date
  deleted_at: Date | null
}

export type ContentItemRow = Selectable<ContentItemTable>
export type ItemKind = ContentItemRow['kind']

export interface ItemKey {
  project_id: string
  branch: string
  uid: string
}

/** The item as long as it was not deleted. */
export function findContentItem(db: Db, key: ItemKey, kind: ItemKind): Promise<ContentItemRow | undefined> {
  return itemOf(db, key, kind).executeTakeFirst()
}

/**
 * The item, held until the transaction ends. Whoever writes a version holds it `for no key update`, so that
 * versions are counted one after the other while deployments pass; whoever deletes it holds it `for update`, which
 * what refers to it waits for, and publishing as well.
 */
export async function claimContentItem(
  db: Db,
  key: ItemKey,
  kind: ItemKind,
  strength: 'refer' | 'write' | 'delete',
): Promise<ContentItemRow | undefined> {
  const query = itemOf(db, key, kind)
  if (strength === 'refer') return query.forKeyShare('content_item').executeTakeFirst()
  if (strength === 'write') return query.forNoKeyUpdate('content_item').executeTakeFirst()
  await stopPublishing(db, key)
  return query.forUpdate('content_item').executeTakeFirst()
}

/** Items of any kind that were not deleted, held for their deletion in the order of ids. */
export async function claimContentItems(
  db: Db,
  branchId: string,
  uids: readonly string[],
): Promise<ContentItemRow[]> {
  await stopPublishing(db, { branch_id: branchId })
  return db
    .selectFrom('content_item')
    .selectAll()
    .where('branch_id', '=', branchId)
    .where('uid', '=', sql<string>`any(${sql.val(uids)}::text[])`)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** All folders of a branch, held until the transaction ends. */
export function claimFolders(
  db: Db,
  branchId: string,
): Promise<Pick<ContentItemRow, 'id' | 'uid' | 'parent_uid'>[]> {
  return db
    .selectFrom('content_item')
    .select(['id', 'uid', 'parent_uid'])
    .where('branch_id', '=', branchId)
    .where('kind', '=', 'folder')
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}

/** What lies in a folder. */
export type FolderItem = Pick<ContentItemRow, 'id' | 'uid' | 'kind'> & { title: string }

/** The folders below a folder, at any depth, held for their deletion. */
export async function claimFolderTree(db: Db, branchId: string, uid: string): Promise<FolderItem[]> {
  const { rows } = await sql<FolderItem>`
    with recursive tree (uid, depth) as (
      select ${uid}::text, 0
      union all
      select i.uid, tree.depth + 1 from tree
      join content_item i on i.branch_id = ${branchId} and i.kind = 'folder' and i.content_type_uid is null
        and i.parent_uid = tree.uid and i.deleted_at is null
      where tree.depth < 1000
    )
    select i.id, i.uid, i.kind, coalesce((select max(d.title) from content_draft d where d.item_id = i.id), '') as title
    from content_item i
    where i.branch_id = ${branchId} and i.kind = 'folder' and i.deleted_at is null
      and i.uid in (select uid from tree where depth > 0)
    order by i.id for update of i
  `.execute(db)
  return rows
}

/** The assets that lie in these folders, held for their deletion in the order of ids. */
export async function claimItemsWithin(
  db: Db,
  branchId: string,
  folders: readonly string[],
): Promise<FolderItem[]> {
  await stopPublishing(db, { branch_id: branchId })
  const { rows } = await sql<FolderItem>`
    select i.id, i.uid, i.kind, coalesce((select max(d.title) from content_draft d where d.item_id = i.id), '') as title
    from content_item i
    where i.branch_id = ${branchId} and i.kind = 'asset' and i.content_type_uid is null and i.deleted_at is null
      and i.parent_uid = any(${folders}::text[])
    order by i.id for update of i
  `.execute(db)
  return rows
}

function itemOf(db: Db, { project_id, branch, uid }: ItemKey, kind: ItemKind) {
  return db
    .selectFrom('content_branch')
    .innerJoin('content_item', 'content_item.branch_id', 'content_branch.id')
    .selectAll('content_item')
    .where('content_branch.project_id', '=', project_id)
    .where('content_branch.uid', '=', branch)
    .where('content_item.uid', '=', uid)
    .where('content_item.kind', '=', kind)
    .where('content_item.deleted_at', 'is', null)
}

/** All entries of a content type, held for their deletion in the order of ids. */
export async function claimEntriesOfType(
  db: Db,
  { branch_id, uid }: Pick<ContentTypeRow, 'branch_id' | 'uid'>,
): Promise<Pick<ContentItemRow, 'id' | 'uid'>[]> {
  await stopPublishing(db, { branch_id })
  return db
    .selectFrom('content_item')
    .select(['id', 'uid'])
    .where('branch_id', '=', branch_id)
    .where('kind', '=', 'entry')
    .where('content_type_uid', '=', uid)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** Whether an entry of the type, or something in the folder, is there. */
export async function hasContentItems(
  db: Db,
  within: { branch_id: string } & ({ content_type_uid: string } | { parent_uid: string }),
): Promise<boolean> {
  const place =
    'parent_uid' in within
      ? sql<boolean>`kind in ('asset', 'folder') and content_type_uid is null and parent_uid = ${within.parent_uid}`
      : sql<boolean>`kind = 'entry' and content_type_uid = ${within.content_type_uid}`
  const found = await db
    .selectFrom('content_item')
    .select('id')
    .where('branch_id', '=', within.branch_id)
    .where('deleted_at', 'is', null)
    .where(place)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** False when the branch has, or once had, an item of this uid. */
export async function insertContentItem(db: Db, row: Insertable<ContentItemTable>): Promise<boolean> {
  const result = await db
    .insertInto('content_item')
    .values(row)
    .onConflict((on) => on.columns(['branch_id', 'uid']).doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function updateContentItem(
  db: Db,
  id: string,
  row: Updateable<ContentItemTable>,
): Promise<void> {
  await db.updateTable('content_item').set(row).where('id', '=', id).execute()
}

/**
 * Deletes items that are held: they keep their versions, which may be live, pinned or wanted back, and lose their
 * drafts and the values that they kept others from having.
 */
export async function removeContentItems(db: Db, ids: readonly string[], at: Date): Promise<void> {
  await sql`
    with gone as (select unnest(${ids}::uuid[]) as id),
    draft as (delete from content_draft using gone where item_id = gone.id),
    unique_value as (delete from content_unique using gone where item_id = gone.id)
    update content_item set deleted_at = ${at} from gone where content_item.id = gone.id
  `.execute(db)
}

const single = sql`'{"singleton": true}'::jsonb`

export interface ItemPlace {
  branch_id: string
  /** Locales by code; the master has no fallback. */
  locales: { code: string; fallback_code: string | null }[]
  type: Pick<ContentTypeRow, 'id' | 'uid' | 'version' | 'fields' | 'options'> | null
}

/**
 * What writing an entry needs to know, in one round trip. The type cannot change until the transaction ends, and
 * one of a single entry is held by one writer at a time; where nothing of a type is asked, nothing is held.
 */
export async function claimItemPlace(
  db: Db,
  { project_id, branch, type }: { project_id: string; branch: string; type?: string },
): Promise<ItemPlace | undefined> {
  const { rows } = await sql<ItemPlace>`
    with place as (select id from content_branch where project_id = ${project_id} and uid = ${branch}),
    type as (
      select t.id, t.uid, t.version, t.fields, t.options from content_type t
      where t.branch_id = (select id from place) and t.uid = ${type ?? null} and not t.options @> ${single}
      for key share of t
    ), single as (
      select t.id, t.uid, t.version, t.fields, t.options from content_type t
      where t.branch_id = (select id from place) and t.uid = ${type ?? null} and t.options @> ${single}
      for no key update of t
    )
    select place.id as branch_id,
      (select coalesce(json_agg(json_build_object('code', code, 'fallback_code', fallback_code)), '[]')
        from content_locale where project_id = ${project_id}) as locales,
      coalesce((select row_to_json(type) from type), (select row_to_json(single) from single)) as type
    from place
  `.execute(db)
  return rows[0]
}
