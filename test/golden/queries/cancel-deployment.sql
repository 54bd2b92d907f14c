select "deployment".*, "release"."name" as "release_name", "release"."branch" as "release_branch", "release"."lock" as "release_lock", "environment"."name" as "environment_name", "environment"."parent_id" as "environment_parent_id", "environment"."requires_parent", "environment"."approvals_needed" as "environment_approvals", greatest(environment.approvals_needed, coalesce(plan.approvals_needed, 0)) as "approvals_needed", "plan"."approval_reason", "revision"."number" as "revision_number", "revision"."digest" as "revision_digest", "plan"."digest" as "plan_digest", "locker"."name" as "release_locked_by", "release"."lock_reason" as "release_lock_reason" from "deployment" inner join "release" on "release"."id" = "deployment"."release_id" inner join "environment" on "environment"."id" = "deployment"."environment_id" inner join "revision" on "revision"."id" = "deployment"."revision_id" left join "plan" on "plan"."id" = "deployment"."plan_id" left join "user" as "locker" on "locker"."id" = "release"."locked_by" where "deployment"."id" = $1;

select * from "deployment" where "id" = $1 for update;

update "deployment" set "state" = $1, "version" = version + 1, "finished_at" = $2 where "id" = $3 and "state" = $4;

select * from "log" where "id" = $1;

insert into event (id, at, kind, project_id, environment_id, subject_id, actor, reason, data)
select id, at, kind, project_id, environment_id, subject_id, actor, reason, data
from json_to_recordset($1::json) as row (
  id uuid, at timestamptz, kind text, project_id uuid, environment_id uuid, subject_id uuid,
  actor jsonb, reason text, data jsonb);

select "deployment".*, "release"."name" as "release_name", "release"."branch" as "release_branch", "release"."lock" as "release_lock", "environment"."name" as "environment_name", "environment"."parent_id" as "environment_parent_id", "environment"."requires_parent", "environment"."approvals_needed" as "environment_approvals", greatest(environment.approvals_needed, coalesce(plan.approvals_needed, 0)) as "approvals_needed", "plan"."approval_reason", "revision"."number" as "revision_number", "revision"."digest" as "revision_digest", "plan"."digest" as "plan_digest", "locker"."name" as "release_locked_by", "release"."lock_reason" as "release_lock_reason" from "deployment" inner join "release" on "release"."id" = "deployment"."release_id" inner join "environment" on "environment"."id" = "deployment"."environment_id" inner join "revision" on "revision"."id" = "deployment"."revision_id" left join "plan" on "plan"."id" = "deployment"."plan_id" left join "user" as "locker" on "locker"."id" = "release"."locked_by" where "deployment"."id" = $1;
