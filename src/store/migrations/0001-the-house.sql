-- Who acts.
create table "user" (
  id uuid primary key,
  email text not null,
  name text not null,
  password_hash text,
  agent boolean not null default false,
  disabled_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index user_email on "user" (lower(email));

-- What ships, and where to.
create table project (
  id uuid primary key,
  key text not null unique,
  name text not null,
  kind text not null check (kind in ('content', 'code', 'infra', 'data')),
  annotations jsonb not null default '{}',
  created_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table environment (
  id uuid primary key,
  project_id uuid not null references project on delete cascade,
  name text not null,
  position int not null,
  tier text,
  parent_id uuid references environment on delete set null,
  requires_parent boolean not null default false,
  executor text not null,
  annotations jsonb not null default '{}',
  version int not null default 1,
  created_by uuid references "user" on delete set null,
  updated_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (project_id, name)
);
create index environment_parent on environment (parent_id) where parent_id is not null;

-- A role held on the whole instance has no project.
create table role_grant (
  user_id uuid not null references "user" on delete cascade,
  project_id uuid references project on delete cascade,
  role text not null check (role in ('viewer', 'releaser', 'approver', 'admin')),
  created_at timestamptz not null
);
create unique index role_grant_instance on role_grant (user_id, role) where project_id is null;
create unique index role_grant_project on role_grant (user_id, project_id, role) where project_id is not null;
create index role_grant_by_project on role_grant (project_id) where project_id is not null;

-- Only the digest of a secret is kept. Limits (project, environments, branches, scopes) narrow, never widen.
create table token (
  id uuid primary key,
  user_id uuid references "user" on delete cascade,
  project_id uuid references project on delete cascade,
  environment_ids uuid[],
  branches text[],
  kind text not null check (kind in ('service', 'session', 'delivery')),
  name text not null,
  description text not null default '',
  secret_sha256 bytea not null unique,
  scopes text[] not null,
  annotations jsonb not null default '{}',
  expires_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index token_by_user on token (user_id, id);
create index token_by_project on token (project_id, kind, id) where project_id is not null;

-- The ids that other vendors' clients know our things by. Integers come from one sequence.
create table external_id (
  surface text not null,
  kind text not null,
  external text not null,
  internal uuid not null,
  primary key (surface, kind, external),
  unique (surface, kind, internal)
);
create sequence external_number;

-- Releases, and what of them is pinned.
create table release (
  id uuid primary key,
  project_id uuid not null references project on delete cascade,
  branch text,
  name text not null,
  description text not null default '',
  one_shot boolean not null default false,
  lock text check (lock in ('user', 'deployment')),
  locked_by uuid references "user" on delete set null,
  locked_at timestamptz,
  archived boolean not null default false,
  version int not null default 1,
  annotations jsonb not null default '{}',
  created_by uuid references "user" on delete set null,
  updated_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- A release that was deployed is kept for its history.
  removed_at timestamptz
);
create index release_by_project on release (project_id, id desc) where not one_shot and removed_at is null;
create index release_by_update on release (project_id, branch, updated_at desc, id desc)
  where not one_shot and removed_at is null;

create table release_item (
  release_id uuid not null references release on delete cascade,
  item_key text not null,
  position bigint generated always as identity,
  kind text not null,
  action text not null check (action in ('publish', 'unpublish', 'set')),
  version text,
  title text not null,
  created_at timestamptz not null,
  primary key (release_id, item_key)
);
create index release_item_in_order on release_item (release_id, position);
create index release_item_by_key on release_item (item_key);

create table revision (
  id uuid primary key,
  project_id uuid not null references project on delete cascade,
  release_id uuid not null references release on delete cascade,
  number int not null,
  digest text not null,
  scope text not null check (scope in ('change_set', 'whole_state')),
  items jsonb not null,
  item_count int not null,
  created_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  unique (release_id, number),
  unique (release_id, digest)
);
alter table revision alter column items set storage external;

-- What bringing an environment to a revision would change.
create table plan (
  id uuid primary key,
  environment_id uuid not null references environment on delete cascade,
  revision_id uuid not null references revision on delete cascade,
  digest text not null,
  changes jsonb not null,
  created_at timestamptz not null
);
alter table plan alter column changes set storage external;
create index plan_by_environment on plan (environment_id, id desc);
create index plan_by_revision on plan (revision_id);

-- Whose turn it is in an environment: clocks of several processes differ, this does not.
create sequence deployment_turn;

create table deployment (
  id uuid primary key,
  request_id uuid not null,
  project_id uuid not null references project on delete cascade,
  environment_id uuid not null references environment on delete cascade,
  release_id uuid not null references release on delete cascade,
  revision_id uuid not null references revision on delete cascade,
  plan_id uuid references plan on delete set null,
  rolls_back uuid references deployment on delete set null,
  state text not null check (state in (
    'requested', 'queued', 'planning', 'awaiting_approval', 'applying', 'canceling',
    'invalid', 'expired', 'unchanged', 'planned', 'rejected',
    'succeeded', 'partly_succeeded', 'failed', 'canceled')),
  driver text not null check (driver in ('engine', 'inline', 'caller')),
  selected_keys text[],
  forced boolean not null default false,
  dry_run boolean not null default false,
  on_item_failure text not null check (on_item_failure in ('stop', 'continue')),
  when_busy text not null check (when_busy in ('wait', 'refuse')),
  when_shut text not null check (when_shut in ('wait', 'refuse')),
  due_at timestamptz,
  misfire jsonb not null,
  reason text,
  failure_code text,
  failure_detail text,
  counts jsonb not null default '{}',
  attempt int not null default 0,
  version int not null default 1,
  annotations jsonb not null default '{}',
  requested_by uuid references "user" on delete set null,
  requested_by_token uuid references token on delete set null,
  requested_at timestamptz not null,
  queued_at timestamptz,
  turn bigint,
  started_at timestamptz,
  finished_at timestamptz
);
-- The law of model.md: one at a time in an environment. Deployments that a caller drives stand outside it.
create unique index deployment_one_running on deployment (environment_id)
  where state in ('planning', 'awaiting_approval', 'applying', 'canceling') and driver <> 'caller';
create index deployment_queued on deployment (environment_id, turn) where state = 'queued';
create index deployment_due on deployment (due_at, id) where state = 'requested';
create index deployment_requested on deployment (environment_id, id) where state = 'requested';
create index deployment_by_project on deployment (project_id, id desc);
create index deployment_by_environment on deployment (environment_id, id desc);
-- The newest that did something: where a rollback without a name begins.
create index deployment_effective on deployment (environment_id, finished_at desc, id desc)
  where state in ('succeeded', 'partly_succeeded') and rolls_back is null;
create index deployment_by_release on deployment (release_id, id desc);
create index deployment_by_request on deployment (request_id, id);
create index deployment_by_revision on deployment (revision_id);
create index deployment_by_plan on deployment (plan_id) where plan_id is not null;
create index deployment_rolled_back on deployment (rolls_back) where rolls_back is not null;
-- Signing out deletes a token: without this it would read every deployment.
create index deployment_by_token on deployment (requested_by_token) where requested_by_token is not null;

-- What became of each change of a deployment's plan.
create table deployment_item (
  deployment_id uuid not null references deployment on delete cascade,
  position int not null,
  item_key text not null,
  kind text not null,
  title text not null,
  action text not null,
  before text,
  after text,
  outcome text not null check (outcome in ('done', 'unchanged', 'failed', 'left')),
  code text,
  reason text,
  primary key (deployment_id, position)
);

-- What the engine set out to do, written before it did it.
create table deployment_step (
  deployment_id uuid not null references deployment on delete cascade,
  attempt int not null,
  name text not null check (name in ('plan', 'apply')),
  started_at timestamptz not null,
  finished_at timestamptz,
  outcome text,
  primary key (deployment_id, attempt, name)
);

-- Kept per item: what an environment is at. Without a version the item is not there.
create table live (
  environment_id uuid not null references environment on delete cascade,
  item_key text not null,
  kind text not null,
  title text not null,
  version text,
  uncertain boolean not null default false,
  deployment_id uuid references deployment on delete set null,
  updated_at timestamptz not null,
  primary key (environment_id, item_key)
);
create index live_by_deployment on live (deployment_id);

-- What happened, append-only. A reader takes only rows below the oldest transaction still open
-- (identity values become visible out of order) and seals them into the chain.
create table event (
  ordinal bigint generated always as identity primary key,
  id uuid not null unique,
  xact xid8 not null default pg_current_xact_id(),
  at timestamptz not null,
  kind text not null,
  project_id uuid,
  environment_id uuid,
  subject_id uuid,
  actor jsonb not null,
  reason text,
  data jsonb not null default '{}'
);
create index event_by_xact on event (xact, ordinal);
create index event_by_project on event (project_id, ordinal desc);
create index event_by_subject on event (subject_id, ordinal) where subject_id is not null;

create table event_seal (
  position bigint primary key,
  ordinal bigint not null unique references event,
  xact xid8 not null,
  hash bytea not null
);
