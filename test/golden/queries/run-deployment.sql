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

with asked as materialized (
  select * from json_to_recordset($1::json)
    as a (n int, branch text, uid text, source_locale text, version int)
)
select asked.n, i.id as item_id, i.deleted_at is not null as deleted, v.version, v.title, t.id as type_id,
  case when i.deleted_at is null and i.kind = 'entry' then v.data end as data
from asked
left join content_branch b on b.project_id = $2 and b.uid = asked.branch
left join content_item i on i.branch_id = b.id and i.uid = asked.uid
-- Its limit keeps it a look-up by the whole key, however many versions the planner thinks an item has.
left join lateral (
  select * from content_version one
  where one.item_id = i.id and one.locale = asked.source_locale and one.version = asked.version limit 1) v on true
left join content_type t on t.branch_id = i.branch_id and t.uid = i.content_type_uid and i.kind = 'entry'
where v.version is null or i.deleted_at is not null
  or (i.kind = 'entry' and v.type_version is distinct from t.version)
order by asked.n;

with moved as (
  update deployment set state = $1, plan_id = $2::uuid, version = version + 1,
    counts = $3::jsonb,
    finished_at = case when $4::boolean then $5::timestamptz end,
    approval_expires_at = null
  where id = $6 and state = 'planning' and attempt = $7 and not (
exists (select from "freeze" set_here
  where set_here.project_id = deployment.project_id and set_here.lifted_at is null
    and (set_here.environment_id is null or set_here.environment_id = deployment.environment_id)
    and (set_here.expires_at is null or set_here.expires_at > $8::timestamptz))
or exists (select from hold where hold.environment_id = deployment.environment_id and hold.released_at is null)
or exists (select from environment guarding
  where guarding.id = deployment.environment_id and guarding.requires_parent)
or exists (select from release locked where locked.id = deployment.release_id and locked.lock = 'user')
or exists (select from code_settings where code_settings.project_id = deployment.project_id)) and not exists (select from environment asking
      where asking.id = deployment.environment_id and asking.approvals_needed > 0)
  returning id, attempt, project_id, environment_id, revision_id
), stored as (
  insert into plan (id, environment_id, revision_id, deployment_id, digest, changes, created_at
    )
  select $9::uuid, environment_id, revision_id, id, $10,
    $11::jsonb, $12::timestamptz

  from moved where not $13::boolean
),   done as (
  update deployment_step set finished_at = $14::timestamptz, outcome = $15
  from moved where deployment_id = moved.id and deployment_step.attempt = moved.attempt and name = 'plan'
), next as (
  insert into deployment_step (deployment_id, attempt, name, started_at)
  select id, attempt, 'apply', $16::timestamptz from moved where $17::boolean
), told as (
  insert into event (id, at, kind, project_id, environment_id, subject_id, actor, data)
  select $18::uuid, $19::timestamptz, $20, project_id,
    environment_id, id, $21::jsonb,
    jsonb_build_object('plan_digest', $22::text, 'counts', $23::jsonb)
  from moved
)
select from moved;

select pg_advisory_xact_lock_shared(hashtextextended($1::text, 4401));

