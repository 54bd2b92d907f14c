select "deployment".*, "release"."name" as "release_name", "release"."branch" as "release_branch", "release"."lock" as "release_lock", "environment"."name" as "environment_name", "environment"."parent_id" as "environment_parent_id", "environment"."requires_parent", "environment"."approvals_needed" as "environment_approvals", greatest(environment.approvals_needed, coalesce(plan.approvals_needed, 0)) as "approvals_needed", "plan"."approval_reason", "revision"."number" as "revision_number", "revision"."digest" as "revision_digest", "plan"."digest" as "plan_digest", "locker"."name" as "release_locked_by", "release"."lock_reason" as "release_lock_reason" from "deployment" inner join "release" on "release"."id" = "deployment"."release_id" inner join "environment" on "environment"."id" = "deployment"."environment_id" inner join "revision" on "revision"."id" = "deployment"."revision_id" left join "plan" on "plan"."id" = "deployment"."plan_id" left join "user" as "locker" on "locker"."id" = "release"."locked_by" where "deployment"."state" = $1 and ("due_at" is null or "due_at" <= $2) order by coalesce(deployment.due_at, deployment.requested_at), "deployment"."id" limit $3 for update of "deployment";

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

update "deployment" set "state" = $1, "version" = version + 1, "queued_at" = coalesce("queued_at", $2), "turn" = coalesce(turn, nextval('deployment_turn')) where "id" = $3 and "state" = $4;

insert into event (id, at, kind, project_id, environment_id, subject_id, actor, reason, data)
select id, at, kind, project_id, environment_id, subject_id, actor, reason, data
from json_to_recordset($1::json) as row (
  id uuid, at timestamptz, kind text, project_id uuid, environment_id uuid, subject_id uuid,
  actor jsonb, reason text, data jsonb);

-- pg-boss: insert;

select pg_notify($1, $2);
