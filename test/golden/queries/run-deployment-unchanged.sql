with head as (
  select * from deployment
  where environment_id = $1 and state = 'queued' and driver = 'engine' and true
    and not exists (
      select from deployment running
      where running.environment_id = $2 and running.driver <> 'caller'
        and running.state in ('planning', 'awaiting_approval', 'applying', 'canceling'))
  order by turn limit 1 for update
), next as (
  select id from head deployment where not (
exists (select from "freeze" set_here
  where set_here.project_id = deployment.project_id and set_here.lifted_at is null
    and (set_here.environment_id is null or set_here.environment_id = deployment.environment_id)
    and (set_here.expires_at is null or set_here.expires_at > $3::timestamptz))
or exists (select from hold where hold.environment_id = deployment.environment_id and hold.released_at is null)
or exists (select from environment guarding
  where guarding.id = deployment.environment_id and guarding.requires_parent)
or exists (select from release locked where locked.id = deployment.release_id and locked.lock = 'user')
or exists (select from code_settings where code_settings.project_id = deployment.project_id))
), claimed as (
  update deployment set state = 'planning', attempt = attempt + 1, version = version + 1,
    started_at = coalesce(started_at, $4::timestamptz)
  from next where deployment.id = next.id and deployment.state = 'queued'
  returning deployment.*
), step as (
  insert into deployment_step (deployment_id, attempt, name, started_at)
  select id, attempt, 'plan', $5::timestamptz from claimed
), told as (
  insert into event (id, at, kind, project_id, environment_id, subject_id, actor, data)
  select $6::uuid, $7::timestamptz, 'deployment.started', project_id, environment_id, id,
    $8::jsonb, jsonb_build_object('attempt', attempt)
  from claimed
)
select claimed.id, claimed.project_id, claimed.environment_id, claimed.release_id, claimed.revision_id,
  claimed.state, claimed.attempt, claimed.forced, claimed.dry_run, claimed.on_item_failure,
  claimed.selected_keys, claimed.requested_by, claimed.rolls_back, claimed.deploys_plan, plan.digest as deploys_digest,
  claimed.refresh, claimed.allow_destroy, environment.executor, environment.executor_settings, revision.scope, revision.items,
  exists (select from head) as waiting,
  exists (select from environment child where child.parent_id = $9
      and (child.requires_parent or child.auto_promote))
    or exists (select from environment here join code_settings using (project_id)
      where here.id = $10) as proves
from (values (1)) one
left join claimed on true
left join environment on environment.id = claimed.environment_id
left join revision on revision.id = claimed.revision_id
left join plan on plan.id = claimed.deploys_plan;

select "item_key" as "key", "kind", "title", "version", "uncertain" from "live" where "environment_id" = $1 and "item_key" in (
  select i.key from revision r, jsonb_to_recordset(r.items) as i (key text) where r.id = $2
);

with moved as (
  update deployment set state = $1, plan_id = $2::uuid, version = version + 1,
    counts = $3::jsonb,
    finished_at = case when $4::boolean then $5::timestamptz end,
    approval_expires_at = null
  where id = $6 and state = 'planning' and attempt = $7 and true
  returning id, attempt, project_id, environment_id, revision_id
), stored as (
  insert into plan (id, environment_id, revision_id, deployment_id, digest, changes, created_at
    )
  select $8::uuid, environment_id, revision_id, id, $9,
    $10::jsonb, $11::timestamptz

  from moved where not $12::boolean
),   done as (
  update deployment_step set finished_at = $13::timestamptz, outcome = $14
  from moved where deployment_id = moved.id and deployment_step.attempt = moved.attempt and name = 'plan'
), next as (
  insert into deployment_step (deployment_id, attempt, name, started_at)
  select id, attempt, 'apply', $15::timestamptz from moved where $16::boolean
), told as (
  insert into event (id, at, kind, project_id, environment_id, subject_id, actor, data)
  select $17::uuid, $18::timestamptz, $19, project_id,
    environment_id, id, $20::jsonb,
    jsonb_build_object('plan_digest', $21::text, 'counts', $22::jsonb)
  from moved
)
select from moved;

with head as (
  select * from deployment
  where environment_id = $1 and state = 'queued' and driver = 'engine' and true
    and not exists (
      select from deployment running
      where running.environment_id = $2 and running.driver <> 'caller'
        and running.state in ('planning', 'awaiting_approval', 'applying', 'canceling'))
  order by turn limit 1 for update
), next as (
  select id from head deployment where not (
exists (select from "freeze" set_here
  where set_here.project_id = deployment.project_id and set_here.lifted_at is null
    and (set_here.environment_id is null or set_here.environment_id = deployment.environment_id)
    and (set_here.expires_at is null or set_here.expires_at > $3::timestamptz))
or exists (select from hold where hold.environment_id = deployment.environment_id and hold.released_at is null)
or exists (select from environment guarding
  where guarding.id = deployment.environment_id and guarding.requires_parent)
or exists (select from release locked where locked.id = deployment.release_id and locked.lock = 'user')
or exists (select from code_settings where code_settings.project_id = deployment.project_id))
), claimed as (
  update deployment set state = 'planning', attempt = attempt + 1, version = version + 1,
    started_at = coalesce(started_at, $4::timestamptz)
  from next where deployment.id = next.id and deployment.state = 'queued'
  returning deployment.*
), step as (
  insert into deployment_step (deployment_id, attempt, name, started_at)
  select id, attempt, 'plan', $5::timestamptz from claimed
), told as (
  insert into event (id, at, kind, project_id, environment_id, subject_id, actor, data)
  select $6::uuid, $7::timestamptz, 'deployment.started', project_id, environment_id, id,
    $8::jsonb, jsonb_build_object('attempt', attempt)
  from claimed
)
select claimed.id, claimed.project_id, claimed.environment_id, claimed.release_id, claimed.revision_id,
  claimed.state, claimed.attempt, claimed.forced, claimed.dry_run, claimed.on_item_failure,
  claimed.selected_keys, claimed.requested_by, claimed.rolls_back, claimed.deploys_plan, plan.digest as deploys_digest,
  claimed.refresh, claimed.allow_destroy, environment.executor, environment.executor_settings, revision.scope, revision.items,
  exists (select from head) as waiting,
  exists (select from environment child where child.parent_id = $9
      and (child.requires_parent or child.auto_promote))
    or exists (select from environment here join code_settings using (project_id)
      where here.id = $10) as proves
from (values (1)) one
left join claimed on true
left join environment on environment.id = claimed.environment_id
left join revision on revision.id = claimed.revision_id
left join plan on plan.id = claimed.deploys_plan;
