-- How a project of infrastructure releases: where its blueprint is, and the modules that it is built from.
create table infra_settings (
  project_id uuid primary key references project on delete cascade,
  -- A folder on this machine, or one in a git repository.
  blueprint_path text,
  blueprint_repository_id uuid references repository,
  -- Null: the one that the repository calls its default.
  blueprint_branch text,
  -- Where in the repository; empty: at its root.
  blueprint_folder text not null default '',
  modules_path text,
  modules_repository_id uuid references repository,
  modules_branch text,
  modules_folder text not null default '',
  -- Whether modules may name sources that are fetched from elsewhere.
  remote_sources boolean not null default false,
  -- Whether the blueprint's own hook is run on each plan.
  pre_release_hook boolean not null default true,
  version int not null default 1,
  updated_at timestamptz not null,
  check (blueprint_path is null or blueprint_repository_id is null),
  check (modules_path is null or modules_repository_id is null)
);
create index infra_settings_by_blueprint on infra_settings (blueprint_repository_id)
  where blueprint_repository_id is not null;
create index infra_settings_by_modules on infra_settings (modules_repository_id)
  where modules_repository_id is not null;

-- What infrastructure needs to know of an environment.
create table infra_environment (
  environment_id uuid primary key references environment on delete cascade,
  -- As its clients say it: AWS, GCP, KUBERNETES.
  cloud text not null default 'NO_CLOUD',
  time_zone text not null default 'UTC',
  -- Which line of artifacts it takes, where those are registered for one.
  release_stream text,
  -- Null: the blueprint's own.
  branch text,
  -- What modules are told of it beside its name: tags, codes.
  facts jsonb not null default '{}',
  drift_cron text,
  drift_time_zone text not null default 'UTC',
  next_drift_at timestamptz,
  -- The state that the newest deployment which reached applying left when it succeeded; null where it did not, or is at it.
  settled_version bigint,
  version int not null default 1,
  updated_at timestamptz not null
);
create index infra_environment_due on infra_environment (next_drift_at) where next_drift_at is not null;

-- A value of an environment that the blueprint refers to by its name.
create table infra_variable (
  environment_id uuid not null references environment on delete cascade,
  name text not null,
  -- A secret is sealed for its environment.
  value text not null,
  secret boolean not null default false,
  -- Every change counts, since nobody can compare what is sealed.
  version int not null default 1,
  updated_by uuid references "user" on delete set null,
  updated_at timestamptz not null,
  primary key (environment_id, name)
);

-- What an environment has otherwise than the blueprint says.
create table infra_override (
  environment_id uuid not null references environment on delete cascade,
  resource_type text not null,
  resource_name text not null,
  -- Merged into the resource. Null: nothing.
  changes jsonb,
  -- Null: as the blueprint says.
  disabled boolean,
  reason text,
  version int not null default 1,
  updated_by uuid references "user" on delete set null,
  updated_at timestamptz not null,
  primary key (environment_id, resource_type, resource_name)
);

-- What CI built of an application. The newest that an environment may take is what it takes.
create table infra_artifact (
  id uuid primary key,
  project_id uuid not null references project on delete cascade,
  application text not null,
  uri text not null,
  -- For one environment, or for all that follow a stream; for all of the project where both are null.
  environment_id uuid references environment on delete cascade,
  release_stream text,
  external_id text,
  tag text,
  description text,
  metadata jsonb not null default '{}',
  -- An older one of the same application that was taken again.
  restores uuid references infra_artifact on delete set null,
  registered_by uuid references "user" on delete set null,
  created_at timestamptz not null
);
create index infra_artifact_by_application on infra_artifact (project_id, application, id desc);
create index infra_artifact_by_environment on infra_artifact (environment_id, application, id desc)
  where environment_id is not null;
create index infra_artifact_by_restored on infra_artifact (restores) where restores is not null;

-- A module as it was, by the digest of its files. They lie among the blobs.
create table infra_module (
  digest text primary key,
  intent text not null,
  flavor text not null,
  module_version text not null,
  -- What of its contract a configuration around it needs: inputs, outputs, where its artifact goes.
  contract jsonb not null,
  blob_digest text not null,
  created_at timestamptz not null,
  -- When a release took it last, to the day: what no resource names any more goes some time after.
  used_at timestamptz not null
);
create index infra_module_by_blob on infra_module (blob_digest);

-- A resource as an environment gets it, by the digest of all that makes it so. It is the version of an item.
create table infra_resource (
  project_id uuid not null references project on delete cascade,
  version text not null,
  item_key text not null,
  module_digest text references infra_module,
  content jsonb not null,
  created_at timestamptz not null,
  primary key (project_id, version)
);
create index infra_resource_by_module on infra_resource (module_digest) where module_digest is not null;

-- Where a revision of infrastructure came from, and what was found wrong with it.
create table infra_snapshot (
  revision_id uuid primary key references revision on delete cascade,
  -- Of the blueprint's files and of the modules', whatever any environment makes of them.
  blueprint_digest text not null,
  modules_digest text not null,
  -- The hook that is asked before a release, as { name, blob }.
  hook jsonb,
  findings jsonb not null default '[]',
  created_at timestamptz not null
);
create index infra_snapshot_by_hook on infra_snapshot ((hook ->> 'blob')) where hook ? 'blob';

create index infra_snapshot_by_source on infra_snapshot (blueprint_digest, modules_digest);

