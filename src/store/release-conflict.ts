import { sql, type RawBuilder } from 'kysely'
import { runningStates } from '#domain/lifecycle.ts'
import type { Db } from './database.ts'
import { pinned, type PinnedIn } from './pinned.ts'

export interface ReleaseConflictRow {
  key: string
  title: string
  code: 'other_release' | 'underway' | 'older_than_live' | 'item_removed'
  /** What the release pins, and what the other side has. */
  here: string | null
  there: string | null
  /** The other release, and its deployment where one is not over. */
  release_id: string | null
  release_name: string | null
  deployment_id: string | null
  environment_name: string | null
  /** When that deployment is due, where it is scheduled. */
  due_at: Date | null
}

/** Where a page ends: conflicts are ordered by these. */
export interface ConflictPlace {
  key: string
  code: string
  other: string
}

export interface ConflictFilter {
  project_id: string
  release_id: string
  /** Of kind content: versions that are older than what is live, and items that were deleted, are told, too. */
  content: boolean
  /** Whose live items are looked at, and deployments. */
  environment_ids: readonly string[]
  /** Releases of these branches, and of none; null: of all. */
  branches: readonly string[] | null
}

/** What else touches the items of a release, or stands against them, by key. */
export async function listReleaseConflicts(
  db: Db,
  filter: ConflictFilter,
  page: { limit: number; after?: ConflictPlace },
): Promise<(ReleaseConflictRow & { other: string })[]> {
  const { after } = page
  const parts = [otherReleases(filter), underway(filter)]
  if (filter.content) parts.push(olderThanLive(filter), removedItems(filter))
  const { rows } = await sql<ReleaseConflictRow & { other: string }>`
    with mine as materialized (
      select * from ${pinned(filter)} p where ${after ? sql`key >= ${after.key}` : sql`true`})
    select * from (
      select *, coalesce(deployment_id, release_id)::text || ' ' || coalesce(environment_name, '') as other
      from (${sql.join(parts, sql` union all `)}) found
    ) conflict
    where ${after ? sql`(key, code, coalesce(other, '')) > (${after.key}, ${after.code}, ${after.other})` : sql`true`}
    order by key, code, coalesce(other, '') limit ${page.limit}
  `.execute(db)
  return rows.map((row) => ({ ...row, other: row.other ?? '' }))
}

function seen({ branches }: ConflictFilter): RawBuilder<unknown> {
  return branches ? sql`(r.branch is null or r.branch = any(${branches}::text[]))` : sql`true`
}

/** Open ones: what is locked or archived is not being prepared any more. */
function otherReleases(filter: ConflictFilter): RawBuilder<unknown> {
  return sql`
    select m.key, m.title, 'other_release' as code, m.version as here, o.version as there, r.id as release_id,
      r.name as release_name, null::uuid as deployment_id, null::text as environment_name, null::timestamptz as due_at
    from mine m join release_item o on o.item_key = m.key and o.release_id <> ${filter.release_id}
    join release r on r.id = o.release_id
    where r.project_id = ${filter.project_id} and not r.one_shot and r.removed_at is null and not r.archived
      and r.lock is null and ${seen(filter)}`
}

/** Deployments that wait, are scheduled or run. */
function underway(filter: ConflictFilter): RawBuilder<unknown> {
  return sql`
    select m.key, m.title, 'underway', m.version, i.version, r.id, r.name, d.id, e.name, d.due_at
    from deployment d
    join environment e on e.id = d.environment_id
    join release r on r.id = d.release_id
    join revision v on v.id = d.revision_id
    cross join lateral jsonb_to_recordset(v.items) as i (key text, version text)
    join mine m on m.key = i.key
    where d.environment_id = any(${filter.environment_ids}::uuid[]) and not d.dry_run
      and (d.state = 'requested' or d.state = 'queued' or d.state = any(${[...runningStates]}::text[]))
      and d.release_id <> ${filter.release_id} and (d.selected_keys is null or i.key = any(d.selected_keys))
      and ${seen(filter)}`
}

/** What is live is later: by its number within a locale, by when it was written between two. */
function olderThanLive(filter: OlderFilter): RawBuilder<unknown> {
  return sql`
    select m.key, m.title, 'older_than_live', m.version, l.version, null::uuid, null, l.deployment_id, e.name,
      null::timestamptz
    from mine m
    join live l on l.environment_id = any(${filter.environment_ids}::uuid[]) and l.item_key = m.key
    join environment e on e.id = l.environment_id
    where m.action = 'publish' and l.version is not null and m.version <> l.version
      and case when split_part(m.version, '@', 2) = split_part(l.version, '@', 2)
        then split_part(m.version, '@', 1)::int < split_part(l.version, '@', 1)::int
        else ${writtenAt(filter, sql`m.version`)} < ${writtenAt(filter, sql`l.version`)} end`
}

function writtenAt({ project_id }: OlderFilter, version: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    select v.created_at from content_branch b
    join content_item i on i.branch_id = b.id and i.uid = split_part(m.key, '/', 2)
    join content_version v on v.item_id = i.id
      and v.locale = coalesce(nullif(split_part(${version}, '@', 2), ''), split_part(m.key, '/', 3))
      and v.version = split_part(${version}, '@', 1)::int
    where b.project_id = ${project_id} and b.uid = split_part(m.key, '/', 1))`
}

interface OlderFilter {
  project_id: string
  environment_ids: readonly string[]
}

export interface OlderRow {
  key: string
  title: string
  here: string
  there: string
}

/** What is pinned and older than what is live there, by key. `keys` narrows what is pinned. */
export async function listOlderThanLive(
  db: Db,
  place: PinnedIn,
  filter: OlderFilter & { keys: readonly string[] | null },
  limit: number,
): Promise<OlderRow[]> {
  const { keys } = filter
  const { rows } = await sql<OlderRow>`
    with mine as materialized (
      select * from ${pinned(place)} p where ${keys ? sql`key = any(${keys}::text[])` : sql`true`})
    select key, title, here, there
    from (${olderThanLive(filter)}) as found (key, title, code, here, there)
    order by key limit ${limit}
  `.execute(db)
  return rows
}

function removedItems(filter: ConflictFilter): RawBuilder<unknown> {
  return sql`
    select m.key, m.title, 'item_removed', m.version, null, null, null, null, null, null
    from mine m
    left join content_branch b on b.project_id = ${filter.project_id} and b.uid = split_part(m.key, '/', 1)
    left join content_item i on i.branch_id = b.id and i.uid = split_part(m.key, '/', 2)
    where m.action = 'publish' and (i.id is null or i.deleted_at is not null)`
}
