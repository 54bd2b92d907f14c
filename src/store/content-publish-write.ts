import { sql } from 'kysely'
import type { Db } from './database.ts'
import { sharePublishing } from './publishing-hold.ts'

export interface Publication {
  plan_id: string
  project_id: string
  environment_id: string
  deployment_id: string
  by: string | null
  at: Date
}

/**
 * Makes what readers are served what a stored plan says: every change without a fault, in one statement that reads
 * the plan where it lies. None is published that somebody is deleting, see `sharePublishing`. Answers the keys of
 * changes that found their item gone.
 */
export async function applyPublication(db: Db, publication: Publication): Promise<string[]> {
  const { plan_id, project_id, environment_id, deployment_id, by, at } = publication
  await sharePublishing(db, project_id)
  const { rows } = await sql<{ key: string }>`
    with change as materialized (
      select c.key, c.action, split_part(c.key, '/', 1) as branch, split_part(c.key, '/', 2) as uid,
        split_part(c.key, '/', 3) as locale, split_part(c.after, '@', 1)::int as version,
        coalesce(nullif(split_part(c.after, '@', 2), ''), split_part(c.key, '/', 3)) as source_locale
      from plan p, jsonb_to_recordset(p.changes) as c (key text, action text, after text, fault jsonb)
      where p.id = ${plan_id} and c.fault is null and c.action in ('publish', 'unpublish')
    ), target as materialized (
      select change.*, i.id as item_id, i.branch_id, i.kind, i.content_type_uid
      from change
      join content_branch b on b.project_id = ${project_id} and b.uid = change.branch
      join content_item i on i.branch_id = b.id and i.uid = change.uid
      where i.deleted_at is null or change.action = 'unpublish'
    ), published as (
      insert into content_published (environment_id, item_id, locale, branch_id, kind, content_type_uid, version,
        source_locale, published_by, published_at, deployment_id)
      select ${environment_id}::uuid, item_id, locale, branch_id, kind, content_type_uid, version,
        source_locale, ${by}::uuid, ${at}::timestamptz, ${deployment_id}::uuid
      from target where action = 'publish'
      on conflict (item_id, environment_id, locale) do update set version = excluded.version,
        source_locale = excluded.source_locale, published_by = excluded.published_by,
        published_at = excluded.published_at, deployment_id = excluded.deployment_id
    ), unpublished as (
      delete from content_published live using target
      where target.action = 'unpublish' and live.item_id = target.item_id
        and live.environment_id = ${environment_id} and live.locale = target.locale
    ), edition as (
      insert into content_edition (environment_id, deployment_id, published_at)
      select ${environment_id}::uuid, ${deployment_id}::uuid, ${at}::timestamptz where exists (select from target)
      on conflict (deployment_id) do nothing
    )
    select key from change where action = 'publish' and key not in (select key from target)
  `.execute(db)
  return rows.map(({ key }) => key)
}