-- What Terraform knows of an environment, and who is at it. The states themselves lie among the blobs, encrypted.
create table infra_state (
  environment_id uuid primary key references environment on delete cascade,
  -- Of infra_state_version; 0: there is none yet.
  version bigint not null default 0,
  serial bigint,
  lineage text,
  -- Null: there is none, or it was removed.
  blob_digest text,
  -- A state that a release could not post, while it is missing here.
  unposted_blob text,
  lock_id text,
  -- The words in which whoever took it described it, byte for byte: they are handed to whoever finds it held.
  lock_info text,
  -- Who holds it: a deployment or a run at an attempt, or whoever came with credentials of their own.
  lock_deployment_id uuid references deployment on delete set null,
  lock_run_id uuid references run on delete set null,
  lock_attempt int,
  lock_user_id uuid references "user" on delete set null,
  locked_at timestamptz,
  updated_at timestamptz not null
);
create index infra_state_by_blob on infra_state (blob_digest) where blob_digest is not null;
create index infra_state_by_unposted on infra_state (unposted_blob) where unposted_blob is not null;
create index infra_state_by_deployment on infra_state (lock_deployment_id) where lock_deployment_id is not null;
create index infra_state_by_run on infra_state (lock_run_id) where lock_run_id is not null;

create table infra_state_version (
  environment_id uuid not null references environment on delete cascade,
  version bigint not null,
  serial bigint,
  lineage text,
  -- Null: the state was removed.
  blob_digest text,
  -- SHA-256 of the state itself: what is sent twice is known by it, since no two sealed copies are alike.
  content_digest text,
  bytes bigint not null default 0,
  lock_id text,
  deployment_id uuid references deployment on delete set null,
  run_id uuid references run on delete set null,
  written_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  primary key (environment_id, version)
);
create index infra_state_version_by_blob on infra_state_version (blob_digest) where blob_digest is not null;
create index infra_state_version_by_deployment on infra_state_version (deployment_id)
  where deployment_id is not null;
create index infra_state_version_by_run on infra_state_version (run_id) where run_id is not null;

-- What was found when somebody looked whether an environment is as it was left.
create table drift (
  id uuid primary key,
  environment_id uuid not null references environment on delete cascade,
  run_id uuid references run on delete set null,
  -- A release that put back what had drifted.
  deployment_id uuid references deployment on delete set null,
  -- Skipped: nothing can be said, since a deployment was at it meanwhile.
  outcome text not null check (outcome in ('clean', 'drifted', 'failed', 'skipped')),
  -- Item by item, attribute by attribute; what is ignored is marked so.
  items jsonb not null default '[]',
  drifted int not null default 0,
  ignored int not null default 0,
  -- The state that was compared with.
  state_version bigint,
  detail text,
  created_at timestamptz not null
);
create index drift_by_environment on drift (environment_id, id desc);
create index drift_said on drift (environment_id, id desc) where outcome in ('clean', 'drifted');
create index drift_by_run on drift (run_id) where run_id is not null;
create index drift_by_deployment on drift (deployment_id) where deployment_id is not null;

-- Drift that is known and may stay.
create table drift_ignore (
  id uuid primary key,
  environment_id uuid not null references environment on delete cascade,
  item_key text not null,
  -- Null: all of them.
  address text,
  attribute text,
  -- Null: until it is taken back.
  until timestamptz,
  reason text,
  created_by uuid references "user" on delete set null,
  created_at timestamptz not null
);
create index drift_ignore_by_environment on drift_ignore (environment_id, item_key);

-- A release that comes again and again.
create table release_schedule (
  id uuid primary key,
  environment_id uuid not null references environment on delete cascade,
  cron text not null,
  time_zone text not null default 'UTC',
  -- How the deployments are that it asks for: dry_run, refresh, forced, allow_destroy, items.
  terms jsonb not null default '{}',
  -- As whoever made it said it.
  annotations jsonb not null default '{}',
  paused boolean not null default false,
  next_at timestamptz,
  last_at timestamptz,
  -- What became of it the last time: the deployment, or why it was left out.
  last_deployment_id uuid references deployment on delete set null,
  last_skipped text,
  version int not null default 1,
  created_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index release_schedule_by_environment on release_schedule (environment_id, id);
create index release_schedule_due on release_schedule (next_at) where next_at is not null and not paused;
create index release_schedule_by_last on release_schedule (last_deployment_id)
  where last_deployment_id is not null;

alter table deployment
  -- Whether what really is there is looked at before it is planned.
  add column refresh boolean not null default true,
  add column allow_destroy boolean not null default false,
  -- By which whoever asked finds it again.
  add column trace_id text,
  -- The commit that the catalogue was read at.
  add column source_commit text,
  add column signed_off_by uuid references "user" on delete set null,
  add column signed_off_at timestamptz;
create index deployment_by_trace on deployment (environment_id, trace_id) where trace_id is not null;
create index deployment_signed_off on deployment (environment_id, signed_off_at desc)
  where signed_off_at is not null;

alter table plan
  -- What the executor needs to carry out exactly this plan: where it lies, and what it was made from.
  add column kept jsonb,
  -- Asked for by the plan itself, beside what its environment asks for.
  add column approvals_needed int not null default 0,
  add column approval_reason text;
create index plan_by_kept_blob on plan ((kept ->> 'blob')) where kept ? 'blob';

-- What a plan does inside its items.
create table plan_effect (
  plan_id uuid not null references plan on delete cascade,
  position int not null,
  item_key text not null,
  address text not null,
  action text not null check (action in ('create', 'read', 'update', 'replace', 'delete', 'forget')),
  -- Attribute by attribute; what is secret is not in it.
  attributes jsonb not null default '[]',
  primary key (plan_id, position)
);
