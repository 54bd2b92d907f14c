with next as (
  select id from deployment
  where environment_id = $1 and state = 'queued' and driver = 'engine'
    and not exists (
      select from deployment running
      where running.environment_id = $2 and running.driver <> 'caller'
        and running.state in ('planning', 'awaiting_approval', 'applying', 'canceling'))
  order by turn limit 1 for update
), claimed as (
  update deployment set state = 'planning', attempt = attempt + 1, version = version + 1,
    started_at = coalesce(started_at, $3::timestamptz)
  from next where deployment.id = next.id and deployment.state = 'queued'
  returning deployment.*
), step as (
  insert into deployment_step (deployment_id, attempt, name, started_at)
  select id, attempt, 'plan', $4::timestamptz from claimed
), told as (
  insert into event (id, at, kind, project_id, environment_id, subject_id, actor, data)
  select $5::uuid, $6::timestamptz, 'deployment.started', project_id, environment_id, id,
    $7::jsonb, jsonb_build_object('attempt', attempt)
  from claimed
)
select claimed.id, claimed.project_id, claimed.environment_id, claimed.release_id, claimed.revision_id,
  claimed.state, claimed.attempt, claimed.forced, claimed.dry_run, claimed.on_item_failure,
  claimed.selected_keys, claimed.requested_by, claimed.rolls_back, environment.executor, revision.scope, revision.items
from claimed
join environment on environment.id = claimed.environment_id
join revision on revision.id = claimed.revision_id;

select "item_key" as "key", "kind", "title", "version", "uncertain" from "live" where "environment_id" = $1 and "item_key" in (
  select i.key from revision r, jsonb_to_recordset(r.items) as i (key text) where r.id = $2
);

with moved as (
  update deployment set state = $1, plan_id = $2::uuid, version = version + 1,
    counts = $3::jsonb,
    finished_at = case when $4::boolean then $5::timestamptz end
  where id = $6 and state = 'planning' and attempt = $7
  returning id, attempt, project_id, environment_id, revision_id
), stored as (
  insert into plan (id, environment_id, revision_id, digest, changes, created_at)
  select $8::uuid, environment_id, revision_id, $9,
    $10::jsonb, $11::timestamptz
  from moved
), done as (
  update deployment_step set finished_at = $12::timestamptz, outcome = $13
  from moved where deployment_id = moved.id and deployment_step.attempt = moved.attempt and name = 'plan'
), next as (
  insert into deployment_step (deployment_id, attempt, name, started_at)
  select id, attempt, 'apply', $14::timestamptz from moved where not $15::boolean
), told as (
  insert into event (id, at, kind, project_id, environment_id, subject_id, actor, data)
  select $16::uuid, $17::timestamptz, $18, project_id,
    environment_id, id, $19::jsonb,
    jsonb_build_object('plan_digest', $20::text, 'counts', $21::jsonb)
  from moved
)
select from moved;

with next as (
  select id from deployment
  where environment_id = $1 and state = 'queued' and driver = 'engine'
    and not exists (
      select from deployment running
      where running.environment_id = $2 and running.driver <> 'caller'
        and running.state in ('planning', 'awaiting_approval', 'applying', 'canceling'))
  order by turn limit 1 for update
), claimed as (
  update deployment set state = 'planning', attempt = attempt + 1, version = version + 1,
    started_at = coalesce(started_at, $3::timestamptz)
  from next where deployment.id = next.id and deployment.state = 'queued'
  returning deployment.*
), step as (
  insert into deployment_step (deployment_id, attempt, name, started_at)
  select id, attempt, 'plan', $4::timestamptz from claimed
), told as (
  insert into event (id, at, kind, project_id, environment_id, subject_id, actor, data)
  select $5::uuid, $6::timestamptz, 'deployment.started', project_id, environment_id, id,
    $7::jsonb, jsonb_build_object('attempt', attempt)
  from claimed
)
select claimed.id, claimed.project_id, claimed.environment_id, claimed.release_id, claimed.revision_id,
  claimed.state, claimed.attempt, claimed.forced, claimed.dry_run, claimed.on_item_failure,
  claimed.selected_keys, claimed.requested_by, claimed.rolls_back, environment.executor, revision.scope, revision.items
from claimed
join environment on environment.id = claimed.environment_id
join revision on revision.id = claimed.revision_id;
