-- What has to be agreed to before an environment is deployed to, and for how long it may be asked for.
alter table environment add column approvals_needed int not null default 0 check (approvals_needed between 0 and 100);
alter table environment add column approval_timeout_seconds int not null default 86400
  check (approval_timeout_seconds > 0);

-- Who wants a deployment: a hold stops what no person asked for.
alter table deployment add column cause text not null default 'person'
  check (cause in ('person', 'schedule', 'agent', 'automation'));
alter table deployment add column approval_expires_at timestamptz;
create index deployment_awaiting on deployment (environment_id, id) where state = 'awaiting_approval';

-- Times in which an environment, or all of a project's, are not deployed to. A window is a recurrence in local time;
-- its dates and times of day stay text, since they mean nothing without their zone.
create table "freeze" (
  id uuid primary key,
  project_id uuid not null references project on delete cascade,
  environment_id uuid references environment on delete cascade,
  kind text not null check (kind in ('window', 'emergency')),
  name text not null,
  rrule text,
  start text,
  duration_minutes int,
  time_zone text,
  starts_on text,
  reason text,
  expires_at timestamptz,
  origin text not null check (origin in ('configuration', 'request')),
  created_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  lifted_at timestamptz,
  lifted_by uuid references "user" on delete set null,
  lift_reason text,
  check ((kind = 'window') = (rrule is not null and start is not null and duration_minutes is not null
    and time_zone is not null and starts_on is not null)),
  check (kind = 'window' or reason is not null)
);
create index freeze_set on "freeze" (project_id, id desc) where lifted_at is null;
create index freeze_by_project on "freeze" (project_id, id desc);
create index freeze_by_environment on "freeze" (environment_id) where environment_id is not null;
create unique index freeze_declared on "freeze" (environment_id, name)
  where origin = 'configuration' and lifted_at is null;

-- What a rollback leaves behind: the revisions that are not to come back by themselves. One at a time.
create table hold (
  id uuid primary key,
  environment_id uuid not null references environment on delete cascade,
  revision_ids uuid[] not null,
  reason text,
  deployment_id uuid references deployment on delete set null,
  created_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  released_at timestamptz,
  released_by uuid references "user" on delete set null,
  release_reason text
);
create unique index hold_open on hold (environment_id) where released_at is null;
create index hold_by_environment on hold (environment_id, id desc);
create index hold_by_deployment on hold (deployment_id) where deployment_id is not null;

-- One voice of one person about one plan of a deployment.
create table approval (
  deployment_id uuid not null references deployment on delete cascade,
  plan_digest text not null,
  user_id uuid not null references "user" on delete cascade,
  verdict text not null check (verdict in ('approved', 'rejected')),
  reason text,
  at timestamptz not null,
  primary key (deployment_id, plan_digest, user_id)
);

-- A gate that somebody set aside for one deployment.
create table gate_override (
  deployment_id uuid not null references deployment on delete cascade,
  gate text not null check (gate in ('lock', 'freeze', 'hold', 'parent', 'approval')),
  user_id uuid references "user" on delete set null,
  reason text not null,
  at timestamptz not null,
  primary key (deployment_id, gate)
);

-- What was proven in a parent is found by what it is, in whichever release it was pinned.
create index revision_by_digest on revision (digest, project_id);
