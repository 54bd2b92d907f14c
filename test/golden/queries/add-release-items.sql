select "release".*, "project"."kind" as "project_kind" from "release" inner join "project" on "project"."id" = "release"."project_id" where "release"."id" in ($1) and "release"."project_id" = $2 and "release"."removed_at" is null order by "release"."id" for update of "release";

with recursive chain (start, code, depth) as (
  select l.code, l.code, 0 from content_locale l where l.project_id = $1 and true
  union all
  select chain.start, l.fallback_code, chain.depth + 1
  from chain join content_locale l on l.project_id = $2 and l.code = chain.code
  where l.fallback_code is not null and chain.depth < 32 and $3::boolean
),
  asked as materialized (
    select a.*, (select id from content_branch where project_id = $4 and uid = $5) as branch_id
    from jsonb_to_recordset($6::jsonb) as a (n int, uid text, locale text, version int)
  )
  select asked.n, i.kind, i.content_type_uid, i.deleted_at is not null as deleted,
    i.deleted_at is not null and exists (
      select from content_published p where p.item_id = i.id and p.locale = asked.locale) as live,
    exists (select from chain where chain.start = asked.locale) as locale_known,
    d.locale as source_locale, d.version as latest, coalesce(d.in_progress, false) as in_progress,
    v.version, coalesce(v.title, d.title) as title
  from asked
  left join content_item i on i.branch_id = asked.branch_id and i.uid = asked.uid
  left join lateral (
    select draft.* from chain join content_draft draft on draft.item_id = i.id and draft.locale = chain.code
    where chain.start = asked.locale order by chain.depth limit 1) d on true
  left join content_version v
    on v.item_id = i.id and v.locale = d.locale and v.version = coalesce(asked.version, d.version)
  order by asked.n;

insert into release_item (release_id, item_key, kind, action, version, title, created_at)
select $1::uuid, i.key, i.kind, i.action, i.version, i.title, $2::timestamptz
from jsonb_to_recordset($3::jsonb)
  as i (key text, kind text, action text, version text, title text)
on conflict (release_id, item_key) do update
  set kind = excluded.kind, action = excluded.action, version = excluded.version, title = excluded.title;

select "item_key" as "key", "kind", "action", "version", "title" from "release_item" where "release_id" = $1 order by "position";

update "release" set "updated_by" = $1, "updated_at" = $2, "version" = version + 1 where "id" = $3 returning *;

insert into event (id, at, kind, project_id, environment_id, subject_id, actor, reason, data)
select id, at, kind, project_id, environment_id, subject_id, actor, reason, data
from json_to_recordset($1::json) as row (
  id uuid, at timestamptz, kind text, project_id uuid, environment_id uuid, subject_id uuid,
  actor jsonb, reason text, data jsonb);
