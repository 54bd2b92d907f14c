select * from "environment" where "id" = $1;

select "deployment".*, "release"."name" as "release_name", "release"."branch" as "release_branch", "release"."lock" as "release_lock", "environment"."name" as "environment_name", "revision"."number" as "revision_number", "locker"."name" as "release_locked_by" from "deployment" inner join "release" on "release"."id" = "deployment"."release_id" inner join "environment" on "environment"."id" = "deployment"."environment_id" inner join "revision" on "revision"."id" = "deployment"."revision_id" left join "user" as "locker" on "locker"."id" = "release"."locked_by" where "deployment"."id" = (
select done.id from deployment done
where done.environment_id = $1 and done.state in ('succeeded', 'partly_succeeded')
  and done.rolls_back is null and (
    with recursive chain as (
      select done.id as link, 0 as length
      union all
      select next.id, length + 1 from chain cross join lateral (
        select id from deployment rollback
        where rolls_back = chain.link and state in ('succeeded', 'partly_succeeded', 'unchanged')
        order by finished_at desc, id desc limit 1) next
    ) select max(length) % 2 = 0 from chain)
order by done.finished_at desc, done.id desc limit 1);

select "item_key" as "key", "kind", "title", "before", "after" from "deployment_item" where "deployment_id" = $1 and "outcome" = $2 order by "position";

select "item_key" as "key", "kind", "title", "version", "uncertain" from "live" where "environment_id" = $1 and "item_key" in (select "deployment_item"."item_key" from "deployment_item" where "deployment_id" = $2);

insert into "release" ("id", "project_id", "branch", "name", "description", "one_shot", "lock", "locked_by", "locked_at", "archived", "annotations", "created_by", "updated_by", "created_at", "updated_at") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) returning *;

insert into release_item (release_id, item_key, kind, action, version, title, created_at)
select $1::uuid, i.key, i.kind, i.action, i.version, i.title, $2::timestamptz
from jsonb_to_recordset($3::jsonb)
  as i (key text, kind text, action text, version text, title text)
on conflict (release_id, item_key) do update
  set kind = excluded.kind, action = excluded.action, version = excluded.version, title = excluded.title;

select * from "release" where "id" = $1 and "project_id" = $2 and "removed_at" is null for update;

select * from "environment" where "project_id" = $1 and "id" = any($2::uuid[]) order by "id" for key share;

select "item_key" as "key", "kind", "action", "version", "title" from "release_item" where "release_id" = $1 order by "position";

with known as (
  select id, number from revision where release_id = $1 and digest = $2
), made as (
  insert into revision
    (id, project_id, release_id, number, digest, scope, items, item_count, created_by, created_at)
  select $3::uuid, $4::uuid, $5::uuid,
    (select coalesce(max(number), 0) + 1 from revision where release_id = $6),
    $7, $8, $9::jsonb, $10::int,
    $11::uuid, $12::timestamptz
  where not exists (select from known)
  returning id, number
)
select id, number from known union all select id, number from made;

insert into "deployment" ("id", "request_id", "project_id", "environment_id", "release_id", "revision_id", "rolls_back", "state", "driver", "selected_keys", "forced", "dry_run", "on_item_failure", "when_busy", "when_shut", "due_at", "misfire", "reason", "annotations", "requested_by", "requested_by_token", "requested_at", "queued_at", "turn") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, nextval('deployment_turn'));

select "deployment".*, "release"."name" as "release_name", "release"."branch" as "release_branch", "release"."lock" as "release_lock", "environment"."name" as "environment_name", "revision"."number" as "revision_number", "locker"."name" as "release_locked_by" from "deployment" inner join "release" on "release"."id" = "deployment"."release_id" inner join "environment" on "environment"."id" = "deployment"."environment_id" inner join "revision" on "revision"."id" = "deployment"."revision_id" left join "user" as "locker" on "locker"."id" = "release"."locked_by" where "deployment"."request_id" = $1 order by "deployment"."id";

insert into event (id, at, kind, project_id, environment_id, subject_id, actor, reason, data)
select id, at, kind, project_id, environment_id, subject_id, actor, reason, data
from json_to_recordset($1::json) as row (
  id uuid, at timestamptz, kind text, project_id uuid, environment_id uuid, subject_id uuid,
  actor jsonb, reason text, data jsonb);

-- pg-boss: insert;

select pg_notify($1, $2);
