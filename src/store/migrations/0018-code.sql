-- A git repository that code is released from. Several projects may release from one.
create table repository (
  id uuid primary key,
  -- As people and clients say it: acme/shop.
  name text not null,
  url text not null,
  -- What it is fetched and pushed with, sealed.
  credential text,
  -- What signs the messages by which its host says that something was pushed, sealed.
  hook_secret text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index repository_by_name on repository (lower(name));

-- How a project of code releases: from where, under which versions, built how, cut when.
create table code_settings (
  project_id uuid primary key references project on delete cascade,
  repository_id uuid not null references repository,
  -- Null: the one that the repository calls its default.
  branch text,
  -- Only what touches one of these is the project's. None: everything.
  paths text[] not null default '{}',
  -- Tags that stand for releases made elsewhere.
  tag_patterns text[] not null default '{}',
  versions text not null default 'calver' check (versions in ('calver', 'semver')),
  time_zone text not null default 'UTC',
  build_executor text not null default 'none',
  -- Its secrets are sealed for the project.
  build_settings jsonb not null default '{}',
  cut_cron text,
  -- When it is cut next by itself.
  next_cut_at timestamptz,
  -- How often that was tried in vain, since the repository could not be reached, and when it is tried again.
  cut_tries int not null default 0,
  cut_again_at timestamptz,
  -- Where each candidate goes by itself once it is ready.
  deploy_to uuid references environment on delete set null,
  -- Whether branches of picks are pushed to the repository.
  push boolean not null default false,
  -- What the branches of candidates begin with, and who commits to them.
  branch_prefix text not null,
  author_name text not null,
  author_email text not null,
  version int not null default 1,
  updated_at timestamptz not null
);
create index code_settings_by_repository on code_settings (repository_id);
create index code_settings_by_deploy_to on code_settings (deploy_to) where deploy_to is not null;
create index code_settings_due on code_settings (next_cut_at) where next_cut_at is not null;

-- A release candidate. It is the revision of its number; without one it is a number that is reserved.
create table candidate (
  id uuid primary key,
  -- As others outside know it.
  ordinal bigint not null generated always as identity unique,
  project_id uuid not null references project on delete cascade,
  release_id uuid not null references release on delete cascade,
  number int not null check (number >= 1),
  -- The release's version and the number, as people say it: 2026.11.21-1-rc2.
  version text not null,
  state text not null check (state in
    ('picking', 'conflicted', 'pick_failed', 'dropped', 'building', 'build_failed', 'ready')),
  -- Null while it is picked.
  commit_sha text,
  -- The candidate that it was picked on.
  base_id uuid references candidate on delete set null,
  -- The branch that it has of its own.
  branch text,
  revision_id uuid unique references revision on delete set null,
  build_run_id uuid references run on delete set null,
  pick_run_id uuid references run on delete set null,
  -- A bundle of the commits that only we have, among the blobs.
  bundle_digest text,
  -- Why its branches could not be pushed, where they were to be.
  push_failure text,
  -- Where it goes by itself once it is ready.
  deploy_to uuid references environment on delete set null,
  cause text not null check (cause in ('person', 'schedule', 'agent', 'automation')),
  failure_detail text,
  version_number int not null default 1,
  created_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  ready_at timestamptz,
  unique (project_id, version),
  unique (release_id, number),
  check ((revision_id is null) or (commit_sha is not null))
);
create index candidate_by_project on candidate (project_id, ordinal desc);
create index candidate_by_commit on candidate (project_id, commit_sha) where commit_sha is not null;
create index candidate_by_base on candidate (base_id) where base_id is not null;
create index candidate_by_build on candidate (build_run_id) where build_run_id is not null;
create index candidate_by_pick on candidate (pick_run_id) where pick_run_id is not null;
create index candidate_by_bundle on candidate (bundle_digest) where bundle_digest is not null;
create index candidate_to_deploy on candidate (deploy_to) where deploy_to is not null;

-- What was picked, or asked to be, into which candidate; and which candidates have it without.
create table candidate_pick (
  candidate_id uuid not null references candidate on delete cascade,
  -- The commit on its own branch.
  source_sha text not null,
  position int not null default 0,
  patch_id text,
  pull_request int,
  title text not null default '',
  outcome text not null check (outcome in ('wanted', 'picked', 'conflicted', 'included')),
  -- What it became.
  commit_sha text,
  -- Where its conflict can be resolved.
  conflict_branch text,
  conflict_paths text[] not null default '{}',
  -- Of each path what git calls its conflict; `, without markers` where both sides cannot stand there.
  conflict_kinds text[] not null default '{}',
  primary key (candidate_id, source_sha)
);
create index candidate_pick_by_source on candidate_pick (source_sha);
create index candidate_pick_by_commit on candidate_pick (commit_sha) where commit_sha is not null;
create index candidate_pick_by_patch on candidate_pick (patch_id) where patch_id is not null;

-- What a commit changes, whatever it stands on: two commits with one patch id are one change.
create table commit_patch (
  repository_id uuid not null references repository on delete cascade,
  commit_sha text not null,
  patch_id text not null,
  primary key (repository_id, commit_sha)
);
create index commit_patch_by_patch on commit_patch (repository_id, patch_id);

-- Releases of code are found by their names, and their days by how those begin.
create index release_by_name on release (project_id, name text_pattern_ops) where not one_shot;

alter table run add column candidate_id uuid references candidate on delete set null;
create index run_by_candidate on run (candidate_id, id desc) where candidate_id is not null;

alter table environment
  -- Whether what succeeds in its parent goes on to it by itself.
  add column auto_promote boolean not null default false;

alter table deployment
  -- What was live when it was asked for, where one revision is all that is live.
  add column from_revision_id uuid references revision on delete set null,
  -- Whether it succeeded and has not been taken on to the environments after it yet.
  add column promotion_due boolean not null default false;
create index deployment_to_promote on deployment (finished_at) where promotion_due;
create index deployment_by_from on deployment (from_revision_id) where from_revision_id is not null;
-- The history of an environment in the order of the numbers that others outside see.
create index deployment_by_environment_number on deployment (environment_id, number desc);

alter table gate_override drop constraint gate_override_gate_check;
alter table gate_override add constraint gate_override_gate_check
  check (gate in ('lock', 'freeze', 'hold', 'parent', 'pick', 'approval'));

alter table dispatch
  -- What the outside calls what it does for us, where it said so.
  add column outside_id text;
create index dispatch_by_outside_id on dispatch (executor, outside_id) where outside_id is not null;
