select "deployment".*, "release"."name" as "release_name", "release"."branch" as "release_branch", "release"."lock" as "release_lock", "environment"."name" as "environment_name", "revision"."number" as "revision_number", "locker"."name" as "release_locked_by" from "deployment" inner join "release" on "release"."id" = "deployment"."release_id" inner join "environment" on "environment"."id" = "deployment"."environment_id" inner join "revision" on "revision"."id" = "deployment"."revision_id" left join "user" as "locker" on "locker"."id" = "release"."locked_by" where "deployment"."state" = $1 and ("due_at" is null or "due_at" <= $2) order by coalesce(deployment.due_at, deployment.requested_at), "deployment"."id" limit $3 for update of "deployment";

update "deployment" set "state" = $1, "version" = version + 1, "queued_at" = coalesce("queued_at", $2), "turn" = coalesce(turn, nextval('deployment_turn')) where "id" = $3 and "state" = $4;

insert into event (id, at, kind, project_id, environment_id, subject_id, actor, reason, data)
select id, at, kind, project_id, environment_id, subject_id, actor, reason, data
from json_to_recordset($1::json) as row (
  id uuid, at timestamptz, kind text, project_id uuid, environment_id uuid, subject_id uuid,
  actor jsonb, reason text, data jsonb);

-- pg-boss: insert;

select pg_notify($1, $2);