with change as materialized (
  select c.key, c.action, split_part(c.key, '/', 1) as branch, split_part(c.key, '/', 2) as uid,
    split_part(c.key, '/', 3) as locale, split_part(c.after, '@', 1)::int as version,
    coalesce(nullif(split_part(c.after, '@', 2), ''), split_part(c.key, '/', 3)) as source_locale
  from plan p, jsonb_to_recordset(p.changes) as c (key text, action text, after text, fault jsonb)
  where p.id = $1 and c.fault is null and c.action in ('publish', 'unpublish')
), target as materialized (
  select change.*, i.id as item_id, i.branch_id, i.kind, i.content_type_uid
  from change
  join content_branch b on b.project_id = $2 and b.uid = change.branch
  join content_item i on i.branch_id = b.id and i.uid = change.uid
  where i.deleted_at is null or change.action = 'unpublish'
), published as (
  insert into content_published (environment_id, item_id, locale, branch_id, kind, content_type_uid, version,
    source_locale, published_by, published_at, deployment_id)
  select $3::uuid, item_id, locale, branch_id, kind, content_type_uid, version,
    source_locale, $4::uuid, $5::timestamptz, $6::uuid
  from target where action = 'publish'
  on conflict (item_id, environment_id, locale) do update set version = excluded.version,
    source_locale = excluded.source_locale, published_by = excluded.published_by,
    published_at = excluded.published_at, deployment_id = excluded.deployment_id
), unpublished as (
  delete from content_published live using target
  where target.action = 'unpublish' and live.item_id = target.item_id
    and live.environment_id = $7 and live.locale = target.locale
), edition as (
  insert into content_edition (environment_id, deployment_id, published_at)
  select $8::uuid, $9::uuid, $10::timestamptz where exists (select from target)
  on conflict (deployment_id) do nothing
)
select key from change where action = 'publish' and key not in (select key from target);

with moved as (
  update deployment set state = $1, version = version + 1, finished_at = $2::timestamptz,
    failure_code = $3, failure_detail = $4,
    promotion_due = (rolls_back is null and not dry_run and exists (
select from environment child where child.parent_id = deployment.environment_id and child.auto_promote)),
    counts = $5::jsonb || '{}'::jsonb
  where id = $6 and state = $7 and attempt = $8
  returning id, attempt, project_id, environment_id
), change as (
  select c.* from plan p, rows from (jsonb_to_recordset(p.changes)
    as (key text, kind text, title text, action text, before text, after text, fault jsonb, conflict jsonb))
    with ordinality as c (key, kind, title, action, before, after, fault, conflict, position)
  where p.id = $9::uuid and exists (select from moved)
), result as (
  select change.position, change.key, change.kind, change.title, change.action, change.before, change.after,
    change.fault is not null as faulty,
    coalesce(met.code, change.fault ->> 'code', case when change.conflict is not null then 'conflict' end) as code,
    coalesce(met.reason, change.fault ->> 'reason', change.conflict ->> 'reason') as reason,
    case
      when met.code is not null or change.fault is not null then 'failed'
      when change.conflict is not null then 'left'
      when change.action = 'none' then 'unchanged'
      when $10::boolean and not change.key = any($11::text[]) then 'left'
      else 'done'
    end as outcome
  from change
  left join jsonb_to_recordset($12::jsonb)
    as met (key text, code text, reason text) using (key)
), outcome as (
  select result.*, $13::boolean and outcome in ('left', 'failed') and action <> 'none'
    and not faulty as uncertain
  from result
), kept as (
  insert into deployment_item
    (deployment_id, position, item_key, kind, title, action, before, after, outcome, code, reason, uncertain)
  select $14::uuid, position, key, kind, title, action, before, after, outcome, code, reason,
    uncertain
  from outcome
), lived as (
  insert into live (environment_id, item_key, kind, title, version, uncertain, deployment_id, updated_at)
  select moved.environment_id, key, kind, title,
    case when outcome in ('done', 'unchanged') then after else before end, outcome.uncertain, moved.id, $15::timestamptz
  from outcome, moved
  where outcome = 'done' or outcome.uncertain
    or (outcome = 'unchanged' and not $16::boolean and before is distinct from after)
  on conflict (environment_id, item_key) do update set kind = excluded.kind, title = excluded.title,
    version = excluded.version, uncertain = excluded.uncertain, deployment_id = excluded.deployment_id,
    updated_at = excluded.updated_at
), done as (
  update deployment_step set finished_at = $17::timestamptz, outcome = $18
  from moved where deployment_id = moved.id and deployment_step.attempt = moved.attempt and name = 'apply'
), told as (
  insert into event (id, at, kind, project_id, environment_id, subject_id, actor, reason, data)
  select $19::uuid, $20::timestamptz, $21, project_id, environment_id, id,
    $22::jsonb, $23::text,
    jsonb_build_object('counts', $24::jsonb)
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
