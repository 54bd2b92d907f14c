select * from "environment" where "id" = $1;

select * from "project" where "id" = $1;

select id from ((
select done.id, done.finished_at from deployment done
where done.environment_id = $1 and done.state in ('succeeded', 'partly_succeeded') and done.rolls_back is null and (
  with recursive chain as (
    select done.id as link, 0 as length
    union all
    select next.id, length + 1 from chain cross join lateral (
      select id from deployment rollback
      where rolls_back = chain.link and state in ('succeeded', 'partly_succeeded', 'unchanged')
      order by finished_at desc, id desc limit 1) next
  ) select max(length) % 2 = 0 from chain)
order by done.finished_at desc, done.id desc limit 1) union all (
select done.id, done.finished_at from deployment done
where done.environment_id = $2 and done.state in ('failed', 'canceled') and done.counts ? 'uncertain' and done.counts -> 'uncertain' > '0' and done.rolls_back is null and (
  with recursive chain as (
    select done.id as link, 0 as length
    union all
    select next.id, length + 1 from chain cross join lateral (
      select id from deployment rollback
      where rolls_back = chain.link and state in ('succeeded', 'partly_succeeded', 'unchanged')
      order by finished_at desc, id desc limit 1) next
  ) select max(length) % 2 = 0 from chain)
order by done.finished_at desc, done.id desc limit 1)) newest order by finished_at desc, id desc limit 1;

select "deployment".*, "release"."name" as "release_name", "release"."branch" as "release_branch", "release"."lock" as "release_lock", "environment"."name" as "environment_name", "environment"."parent_id" as "environment_parent_id", "environment"."requires_parent", "environment"."approvals_needed" as "environment_approvals", greatest(environment.approvals_needed, coalesce(plan.approvals_needed, 0)) as "approvals_needed", "plan"."approval_reason", "revision"."number" as "revision_number", "revision"."digest" as "revision_digest", "plan"."digest" as "plan_digest", "locker"."name" as "release_locked_by", "release"."lock_reason" as "release_lock_reason" from "deployment" inner join "release" on "release"."id" = "deployment"."release_id" inner join "environment" on "environment"."id" = "deployment"."environment_id" inner join "revision" on "revision"."id" = "deployment"."revision_id" left join "plan" on "plan"."id" = "deployment"."plan_id" left join "user" as "locker" on "locker"."id" = "release"."locked_by" where "deployment"."id" = $1;

select "scope" from "revision" where "id" = $1;

select "item_key" as "key", "kind", "title", "action", "before", "after" from "deployment_item" where "deployment_id" = $1 and ("outcome" = $2 or "uncertain" = $3) order by "position";

select "item_key" as "key", "kind", "title", "version", "uncertain" from "live" where "environment_id" = $1 and "item_key" in (select "deployment_item"."item_key" from "deployment_item" where "deployment_id" = $2);

insert into "release" ("id", "project_id", "branch", "name", "description", "one_shot", "lock", "locked_by", "locked_at", "archived", "annotations", "created_by", "updated_by", "created_at", "updated_at") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) returning *;

insert into release_item (release_id, item_key, kind, action, version, title, created_at)
select $1::uuid, i.key, i.kind, i.action, i.version, i.title, $2::timestamptz
from jsonb_to_recordset($3::jsonb)
  as i (key text, kind text, action text, version text, title text)
on conflict (release_id, item_key) do update
  set kind = excluded.kind, action = excluded.action, version = excluded.version, title = excluded.title;

select "release".*, "project"."kind" as "project_kind" from "release" inner join "project" on "project"."id" = "release"."project_id" where "release"."id" in ($1) and "release"."project_id" = $2 and "release"."removed_at" is null order by "release"."id" for update of "release";

select "item_key" as "key", "kind", "action", "version", "title" from "release_item" where "release_id" = $1 order by "position";

with known as (
  select id, number from revision where release_id = $1 and digest = $2
), made as (
  insert into revision
    (id, project_id, release_id, number, digest, scope, items, item_count, created_by, created_at)
  select $3::uuid, $4::uuid, $5::uuid,
    (select coalesce(max(number), 0) + 1 from revision where release_id = $6),
    $7, $8, coalesce(jsonb_agg(jsonb_build_object('key', item_key, 'kind', kind,
      'action', action, 'version', version, 'title', title) order by position), '[]'), count(*),
    $9::uuid, $10::timestamptz
  from release_item where release_id = $11 and not exists (select from known)
  having not exists (select from known)
  returning id, number
)
select id, number from known union all select id, number from made;

select * from "environment" where "project_id" = $1 and "id" = any($2::uuid[]) order by "id" for key share;

