import { sql, type Generated, type Selectable } from 'kysely'
import type { LiveItem } from '#domain/item.ts'
import type { Db } from './database.ts'

export interface LiveTable {
  environment_id: string
  item_key: string
  kind: string
  title: string
  /** Null: the item is not there. */
  version: string | null
  uncertain: Generated<boolean>
  deployment_id: string | null
  updated_at: Date
}

export type LiveRow = Selectable<LiveTable>

export interface LiveFilter {
  kind?: string | undefined
  uncertain?: boolean | undefined
  /** Part of its title or key, in any case. */
  q?: string | undefined
  /** Only what belongs to these branches, by the first part of its key. */
  branches?: readonly string[] | undefined
}

/** What is there, by key, after `after`; rows that only remember that an item is gone are left out. */
export function listLive(
  db: Db,
  environmentId: string,
  { kind, uncertain, q, branches }: LiveFilter,
  page: { limit: number; after?: string | undefined },
): Promise<LiveRow[]> {
  let query = db
    .selectFrom('live')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where((eb) => eb.or([eb('version', 'is not', null), eb('uncertain', '=', true)]))
    .orderBy('item_key')
    .limit(page.limit)
  if (kind !== undefined) query = query.where('kind', '=', kind)
  if (uncertain !== undefined) query = query.where('uncertain', '=', uncertain)
  if (q !== undefined)
    query = query.where(sql<boolean>`strpos(lower(title || ' ' || item_key), lower(${q}::text)) > 0`)
  if (branches !== undefined)
    query = query.where(sql<boolean>`split_part(item_key, '/', 1) = any(${sql.val(branches)}::text[])`)
  if (page.after !== undefined) query = query.where('item_key', '>', page.after)
  return query.execute()
}

/** What is there of some items, in several environments. */
export function listLiveByKeys(
  db: Db,
  environmentIds: readonly string[],
  keys: readonly string[],
): Promise<LiveRow[]> {
  return db
    .selectFrom('live')
    .selectAll()
    .where('environment_id', '=', sql<string>`any(${sql.val(environmentIds)}::uuid[])`)
    .where('item_key', '=', sql<string>`any(${sql.val(keys)}::text[])`)
    .where((eb) => eb.or([eb('version', 'is not', null), eb('uncertain', '=', true)]))
    .orderBy('environment_id')
    .execute()
}

const asLiveItem = ['item_key as key', 'kind', 'title', 'version', 'uncertain'] as const

/** What a revision's items are at in an environment; for a whole state all that is there, but not what is gone. */
export async function listLiveForRevision(
  db: Db,
  environmentId: string,
  revisionId: string,
  scope: 'change_set' | 'whole_state',
): Promise<LiveItem[]> {
  const query = db.selectFrom('live').select(asLiveItem).where('environment_id', '=', environmentId)
  if (scope === 'whole_state')
    return query.where((eb) => eb.or([eb('version', 'is not', null), eb('uncertain', '=', true)])).execute()
  const keys = sql<string>`(
    select i.key from revision r, jsonb_to_recordset(r.items) as i (key text) where r.id = ${revisionId}
  )`
  return query.where('item_key', 'in', keys).execute()
}

/** What the items of one deployment are at now. */
export function listLiveForDeployment(
  db: Db,
  environmentId: string,
  deploymentId: string,
): Promise<LiveItem[]> {
  return db
    .selectFrom('live')
    .select(asLiveItem)
    .where('environment_id', '=', environmentId)
    .where('item_key', 'in', (eb) =>
      eb
        .selectFrom('deployment_item')
        .select('deployment_item.item_key')
        .where('deployment_id', '=', deploymentId),
    )
    .execute()
}
