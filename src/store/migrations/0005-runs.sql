-- How an environment deploys, from headgate.yaml: what a command or a receiver needs. Secrets in it are sealed.
alter table environment add column executor_settings jsonb not null default '{}';

-- Invocations of an executor that are no deployments.
create table run (
  id uuid primary key,
  project_id uuid not null references project on delete cascade,
  environment_id uuid references environment on delete cascade,
  deployment_id uuid references deployment on delete set null,
  kind text not null check (kind in ('build', 'flow', 'drift', 'pick', 'check')),
  executor text not null,
  settings jsonb not null,
  input jsonb not null,
  state text not null check (state in ('queued', 'running', 'canceling', 'succeeded', 'failed', 'canceled')),
  cause text not null check (cause in ('request', 'schedule', 'deployment')),
  reason text,
  result jsonb,
  failure_code text,
  failure_detail text,
  attempt int not null default 0,
  version int not null default 1,
  requested_by uuid references "user" on delete set null,
  requested_by_token uuid references token on delete set null,
  requested_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create index run_by_project on run (project_id, id desc);
create index run_by_environment on run (environment_id, id desc) where environment_id is not null;
create index run_by_deployment on run (deployment_id) where deployment_id is not null;
create index run_by_token on run (requested_by_token) where requested_by_token is not null;
create index run_open on run (id) where state in ('queued', 'running', 'canceling');

-- What was set out to do outside, written before it was done, for a deployment or a run. One row serves all attempts:
-- its id is what the outside knows it by, and must not change when it is told a second time.
create table dispatch (
  id uuid primary key,
  deployment_id uuid unique references deployment on delete cascade,
  run_id uuid unique references run on delete cascade,
  attempt int not null,
  executor text not null,
  settings jsonb not null,
  -- begun: some process is at it. waiting: the outside has it and will call back. pausing: it is tried again later.
  state text not null check (state in ('begun', 'waiting', 'pausing', 'ended')),
  -- What the executor wants to remember of it.
  progress jsonb not null default '{}',
  tokens_sha256 bytea[] not null default '{}',
  -- What the outside said of its end, where nobody could take it in yet.
  reported jsonb,
  cancel_sent_at timestamptz,
  resume_at timestamptz,
  deadline_at timestamptz not null,
  begun_at timestamptz not null,
  ended_at timestamptz,
  check ((deployment_id is null) <> (run_id is null))
);
create index dispatch_due on dispatch (coalesce(resume_at, deadline_at)) where state in ('waiting', 'pausing');

-- What deployments and runs say while they are under way. Their lines lie in rows first, and later in a blob.
create table log (
  id uuid primary key,
  deployment_id uuid references deployment on delete cascade,
  run_id uuid references run on delete cascade,
  lines bigint not null,
  bytes bigint not null,
  -- The append that reached the limit: after it only the engine's own lines are taken.
  cut_by uuid,
  blob_digest text,
  blob_lines bigint not null default 0,
  -- Where in the blob every thousandth line begins.
  blob_index bigint[] not null default '{}',
  check ((deployment_id is null) <> (run_id is null))
);
create index log_by_deployment on log (deployment_id) where deployment_id is not null;
create index log_by_run on log (run_id) where run_id is not null;
create index log_by_blob on log (blob_digest) where blob_digest is not null;

create table log_line (
  log_id uuid not null references log on delete cascade,
  position bigint not null,
  at timestamptz not null,
  stream text not null check (stream in ('engine', 'stdout', 'stderr', 'callback')),
  text text not null,
  primary key (log_id, position)
);