select "deployment".*, "release"."name" as "release_name", "release"."branch" as "release_branch", "release"."lock" as "release_lock", "environment"."name" as "environment_name", "environment"."parent_id" as "environment_parent_id", "environment"."requires_parent", "environment"."approvals_needed" as "environment_approvals", greatest(environment.approvals_needed, coalesce(plan.approvals_needed, 0)) as "approvals_needed", "plan"."approval_reason", "revision"."number" as "revision_number", "revision"."digest" as "revision_digest", "plan"."digest" as "plan_digest", "locker"."name" as "release_locked_by", "release"."lock_reason" as "release_lock_reason" from "deployment" inner join "release" on "release"."id" = "deployment"."release_id" inner join "environment" on "environment"."id" = "deployment"."environment_id" inner join "revision" on "revision"."id" = "deployment"."revision_id" left join "plan" on "plan"."id" = "deployment"."plan_id" left join "user" as "locker" on "locker"."id" = "release"."locked_by" where "deployment"."environment_id" = $1 and "deployment"."state" = $2 for update of "deployment";

select
(select string_agg(id::text, ' ' order by id) from "freeze"
  where project_id in (select project_id from environment where id = any($1::uuid[]))
    and lifted_at is null and (expires_at is null or expires_at > $2::timestamptz)
    and (environment_id is null or environment_id = any($3::uuid[]))) as freezes,
(select json_agg(held) from (
  select hold.id, environment_id, reason, hold.created_at, "user".name as set_by,
    array(select digest from revision where revision.id = any(revision_ids)) as digests
  from hold left join "user" on "user".id = hold.created_by
  where environment_id = any($4::uuid[]) and released_at is null) held) as holds,
(select json_agg(voice) from (
  select deployment_id, plan_digest, user_id, verdict from approval
  where deployment_id = any($5::uuid[])) voice) as voices,
(select json_agg(set_aside) from (
  select deployment_id, gate from gate_override where deployment_id = any($6::uuid[])) set_aside) as overrides,
(select json_agg(project_id) from code_settings
  where project_id in (select project_id from environment where id = any($7::uuid[]))) as code_projects;

insert into "deployment" ("id", "request_id", "project_id", "environment_id", "release_id", "revision_id", "plan_id", "deploys_plan", "rolls_back", "retries", "state", "driver", "selected_keys", "forced", "dry_run", "deletes", "refresh", "allow_destroy", "trace_id", "source_commit", "on_item_failure", "when_busy", "when_shut", "due_at", "misfire", "reason", "annotations", "cause", "requested_by", "requested_by_token", "requested_at", "queued_at", "from_revision_id", "turn") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, (
select case when revision.scope = 'whole_state' and last.selected_keys is null then revision.id end
from deployment last join revision on revision.id = last.revision_id
where last.environment_id = $33 and last.state = 'succeeded'
order by last.finished_at desc, last.id desc limit 1), nextval('deployment_turn'));

select "deployment".*, "release"."name" as "release_name", "release"."branch" as "release_branch", "release"."lock" as "release_lock", "environment"."name" as "environment_name", "environment"."parent_id" as "environment_parent_id", "environment"."requires_parent", "environment"."approvals_needed" as "environment_approvals", greatest(environment.approvals_needed, coalesce(plan.approvals_needed, 0)) as "approvals_needed", "plan"."approval_reason", "revision"."number" as "revision_number", "revision"."digest" as "revision_digest", "plan"."digest" as "plan_digest", "locker"."name" as "release_locked_by", "release"."lock_reason" as "release_lock_reason" from "deployment" inner join "release" on "release"."id" = "deployment"."release_id" inner join "environment" on "environment"."id" = "deployment"."environment_id" inner join "revision" on "revision"."id" = "deployment"."revision_id" left join "plan" on "plan"."id" = "deployment"."plan_id" left join "user" as "locker" on "locker"."id" = "release"."locked_by" where "deployment"."request_id" = $1 order by "deployment"."id";

select revision_id as left from deployment
where id = $1 and exists (select from candidate where revision_id = $2);

with recursive chain as (
  select id, revision_id, rolls_back, 0 as depth from deployment where id = $1
  union all
  select d.id, d.revision_id, d.rolls_back, depth + 1 from chain join deployment d on d.id = chain.rolls_back
  where depth < 1000
)
select revision_id from chain order by depth;

select * from "hold" where "environment_id" = $1 and "released_at" is null for update;

insert into "hold" ("id", "namings", "revision_ids", "reason", "deployment_id", "created_by", "environment_id", "created_at") values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict ("environment_id") where "released_at" is null do nothing;

insert into event (id, at, kind, project_id, environment_id, subject_id, actor, reason, data)
select id, at, kind, project_id, environment_id, subject_id, actor, reason, data
from json_to_recordset($1::json) as row (
  id uuid, at timestamptz, kind text, project_id uuid, environment_id uuid, subject_id uuid,
  actor jsonb, reason text, data jsonb);

-- pg-boss: insert;

select pg_notify($1, $2);
