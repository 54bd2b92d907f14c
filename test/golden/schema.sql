create table approval (
  deployment_id uuid not null,
  plan_digest text not null,
  user_id uuid not null,
  verdict text not null,
  reason text,
  at timestamp with time zone not null,
  constraint approval_pkey PRIMARY KEY (deployment_id, plan_digest, user_id),
  constraint approval_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployment(id) ON DELETE CASCADE,
  constraint approval_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE,
  constraint approval_verdict_check CHECK ((verdict = ANY (ARRAY['approved'::text, 'rejected'::text])))
);

create table bulk_job (
  id uuid not null,
  project_id uuid not null,
  branch text not null,
  kind text not null,
  release_id uuid,
  with_references boolean not null,
  locales text[] not null,
  requested_by uuid,
  created_at timestamp with time zone not null,
  constraint bulk_job_pkey PRIMARY KEY (id),
  constraint bulk_job_kind_check CHECK ((kind = ANY (ARRAY['add'::text, 'refresh'::text, 'publish'::text, 'unpublish'::text, 'delete'::text]))),
  constraint bulk_job_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint bulk_job_release_id_fkey FOREIGN KEY (release_id) REFERENCES release(id) ON DELETE SET NULL,
  constraint bulk_job_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES "user"(id) ON DELETE SET NULL
);
CREATE INDEX bulk_job_by_age ON public.bulk_job USING btree (created_at);
CREATE INDEX bulk_job_by_project ON public.bulk_job USING btree (project_id, branch, id DESC);
CREATE INDEX bulk_job_by_release ON public.bulk_job USING btree (release_id) WHERE (release_id IS NOT NULL);

create table bulk_job_item (
  job_id uuid not null,
  "position" integer not null,
  item_key text not null,
  kind text not null,
  action text not null,
  version text,
  title text not null,
  depth integer not null,
  outcome text,
  code text,
  field text,
  reason text,
  constraint bulk_job_item_pkey PRIMARY KEY (job_id, "position"),
  constraint bulk_job_item_action_check CHECK ((action = ANY (ARRAY['publish'::text, 'unpublish'::text, 'delete'::text]))),
  constraint bulk_job_item_job_id_fkey FOREIGN KEY (job_id) REFERENCES bulk_job(id) ON DELETE CASCADE,
  constraint bulk_job_item_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'unchanged'::text, 'failed'::text])))
);
CREATE INDEX bulk_job_item_by_key ON public.bulk_job_item USING btree (job_id, item_key);

create table candidate (
  id uuid not null,
  ordinal bigint not null generated always as identity,
  project_id uuid not null,
  release_id uuid not null,
  number integer not null,
  version text not null,
  state text not null,
  commit_sha text,
  base_id uuid,
  branch text,
  revision_id uuid,
  build_run_id uuid,
  pick_run_id uuid,
  bundle_digest text,
  push_failure text,
  deploy_to uuid,
  cause text not null,
  failure_detail text,
  version_number integer not null default 1,
  created_by uuid,
  created_at timestamp with time zone not null,
  ready_at timestamp with time zone,
  constraint candidate_pkey PRIMARY KEY (id),
  constraint candidate_base_id_fkey FOREIGN KEY (base_id) REFERENCES candidate(id) ON DELETE SET NULL,
  constraint candidate_build_run_id_fkey FOREIGN KEY (build_run_id) REFERENCES run(id) ON DELETE SET NULL,
  constraint candidate_cause_check CHECK ((cause = ANY (ARRAY['person'::text, 'schedule'::text, 'agent'::text, 'automation'::text]))),
  constraint candidate_check CHECK (((revision_id IS NULL) OR (commit_sha IS NOT NULL))),
  constraint candidate_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint candidate_deploy_to_fkey FOREIGN KEY (deploy_to) REFERENCES environment(id) ON DELETE SET NULL,
  constraint candidate_number_check CHECK ((number >= 1)),
  constraint candidate_ordinal_key UNIQUE (ordinal),
  constraint candidate_pick_run_id_fkey FOREIGN KEY (pick_run_id) REFERENCES run(id) ON DELETE SET NULL,
  constraint candidate_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint candidate_project_id_version_key UNIQUE (project_id, version),
  constraint candidate_release_id_fkey FOREIGN KEY (release_id) REFERENCES release(id) ON DELETE CASCADE,
  constraint candidate_release_id_number_key UNIQUE (release_id, number),
  constraint candidate_revision_id_fkey FOREIGN KEY (revision_id) REFERENCES revision(id) ON DELETE SET NULL,
  constraint candidate_revision_id_key UNIQUE (revision_id),
  constraint candidate_state_check CHECK ((state = ANY (ARRAY['picking'::text, 'conflicted'::text, 'pick_failed'::text, 'dropped'::text, 'building'::text, 'build_failed'::text, 'ready'::text])))
);
CREATE INDEX candidate_by_base ON public.candidate USING btree (base_id) WHERE (base_id IS NOT NULL);
CREATE INDEX candidate_by_build ON public.candidate USING btree (build_run_id) WHERE (build_run_id IS NOT NULL);
CREATE INDEX candidate_by_bundle ON public.candidate USING btree (bundle_digest) WHERE (bundle_digest IS NOT NULL);
CREATE INDEX candidate_by_commit ON public.candidate USING btree (project_id, commit_sha) WHERE (commit_sha IS NOT NULL);
CREATE INDEX candidate_by_pick ON public.candidate USING btree (pick_run_id) WHERE (pick_run_id IS NOT NULL);
CREATE INDEX candidate_by_project ON public.candidate USING btree (project_id, ordinal DESC);
CREATE INDEX candidate_to_deploy ON public.candidate USING btree (deploy_to) WHERE (deploy_to IS NOT NULL);

create table candidate_pick (
  candidate_id uuid not null,
  source_sha text not null,
  "position" integer not null default 0,
  patch_id text,
  pull_request integer,
  title text not null default ''::text,
  outcome text not null,
  commit_sha text,
  conflict_branch text,
  conflict_paths text[] not null default '{}'::text[],
  conflict_kinds text[] not null default '{}'::text[],
  constraint candidate_pick_pkey PRIMARY KEY (candidate_id, source_sha),
  constraint candidate_pick_candidate_id_fkey FOREIGN KEY (candidate_id) REFERENCES candidate(id) ON DELETE CASCADE,
  constraint candidate_pick_outcome_check CHECK ((outcome = ANY (ARRAY['wanted'::text, 'picked'::text, 'conflicted'::text, 'included'::text])))
);
CREATE INDEX candidate_pick_by_commit ON public.candidate_pick USING btree (commit_sha) WHERE (commit_sha IS NOT NULL);
CREATE INDEX candidate_pick_by_patch ON public.candidate_pick USING btree (patch_id) WHERE (patch_id IS NOT NULL);
CREATE INDEX candidate_pick_by_source ON public.candidate_pick USING btree (source_sha);

create table chore (
  name text not null,
  taken_at timestamp with time zone not null,
  constraint chore_pkey PRIMARY KEY (name)
);

create table code_settings (
  project_id uuid not null,
  repository_id uuid not null,
  branch text,
  paths text[] not null default '{}'::text[],
  tag_patterns text[] not null default '{}'::text[],
  versions text not null default 'calver'::text,
  time_zone text not null default 'UTC'::text,
  build_executor text not null default 'none'::text,
  build_settings jsonb not null default '{}'::jsonb,
  cut_cron text,
  next_cut_at timestamp with time zone,
  cut_tries integer not null default 0,
  cut_again_at timestamp with time zone,
  deploy_to uuid,
  push boolean not null default false,
  branch_prefix text not null,
  author_name text not null,
  author_email text not null,
  version integer not null default 1,
  updated_at timestamp with time zone not null,
  constraint code_settings_pkey PRIMARY KEY (project_id),
  constraint code_settings_deploy_to_fkey FOREIGN KEY (deploy_to) REFERENCES environment(id) ON DELETE SET NULL,
  constraint code_settings_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint code_settings_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES repository(id),
  constraint code_settings_versions_check CHECK ((versions = ANY (ARRAY['calver'::text, 'semver'::text])))
);
CREATE INDEX code_settings_by_deploy_to ON public.code_settings USING btree (deploy_to) WHERE (deploy_to IS NOT NULL);
CREATE INDEX code_settings_by_repository ON public.code_settings USING btree (repository_id);
CREATE INDEX code_settings_due ON public.code_settings USING btree (next_cut_at) WHERE (next_cut_at IS NOT NULL);

create table commit_patch (
  repository_id uuid not null,
  commit_sha text not null,
  patch_id text not null,
  constraint commit_patch_pkey PRIMARY KEY (repository_id, commit_sha),
  constraint commit_patch_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES repository(id) ON DELETE CASCADE
);
CREATE INDEX commit_patch_by_patch ON public.commit_patch USING btree (repository_id, patch_id);

create table content_branch (
  id uuid not null,
  project_id uuid not null,
  uid text not null,
  source text,
  created_by uuid,
  created_at timestamp with time zone not null,
  constraint content_branch_pkey PRIMARY KEY (id),
  constraint content_branch_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint content_branch_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint content_branch_project_id_uid_key UNIQUE (project_id, uid)
);

create table content_branch_alias (
  project_id uuid not null,
  uid text not null,
  branch_id uuid not null,
  created_by uuid,
  updated_by uuid,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint content_branch_alias_pkey PRIMARY KEY (project_id, uid),
  constraint content_branch_alias_branch_id_fkey FOREIGN KEY (branch_id) REFERENCES content_branch(id) ON DELETE CASCADE,
  constraint content_branch_alias_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint content_branch_alias_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint content_branch_alias_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES "user"(id) ON DELETE SET NULL
);
CREATE INDEX content_branch_alias_by_branch ON public.content_branch_alias USING btree (branch_id);

create table content_draft (
  item_id uuid not null,
  locale text not null,
  branch_id uuid not null,
  kind text not null,
  content_type_uid text,
  version integer not null,
  title text not null,
  in_progress boolean not null default false,
  updated_by uuid,
  updated_at timestamp with time zone not null,
  constraint content_draft_pkey PRIMARY KEY (item_id, locale),
  constraint content_draft_item_id_fkey FOREIGN KEY (item_id) REFERENCES content_item(id) ON DELETE CASCADE,
  constraint content_draft_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES "user"(id) ON DELETE SET NULL
);
CREATE INDEX content_draft_list ON public.content_draft USING btree (branch_id, kind, content_type_uid, locale, updated_at DESC, item_id DESC);

create table content_edition (
  environment_id uuid not null,
  ordinal bigint not null generated always as identity,
  deployment_id uuid not null,
  published_at timestamp with time zone not null,
  constraint content_edition_pkey PRIMARY KEY (environment_id, ordinal),
  constraint content_edition_deployment_id_key UNIQUE (deployment_id),
  constraint content_edition_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE
);
CREATE INDEX content_edition_by_time ON public.content_edition USING btree (environment_id, published_at);

create table content_import (
  id uuid not null,
  project_id uuid not null,
  branch text not null,
  format text not null,
  source_branch text,
  dry_run boolean not null,
  publish boolean not null,
  state text not null,
  done integer not null default 0,
  done_items integer not null default 0,
  pieces integer,
  counts jsonb not null default '{}'::jsonb,
  notes integer not null default 0,
  created_by uuid,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint content_import_pkey PRIMARY KEY (id),
  constraint content_import_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint content_import_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint content_import_state_check CHECK ((state = ANY (ARRAY['receiving'::text, 'running'::text, 'finished'::text])))
);
CREATE INDEX content_import_by_project ON public.content_import USING btree (project_id, id DESC);

create table content_import_file (
  import_id uuid not null,
  path text not null,
  content text,
  digest text,
  size bigint not null,
  constraint content_import_file_pkey PRIMARY KEY (import_id, path),
  constraint content_import_file_check CHECK (((content IS NULL) <> (digest IS NULL))),
  constraint content_import_file_import_id_fkey FOREIGN KEY (import_id) REFERENCES content_import(id) ON DELETE CASCADE
);
CREATE INDEX content_import_file_text ON public.content_import_file USING btree (import_id, path) WHERE (content IS NOT NULL);

create table content_import_note (
  import_id uuid not null,
  "position" integer not null,
  kind text not null,
  file text not null,
  item text,
  detail text not null,
  constraint content_import_note_pkey PRIMARY KEY (import_id, "position"),
  constraint content_import_note_import_id_fkey FOREIGN KEY (import_id) REFERENCES content_import(id) ON DELETE CASCADE,
  constraint content_import_note_kind_check CHECK ((kind = ANY (ARRAY['skipped'::text, 'changed'::text, 'not_published'::text])))
);

create table content_import_publication (
  import_id uuid not null,
  environment_id uuid not null,
  uid text not null,
  locale text not null,
  kind text not null,
  source_locale text not null,
  version integer not null,
  file text not null,
  published_at timestamp with time zone,
  outcome text,
  deployment_id uuid,
  constraint content_import_publication_pkey PRIMARY KEY (import_id, environment_id, uid, locale),
  constraint content_import_publication_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployment(id) ON DELETE SET NULL,
  constraint content_import_publication_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE,
  constraint content_import_publication_import_id_fkey FOREIGN KEY (import_id) REFERENCES content_import(id) ON DELETE CASCADE,
  constraint content_import_publication_outcome_check CHECK ((outcome = ANY (ARRAY['requested'::text, 'live'::text, 'waiting'::text, 'refused'::text])))
);
CREATE INDEX content_import_publication_asked ON public.content_import_publication USING btree (environment_id, uid, locale, version) WHERE (deployment_id IS NOT NULL);
CREATE INDEX content_import_publication_deployment ON public.content_import_publication USING btree (deployment_id) WHERE (deployment_id IS NOT NULL);
CREATE INDEX content_import_publication_open ON public.content_import_publication USING btree (import_id, environment_id, uid, locale) WHERE (outcome IS NULL);

create table content_item (
  id uuid not null,
  branch_id uuid not null,
  uid text not null,
  kind text not null,
  content_type_uid text,
  parent_uid text,
  created_by uuid,
  created_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  constraint content_item_pkey PRIMARY KEY (id),
  constraint content_item_branch_id_fkey FOREIGN KEY (branch_id) REFERENCES content_branch(id) ON DELETE CASCADE,
  constraint content_item_branch_id_uid_key UNIQUE (branch_id, uid),
  constraint content_item_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint content_item_kind_check CHECK ((kind = ANY (ARRAY['entry'::text, 'asset'::text, 'folder'::text])))
);
CREATE INDEX content_item_by_place ON public.content_item USING btree (branch_id, kind, content_type_uid, parent_uid) WHERE (deleted_at IS NULL);

create table content_locale (
  id uuid not null,
  project_id uuid not null,
  code text not null,
  name text not null,
  fallback_code text,
  created_by uuid,
  updated_by uuid,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint content_locale_pkey PRIMARY KEY (id),
  constraint content_locale_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint content_locale_project_id_code_key UNIQUE (project_id, code),
  constraint content_locale_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint content_locale_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES "user"(id) ON DELETE SET NULL
);
CREATE UNIQUE INDEX content_locale_master ON public.content_locale USING btree (project_id) WHERE (fallback_code IS NULL);

create table content_published (
  environment_id uuid not null,
  item_id uuid not null,
  locale text not null,
  branch_id uuid not null,
  kind text not null,
  content_type_uid text,
  version integer not null,
  source_locale text not null,
  published_by uuid,
  published_at timestamp with time zone not null,
  deployment_id uuid not null,
  constraint content_published_pkey PRIMARY KEY (item_id, environment_id, locale),
  constraint content_published_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE
);
CREATE INDEX content_published_list ON public.content_published USING btree (environment_id, branch_id, kind, content_type_uid, locale, item_id);

create table content_type (
  id uuid not null,
  branch_id uuid not null,
  uid text not null,
  title text not null,
  description text not null default ''::text,
  version integer not null,
  fields jsonb not null,
  options jsonb not null default '{}'::jsonb,
  created_by uuid,
  updated_by uuid,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint content_type_pkey PRIMARY KEY (id),
  constraint content_type_branch_id_fkey FOREIGN KEY (branch_id) REFERENCES content_branch(id) ON DELETE CASCADE,
  constraint content_type_branch_id_uid_key UNIQUE (branch_id, uid),
  constraint content_type_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint content_type_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES "user"(id) ON DELETE SET NULL
);
CREATE UNIQUE INDEX content_type_title ON public.content_type USING btree (branch_id, lower(title));

create table content_type_removal (
  branch_id uuid not null,
  ordinal bigint not null generated always as identity,
  content_type_uid text not null,
  removed_at timestamp with time zone not null,
  constraint content_type_removal_pkey PRIMARY KEY (branch_id, ordinal),
  constraint content_type_removal_branch_id_fkey FOREIGN KEY (branch_id) REFERENCES content_branch(id) ON DELETE CASCADE
);

create table content_type_version (
  content_type_id uuid not null,
  version integer not null,
  title text not null,
  description text not null,
  fields jsonb not null,
  options jsonb not null,
  updated_by uuid,
  updated_at timestamp with time zone not null,
  constraint content_type_version_pkey PRIMARY KEY (content_type_id, version),
  constraint content_type_version_content_type_id_fkey FOREIGN KEY (content_type_id) REFERENCES content_type(id) ON DELETE CASCADE,
  constraint content_type_version_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES "user"(id) ON DELETE SET NULL
);

create table content_unique (
  branch_id uuid not null,
  content_type_uid text not null,
  field text not null,
  locale text not null,
  value_sha256 bytea not null,
  item_id uuid not null,
  constraint content_unique_pkey PRIMARY KEY (branch_id, content_type_uid, field, locale, value_sha256),
  constraint content_unique_branch_id_fkey FOREIGN KEY (branch_id) REFERENCES content_branch(id) ON DELETE CASCADE,
  constraint content_unique_item_id_fkey FOREIGN KEY (item_id) REFERENCES content_item(id) ON DELETE CASCADE
);
CREATE INDEX content_unique_by_item ON public.content_unique USING btree (item_id, locale);

create table content_version (
  item_id uuid not null,
  locale text not null,
  version integer not null,
  name text,
  title text not null,
  data jsonb not null,
  type_version integer,
  reference_uids text[] not null default '{}'::text[],
  created_by uuid,
  created_at timestamp with time zone not null,
  constraint content_version_pkey PRIMARY KEY (item_id, locale, version),
  constraint content_version_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint content_version_item_id_fkey FOREIGN KEY (item_id) REFERENCES content_item(id) ON DELETE CASCADE
);
CREATE INDEX content_version_by_value ON public.content_version USING gin (data jsonb_path_ops);
CREATE INDEX content_version_references ON public.content_version USING gin (reference_uids);

create table deployment (
  id uuid not null,
  request_id uuid not null,
  project_id uuid not null,
  environment_id uuid not null,
  release_id uuid not null,
  revision_id uuid not null,
  plan_id uuid,
  rolls_back uuid,
  state text not null,
  driver text not null,
  selected_keys text[],
  forced boolean not null default false,
  dry_run boolean not null default false,
  on_item_failure text not null,
  when_busy text not null,
  when_shut text not null,
  due_at timestamp with time zone,
  misfire jsonb not null,
  reason text,
  failure_code text,
  failure_detail text,
  counts jsonb not null default '{}'::jsonb,
  attempt integer not null default 0,
  version integer not null default 1,
  annotations jsonb not null default '{}'::jsonb,
  requested_by uuid,
  requested_by_token uuid,
  requested_at timestamp with time zone not null,
  queued_at timestamp with time zone,
  turn bigint,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  cause text not null default 'person'::text,
  approval_expires_at timestamp with time zone,
  deploys_plan uuid,
  retries uuid,
  reported text,
  number bigint not null generated always as identity,
  deletes boolean not null default false,
  from_revision_id uuid,
  promotion_due boolean not null default false,
  refresh boolean not null default true,
  allow_destroy boolean not null default false,
  trace_id text,
  source_commit text,
  signed_off_by uuid,
  signed_off_at timestamp with time zone,
  constraint deployment_pkey PRIMARY KEY (id),
  constraint deployment_cause_check CHECK ((cause = ANY (ARRAY['person'::text, 'schedule'::text, 'agent'::text, 'automation'::text]))),
  constraint deployment_deploys_plan_fkey FOREIGN KEY (deploys_plan) REFERENCES plan(id) ON DELETE SET NULL,
  constraint deployment_driver_check CHECK ((driver = ANY (ARRAY['engine'::text, 'inline'::text, 'caller'::text]))),
  constraint deployment_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE,
  constraint deployment_from_revision_id_fkey FOREIGN KEY (from_revision_id) REFERENCES revision(id) ON DELETE SET NULL,
  constraint deployment_on_item_failure_check CHECK ((on_item_failure = ANY (ARRAY['stop'::text, 'continue'::text]))),
  constraint deployment_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plan(id) ON DELETE SET NULL,
  constraint deployment_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint deployment_release_id_fkey FOREIGN KEY (release_id) REFERENCES release(id) ON DELETE CASCADE,
  constraint deployment_reported_check CHECK ((reported = ANY (ARRAY['pending'::text, 'in_progress'::text, 'success'::text, 'failure'::text, 'canceling'::text, 'canceled'::text, 'error'::text, 'unknown'::text]))),
  constraint deployment_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint deployment_requested_by_token_fkey FOREIGN KEY (requested_by_token) REFERENCES token(id) ON DELETE SET NULL,
  constraint deployment_retries_fkey FOREIGN KEY (retries) REFERENCES deployment(id) ON DELETE SET NULL,
  constraint deployment_revision_id_fkey FOREIGN KEY (revision_id) REFERENCES revision(id) ON DELETE CASCADE,
  constraint deployment_rolls_back_fkey FOREIGN KEY (rolls_back) REFERENCES deployment(id) ON DELETE SET NULL,
  constraint deployment_signed_off_by_fkey FOREIGN KEY (signed_off_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint deployment_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'queued'::text, 'planning'::text, 'awaiting_approval'::text, 'applying'::text, 'canceling'::text, 'invalid'::text, 'expired'::text, 'unchanged'::text, 'planned'::text, 'rejected'::text, 'succeeded'::text, 'partly_succeeded'::text, 'failed'::text, 'canceled'::text]))),
  constraint deployment_when_busy_check CHECK ((when_busy = ANY (ARRAY['wait'::text, 'refuse'::text]))),
  constraint deployment_when_shut_check CHECK ((when_shut = ANY (ARRAY['wait'::text, 'refuse'::text])))
);
CREATE INDEX deployment_awaiting ON public.deployment USING btree (environment_id, id) WHERE (state = 'awaiting_approval'::text);
CREATE INDEX deployment_by_due ON public.deployment USING btree (project_id, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX deployment_by_end ON public.deployment USING btree (project_id, finished_at) WHERE (finished_at IS NOT NULL);
CREATE INDEX deployment_by_environment ON public.deployment USING btree (environment_id, id DESC);
CREATE INDEX deployment_by_environment_number ON public.deployment USING btree (environment_id, number DESC);
CREATE INDEX deployment_by_from ON public.deployment USING btree (from_revision_id) WHERE (from_revision_id IS NOT NULL);
CREATE UNIQUE INDEX deployment_by_number ON public.deployment USING btree (number);
CREATE INDEX deployment_by_plan ON public.deployment USING btree (plan_id) WHERE (plan_id IS NOT NULL);
CREATE INDEX deployment_by_project ON public.deployment USING btree (project_id, id DESC);
CREATE INDEX deployment_by_release ON public.deployment USING btree (release_id, id DESC);
CREATE INDEX deployment_by_request ON public.deployment USING btree (request_id, id);
CREATE INDEX deployment_by_revision ON public.deployment USING btree (revision_id);
CREATE INDEX deployment_by_token ON public.deployment USING btree (requested_by_token) WHERE (requested_by_token IS NOT NULL);
CREATE INDEX deployment_by_trace ON public.deployment USING btree (environment_id, trace_id) WHERE (trace_id IS NOT NULL);
CREATE INDEX deployment_deploys_plan ON public.deployment USING btree (deploys_plan) WHERE (deploys_plan IS NOT NULL);
CREATE INDEX deployment_due ON public.deployment USING btree (due_at, id) WHERE (state = 'requested'::text);
CREATE INDEX deployment_effective ON public.deployment USING btree (environment_id, finished_at DESC, id DESC) WHERE ((state = ANY (ARRAY['succeeded'::text, 'partly_succeeded'::text])) AND (rolls_back IS NULL));
CREATE INDEX deployment_in_doubt ON public.deployment USING btree (environment_id, finished_at DESC, id DESC) WHERE ((state = ANY (ARRAY['failed'::text, 'canceled'::text])) AND (counts ? 'uncertain'::text) AND (rolls_back IS NULL));
CREATE UNIQUE INDEX deployment_one_running ON public.deployment USING btree (environment_id) WHERE ((state = ANY (ARRAY['planning'::text, 'awaiting_approval'::text, 'applying'::text, 'canceling'::text])) AND (driver <> 'caller'::text));
CREATE INDEX deployment_queued ON public.deployment USING btree (environment_id, turn) WHERE (state = 'queued'::text);
CREATE INDEX deployment_requested ON public.deployment USING btree (environment_id, id) WHERE (state = 'requested'::text);
CREATE INDEX deployment_restoring ON public.deployment USING btree (environment_id, finished_at) WHERE (state = 'succeeded'::text);
CREATE INDEX deployment_retries ON public.deployment USING btree (retries) WHERE (retries IS NOT NULL);
CREATE INDEX deployment_rolled_back ON public.deployment USING btree (rolls_back) WHERE (rolls_back IS NOT NULL);
CREATE INDEX deployment_signed_off ON public.deployment USING btree (environment_id, signed_off_at DESC) WHERE (signed_off_at IS NOT NULL);
CREATE INDEX deployment_to_promote ON public.deployment USING btree (finished_at) WHERE promotion_due;
CREATE TRIGGER deployment_removed AFTER DELETE ON public.deployment REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION remove_deployment_items();
CREATE OR REPLACE FUNCTION public.remove_deployment_items()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from deployment_item using gone where deployment_id = gone.id;
  return null;
end
$function$;

create table deployment_item (
  deployment_id uuid not null,
  "position" integer not null,
  item_key text not null,
  kind text not null,
  title text not null,
  action text not null,
  before text,
  after text,
  outcome text not null,
  code text,
  reason text,
  uncertain boolean not null default false,
  constraint deployment_item_pkey PRIMARY KEY (deployment_id, "position"),
  constraint deployment_item_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'unchanged'::text, 'failed'::text, 'left'::text])))
);

create table deployment_step (
  deployment_id uuid not null,
  attempt integer not null,
  name text not null,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  outcome text,
  constraint deployment_step_pkey PRIMARY KEY (deployment_id, attempt, name),
  constraint deployment_step_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployment(id) ON DELETE CASCADE,
  constraint deployment_step_name_check CHECK ((name = ANY (ARRAY['plan'::text, 'apply'::text])))
);

create table dispatch (
  id uuid not null,
  deployment_id uuid,
  run_id uuid,
  attempt integer not null,
  executor text not null,
  settings jsonb not null,
  state text not null,
  progress jsonb not null default '{}'::jsonb,
  tokens_sha256 bytea[] not null default '{}'::bytea[],
  reported jsonb,
  cancel_sent_at timestamp with time zone,
  resume_at timestamp with time zone,
  deadline_at timestamp with time zone not null,
  begun_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  outside_id text,
  constraint dispatch_pkey PRIMARY KEY (id),
  constraint dispatch_check CHECK (((deployment_id IS NULL) <> (run_id IS NULL))),
  constraint dispatch_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployment(id) ON DELETE CASCADE,
  constraint dispatch_deployment_id_key UNIQUE (deployment_id),
  constraint dispatch_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE,
  constraint dispatch_run_id_key UNIQUE (run_id),
  constraint dispatch_state_check CHECK ((state = ANY (ARRAY['begun'::text, 'waiting'::text, 'pausing'::text, 'ended'::text])))
);
CREATE INDEX dispatch_by_outside_id ON public.dispatch USING btree (executor, outside_id) WHERE (outside_id IS NOT NULL);
CREATE INDEX dispatch_due ON public.dispatch USING btree (COALESCE(resume_at, deadline_at)) WHERE (state = ANY (ARRAY['waiting'::text, 'pausing'::text]));

create table drift (
  id uuid not null,
  environment_id uuid not null,
  run_id uuid,
  deployment_id uuid,
  outcome text not null,
  items jsonb not null default '[]'::jsonb,
  drifted integer not null default 0,
  ignored integer not null default 0,
  state_version bigint,
  detail text,
  created_at timestamp with time zone not null,
  constraint drift_pkey PRIMARY KEY (id),
  constraint drift_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployment(id) ON DELETE SET NULL,
  constraint drift_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE,
  constraint drift_outcome_check CHECK ((outcome = ANY (ARRAY['clean'::text, 'drifted'::text, 'failed'::text, 'skipped'::text]))),
  constraint drift_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE SET NULL
);
CREATE INDEX drift_by_deployment ON public.drift USING btree (deployment_id) WHERE (deployment_id IS NOT NULL);
CREATE INDEX drift_by_environment ON public.drift USING btree (environment_id, id DESC);
CREATE INDEX drift_by_run ON public.drift USING btree (run_id) WHERE (run_id IS NOT NULL);
CREATE INDEX drift_said ON public.drift USING btree (environment_id, id DESC) WHERE (outcome = ANY (ARRAY['clean'::text, 'drifted'::text]));

create table drift_ignore (
  id uuid not null,
  environment_id uuid not null,
  item_key text not null,
  address text,
  attribute text,
  until timestamp with time zone,
  reason text,
  created_by uuid,
  created_at timestamp with time zone not null,
  constraint drift_ignore_pkey PRIMARY KEY (id),
  constraint drift_ignore_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint drift_ignore_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE
);
CREATE INDEX drift_ignore_by_environment ON public.drift_ignore USING btree (environment_id, item_key);

create table environment (
  id uuid not null,
  project_id uuid not null,
  name text not null,
  "position" integer not null,
  tier text,
  parent_id uuid,
  requires_parent boolean not null default false,
  executor text not null,
  annotations jsonb not null default '{}'::jsonb,
  version integer not null default 1,
  created_by uuid,
  updated_by uuid,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  approvals_needed integer not null default 0,
  approval_timeout_seconds integer not null default 86400,
  executor_settings jsonb not null default '{}'::jsonb,
  auto_promote boolean not null default false,
  constraint environment_pkey PRIMARY KEY (id),
  constraint environment_approval_timeout_seconds_check CHECK ((approval_timeout_seconds > 0)),
  constraint environment_approvals_needed_check CHECK (((approvals_needed >= 0) AND (approvals_needed <= 100))),
  constraint environment_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint environment_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES environment(id) ON DELETE SET NULL,
  constraint environment_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint environment_project_id_name_key UNIQUE (project_id, name),
  constraint environment_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES "user"(id) ON DELETE SET NULL
);
CREATE INDEX environment_parent ON public.environment USING btree (parent_id) WHERE (parent_id IS NOT NULL);

create table event (
  ordinal bigint not null generated always as identity,
  id uuid not null,
  xact xid8 not null default pg_current_xact_id(),
  at timestamp with time zone not null,
  kind text not null,
  project_id uuid,
  environment_id uuid,
  subject_id uuid,
  actor jsonb not null,
  reason text,
  data jsonb not null default '{}'::jsonb,
  constraint event_pkey PRIMARY KEY (ordinal),
  constraint event_id_key UNIQUE (id)
);
CREATE INDEX event_by_project ON public.event USING btree (project_id, ordinal DESC);
CREATE INDEX event_by_subject ON public.event USING btree (subject_id, ordinal) WHERE (subject_id IS NOT NULL);
CREATE INDEX event_by_xact ON public.event USING btree (xact, ordinal);

create table event_anchor (
  one boolean not null default true,
  "position" bigint not null,
  hash bytea not null,
  pruned_at timestamp with time zone not null,
  keep_days integer not null,
  constraint event_anchor_pkey PRIMARY KEY (one),
  constraint event_anchor_one_check CHECK (one),
  constraint event_anchor_position_check CHECK (("position" > 0))
);

create table event_seal (
  "position" bigint not null,
  ordinal bigint not null,
  xact xid8 not null,
  hash bytea not null,
  constraint event_seal_pkey PRIMARY KEY ("position"),
  constraint event_seal_ordinal_fkey FOREIGN KEY (ordinal) REFERENCES event(ordinal),
  constraint event_seal_ordinal_key UNIQUE (ordinal)
);

create table external_id (
  surface text not null,
  kind text not null,
  external text not null,
  internal uuid not null,
  constraint external_id_pkey PRIMARY KEY (surface, kind, external),
  constraint external_id_surface_kind_internal_key UNIQUE (surface, kind, internal)
);

create table freeze (
  id uuid not null,
  project_id uuid not null,
  environment_id uuid,
  kind text not null,
  name text not null,
  rrule text,
  start text,
  duration_minutes integer,
  time_zone text,
  starts_on text,
  reason text,
  expires_at timestamp with time zone,
  origin text not null,
  created_by uuid,
  created_at timestamp with time zone not null,
  lifted_at timestamp with time zone,
  lifted_by uuid,
  lift_reason text,
  constraint freeze_pkey PRIMARY KEY (id),
  constraint freeze_check CHECK (((kind = 'window'::text) = ((rrule IS NOT NULL) AND (start IS NOT NULL) AND (duration_minutes IS NOT NULL) AND (time_zone IS NOT NULL) AND (starts_on IS NOT NULL)))),
  constraint freeze_check1 CHECK (((kind = 'window'::text) OR (reason IS NOT NULL))),
  constraint freeze_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint freeze_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE,
  constraint freeze_kind_check CHECK ((kind = ANY (ARRAY['window'::text, 'emergency'::text]))),
  constraint freeze_lifted_by_fkey FOREIGN KEY (lifted_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint freeze_origin_check CHECK ((origin = ANY (ARRAY['configuration'::text, 'request'::text]))),
  constraint freeze_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE
);
CREATE INDEX freeze_by_environment ON public."freeze" USING btree (environment_id) WHERE (environment_id IS NOT NULL);
CREATE INDEX freeze_by_project ON public."freeze" USING btree (project_id, id DESC);
CREATE UNIQUE INDEX freeze_declared ON public."freeze" USING btree (environment_id, name) WHERE ((origin = 'configuration'::text) AND (lifted_at IS NULL));
CREATE INDEX freeze_set ON public."freeze" USING btree (project_id, id DESC) WHERE (lifted_at IS NULL);

create table gate_override (
  deployment_id uuid not null,
  gate text not null,
  user_id uuid,
  reason text not null,
  at timestamp with time zone not null,
  constraint gate_override_pkey PRIMARY KEY (deployment_id, gate),
  constraint gate_override_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployment(id) ON DELETE CASCADE,
  constraint gate_override_gate_check CHECK ((gate = ANY (ARRAY['lock'::text, 'freeze'::text, 'hold'::text, 'parent'::text, 'pick'::text, 'approval'::text]))),
  constraint gate_override_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE SET NULL
);

create table hold (
  id uuid not null,
  environment_id uuid not null,
  revision_ids uuid[] not null,
  reason text,
  deployment_id uuid,
  created_by uuid,
  created_at timestamp with time zone not null,
  released_at timestamp with time zone,
  released_by uuid,
  release_reason text,
  namings jsonb not null default '[]'::jsonb,
  constraint hold_pkey PRIMARY KEY (id),
  constraint hold_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint hold_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployment(id) ON DELETE SET NULL,
  constraint hold_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE,
  constraint hold_released_by_fkey FOREIGN KEY (released_by) REFERENCES "user"(id) ON DELETE SET NULL
);
CREATE INDEX hold_by_deployment ON public.hold USING btree (deployment_id) WHERE (deployment_id IS NOT NULL);
CREATE INDEX hold_by_environment ON public.hold USING btree (environment_id, id DESC);
CREATE UNIQUE INDEX hold_open ON public.hold USING btree (environment_id) WHERE (released_at IS NULL);

create table idempotency_key (
  caller_id uuid not null,
  key text not null,
  claim_id uuid not null,
  method text not null,
  path text not null,
  fingerprint text not null,
  claimed_until timestamp with time zone not null,
  done_at timestamp with time zone,
  done_events jsonb not null default '[]'::jsonb,
  answered_at timestamp with time zone,
  answer text,
  expires_at timestamp with time zone not null,
  constraint idempotency_key_pkey PRIMARY KEY (caller_id, key),
  constraint idempotency_key_check CHECK (((answered_at IS NULL) = (answer IS NULL)))
);
CREATE INDEX idempotency_key_expiry ON public.idempotency_key USING btree (expires_at);

create table infra_artifact (
  id uuid not null,
  project_id uuid not null,
  application text not null,
  uri text not null,
  environment_id uuid,
  release_stream text,
  external_id text,
  tag text,
  description text,
  metadata jsonb not null default '{}'::jsonb,
  restores uuid,
  registered_by uuid,
  created_at timestamp with time zone not null,
  constraint infra_artifact_pkey PRIMARY KEY (id),
  constraint infra_artifact_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE,
  constraint infra_artifact_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint infra_artifact_registered_by_fkey FOREIGN KEY (registered_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint infra_artifact_restores_fkey FOREIGN KEY (restores) REFERENCES infra_artifact(id) ON DELETE SET NULL
);
CREATE INDEX infra_artifact_by_application ON public.infra_artifact USING btree (project_id, application, id DESC);
CREATE INDEX infra_artifact_by_environment ON public.infra_artifact USING btree (environment_id, application, id DESC) WHERE (environment_id IS NOT NULL);
CREATE INDEX infra_artifact_by_restored ON public.infra_artifact USING btree (restores) WHERE (restores IS NOT NULL);

create table infra_environment (
  environment_id uuid not null,
  cloud text not null default 'NO_CLOUD'::text,
  time_zone text not null default 'UTC'::text,
  release_stream text,
  branch text,
  facts jsonb not null default '{}'::jsonb,
  drift_cron text,
  drift_time_zone text not null default 'UTC'::text,
  next_drift_at timestamp with time zone,
  settled_version bigint,
  version integer not null default 1,
  updated_at timestamp with time zone not null,
  constraint infra_environment_pkey PRIMARY KEY (environment_id),
  constraint infra_environment_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE
);
CREATE INDEX infra_environment_due ON public.infra_environment USING btree (next_drift_at) WHERE (next_drift_at IS NOT NULL);

create table infra_module (
  digest text not null,
  intent text not null,
  flavor text not null,
  module_version text not null,
  contract jsonb not null,
  blob_digest text not null,
  created_at timestamp with time zone not null,
  used_at timestamp with time zone not null,
  constraint infra_module_pkey PRIMARY KEY (digest)
);
CREATE INDEX infra_module_by_blob ON public.infra_module USING btree (blob_digest);

create table infra_override (
  environment_id uuid not null,
  resource_type text not null,
  resource_name text not null,
  changes jsonb,
  disabled boolean,
  reason text,
  version integer not null default 1,
  updated_by uuid,
  updated_at timestamp with time zone not null,
  constraint infra_override_pkey PRIMARY KEY (environment_id, resource_type, resource_name),
  constraint infra_override_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE,
  constraint infra_override_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES "user"(id) ON DELETE SET NULL
);

create table infra_resource (
  project_id uuid not null,
  version text not null,
  item_key text not null,
  module_digest text,
  content jsonb not null,
  created_at timestamp with time zone not null,
  constraint infra_resource_pkey PRIMARY KEY (project_id, version),
  constraint infra_resource_module_digest_fkey FOREIGN KEY (module_digest) REFERENCES infra_module(digest),
  constraint infra_resource_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE
);
CREATE INDEX infra_resource_by_module ON public.infra_resource USING btree (module_digest) WHERE (module_digest IS NOT NULL);

create table infra_settings (
  project_id uuid not null,
  blueprint_path text,
  blueprint_repository_id uuid,
  blueprint_branch text,
  blueprint_folder text not null default ''::text,
  modules_path text,
  modules_repository_id uuid,
  modules_branch text,
  modules_folder text not null default ''::text,
  remote_sources boolean not null default false,
  pre_release_hook boolean not null default true,
  version integer not null default 1,
  updated_at timestamp with time zone not null,
  constraint infra_settings_pkey PRIMARY KEY (project_id),
  constraint infra_settings_blueprint_repository_id_fkey FOREIGN KEY (blueprint_repository_id) REFERENCES repository(id),
  constraint infra_settings_check CHECK (((blueprint_path IS NULL) OR (blueprint_repository_id IS NULL))),
  constraint infra_settings_check1 CHECK (((modules_path IS NULL) OR (modules_repository_id IS NULL))),
  constraint infra_settings_modules_repository_id_fkey FOREIGN KEY (modules_repository_id) REFERENCES repository(id),
  constraint infra_settings_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE
);
CREATE INDEX infra_settings_by_blueprint ON public.infra_settings USING btree (blueprint_repository_id) WHERE (blueprint_repository_id IS NOT NULL);
CREATE INDEX infra_settings_by_modules ON public.infra_settings USING btree (modules_repository_id) WHERE (modules_repository_id IS NOT NULL);

create table infra_snapshot (
  revision_id uuid not null,
  blueprint_digest text not null,
  modules_digest text not null,
  hook jsonb,
  findings jsonb not null default '[]'::jsonb,
  created_at timestamp with time zone not null,
  constraint infra_snapshot_pkey PRIMARY KEY (revision_id),
  constraint infra_snapshot_revision_id_fkey FOREIGN KEY (revision_id) REFERENCES revision(id) ON DELETE CASCADE
);
CREATE INDEX infra_snapshot_by_hook ON public.infra_snapshot USING btree (((hook ->> 'blob'::text))) WHERE (hook ? 'blob'::text);
CREATE INDEX infra_snapshot_by_source ON public.infra_snapshot USING btree (blueprint_digest, modules_digest);

create table infra_state (
  environment_id uuid not null,
  version bigint not null default 0,
  serial bigint,
  lineage text,
  blob_digest text,
  unposted_blob text,
  lock_id text,
  lock_info text,
  lock_deployment_id uuid,
  lock_run_id uuid,
  lock_attempt integer,
  lock_user_id uuid,
  locked_at timestamp with time zone,
  updated_at timestamp with time zone not null,
  constraint infra_state_pkey PRIMARY KEY (environment_id),
  constraint infra_state_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE,
  constraint infra_state_lock_deployment_id_fkey FOREIGN KEY (lock_deployment_id) REFERENCES deployment(id) ON DELETE SET NULL,
  constraint infra_state_lock_run_id_fkey FOREIGN KEY (lock_run_id) REFERENCES run(id) ON DELETE SET NULL,
  constraint infra_state_lock_user_id_fkey FOREIGN KEY (lock_user_id) REFERENCES "user"(id) ON DELETE SET NULL
);
CREATE INDEX infra_state_by_blob ON public.infra_state USING btree (blob_digest) WHERE (blob_digest IS NOT NULL);
CREATE INDEX infra_state_by_deployment ON public.infra_state USING btree (lock_deployment_id) WHERE (lock_deployment_id IS NOT NULL);
CREATE INDEX infra_state_by_run ON public.infra_state USING btree (lock_run_id) WHERE (lock_run_id IS NOT NULL);
CREATE INDEX infra_state_by_unposted ON public.infra_state USING btree (unposted_blob) WHERE (unposted_blob IS NOT NULL);

create table infra_state_version (
  environment_id uuid not null,
  version bigint not null,
  serial bigint,
  lineage text,
  blob_digest text,
  content_digest text,
  bytes bigint not null default 0,
  lock_id text,
  deployment_id uuid,
  run_id uuid,
  written_by uuid,
  created_at timestamp with time zone not null,
  constraint infra_state_version_pkey PRIMARY KEY (environment_id, version),
  constraint infra_state_version_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployment(id) ON DELETE SET NULL,
  constraint infra_state_version_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE,
  constraint infra_state_version_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE SET NULL,
  constraint infra_state_version_written_by_fkey FOREIGN KEY (written_by) REFERENCES "user"(id) ON DELETE SET NULL
);
CREATE INDEX infra_state_version_by_blob ON public.infra_state_version USING btree (blob_digest) WHERE (blob_digest IS NOT NULL);
CREATE INDEX infra_state_version_by_deployment ON public.infra_state_version USING btree (deployment_id) WHERE (deployment_id IS NOT NULL);
CREATE INDEX infra_state_version_by_run ON public.infra_state_version USING btree (run_id) WHERE (run_id IS NOT NULL);

create table infra_variable (
  environment_id uuid not null,
  name text not null,
  value text not null,
  secret boolean not null default false,
  version integer not null default 1,
  updated_by uuid,
  updated_at timestamp with time zone not null,
  constraint infra_variable_pkey PRIMARY KEY (environment_id, name),
  constraint infra_variable_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE,
  constraint infra_variable_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES "user"(id) ON DELETE SET NULL
);

create table live (
  environment_id uuid not null,
  item_key text not null,
  kind text not null,
  title text not null,
  version text,
  uncertain boolean not null default false,
  deployment_id uuid,
  updated_at timestamp with time zone not null,
  constraint live_pkey PRIMARY KEY (environment_id, item_key),
  constraint live_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE
);

create table log (
  id uuid not null,
  deployment_id uuid,
  run_id uuid,
  lines bigint not null,
  bytes bigint not null,
  cut_by uuid,
  blob_digest text,
  blob_lines bigint not null default 0,
  blob_index bigint[] not null default '{}'::bigint[],
  constraint log_pkey PRIMARY KEY (id),
  constraint log_check CHECK (((deployment_id IS NULL) <> (run_id IS NULL))),
  constraint log_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployment(id) ON DELETE CASCADE,
  constraint log_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE
);
CREATE INDEX log_by_blob ON public.log USING btree (blob_digest) WHERE (blob_digest IS NOT NULL);
CREATE INDEX log_by_deployment ON public.log USING btree (deployment_id) WHERE (deployment_id IS NOT NULL);
CREATE INDEX log_by_run ON public.log USING btree (run_id) WHERE (run_id IS NOT NULL);

create table log_line (
  log_id uuid not null,
  "position" bigint not null,
  at timestamp with time zone not null,
  stream text not null,
  text text not null,
  constraint log_line_pkey PRIMARY KEY (log_id, "position"),
  constraint log_line_log_id_fkey FOREIGN KEY (log_id) REFERENCES log(id) ON DELETE CASCADE,
  constraint log_line_stream_check CHECK ((stream = ANY (ARRAY['engine'::text, 'stdout'::text, 'stderr'::text, 'callback'::text])))
);

create table migration (
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null,
  constraint migration_pkey PRIMARY KEY (name)
);

create table plan (
  id uuid not null,
  environment_id uuid not null,
  revision_id uuid not null,
  digest text not null,
  changes jsonb not null storage e,
  created_at timestamp with time zone not null,
  deployment_id uuid,
  kept jsonb,
  approvals_needed integer not null default 0,
  approval_reason text,
  constraint plan_pkey PRIMARY KEY (id),
  constraint plan_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployment(id) ON DELETE CASCADE,
  constraint plan_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE,
  constraint plan_revision_id_fkey FOREIGN KEY (revision_id) REFERENCES revision(id) ON DELETE CASCADE
);
CREATE INDEX plan_by_deployment ON public.plan USING btree (deployment_id) WHERE (deployment_id IS NOT NULL);
CREATE INDEX plan_by_environment ON public.plan USING btree (environment_id, id DESC);
CREATE INDEX plan_by_kept_blob ON public.plan USING btree (((kept ->> 'blob'::text))) WHERE (kept ? 'blob'::text);
CREATE INDEX plan_by_revision ON public.plan USING btree (revision_id);

create table plan_effect (
  plan_id uuid not null,
  "position" integer not null,
  item_key text not null,
  address text not null,
  action text not null,
  attributes jsonb not null default '[]'::jsonb,
  constraint plan_effect_pkey PRIMARY KEY (plan_id, "position"),
  constraint plan_effect_action_check CHECK ((action = ANY (ARRAY['create'::text, 'read'::text, 'update'::text, 'replace'::text, 'delete'::text, 'forget'::text]))),
  constraint plan_effect_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plan(id) ON DELETE CASCADE
);

create table project (
  id uuid not null,
  key text not null,
  name text not null,
  kind text not null,
  annotations jsonb not null default '{}'::jsonb,
  created_by uuid,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  version integer not null default 1,
  constraint project_pkey PRIMARY KEY (id),
  constraint project_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint project_key_key UNIQUE (key),
  constraint project_kind_check CHECK ((kind = ANY (ARRAY['content'::text, 'code'::text, 'infra'::text, 'data'::text])))
);

create table release (
  id uuid not null,
  project_id uuid not null,
  branch text,
  name text not null,
  description text not null default ''::text,
  one_shot boolean not null default false,
  lock text,
  locked_by uuid,
  locked_at timestamp with time zone,
  archived boolean not null default false,
  version integer not null default 1,
  annotations jsonb not null default '{}'::jsonb,
  created_by uuid,
  updated_by uuid,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  lock_reason text,
  constraint release_pkey PRIMARY KEY (id),
  constraint release_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint release_lock_check CHECK ((lock = ANY (ARRAY['user'::text, 'deployment'::text]))),
  constraint release_locked_by_fkey FOREIGN KEY (locked_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint release_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint release_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES "user"(id) ON DELETE SET NULL
);
CREATE INDEX release_by_name ON public.release USING btree (project_id, name text_pattern_ops) WHERE (NOT one_shot);
CREATE INDEX release_by_project ON public.release USING btree (project_id, id DESC) WHERE ((NOT one_shot) AND (removed_at IS NULL));
CREATE INDEX release_by_update ON public.release USING btree (project_id, branch, updated_at DESC, id DESC) WHERE ((NOT one_shot) AND (removed_at IS NULL));

create table release_item (
  release_id uuid not null,
  item_key text not null,
  "position" bigint not null generated always as identity,
  kind text not null,
  action text not null,
  version text,
  title text not null,
  created_at timestamp with time zone not null,
  constraint release_item_pkey PRIMARY KEY (release_id, item_key),
  constraint release_item_action_check CHECK ((action = ANY (ARRAY['publish'::text, 'unpublish'::text, 'set'::text]))),
  constraint release_item_release_id_fkey FOREIGN KEY (release_id) REFERENCES release(id) ON DELETE CASCADE
);
CREATE INDEX release_item_by_key ON public.release_item USING btree (item_key);
CREATE INDEX release_item_in_order ON public.release_item USING btree (release_id, "position");

create table release_schedule (
  id uuid not null,
  environment_id uuid not null,
  cron text not null,
  time_zone text not null default 'UTC'::text,
  terms jsonb not null default '{}'::jsonb,
  annotations jsonb not null default '{}'::jsonb,
  paused boolean not null default false,
  next_at timestamp with time zone,
  last_at timestamp with time zone,
  last_deployment_id uuid,
  last_skipped text,
  version integer not null default 1,
  created_by uuid,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint release_schedule_pkey PRIMARY KEY (id),
  constraint release_schedule_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint release_schedule_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE,
  constraint release_schedule_last_deployment_id_fkey FOREIGN KEY (last_deployment_id) REFERENCES deployment(id) ON DELETE SET NULL
);
CREATE INDEX release_schedule_by_environment ON public.release_schedule USING btree (environment_id, id);
CREATE INDEX release_schedule_by_last ON public.release_schedule USING btree (last_deployment_id) WHERE (last_deployment_id IS NOT NULL);
CREATE INDEX release_schedule_due ON public.release_schedule USING btree (next_at) WHERE ((next_at IS NOT NULL) AND (NOT paused));

create table repository (
  id uuid not null,
  name text not null,
  url text not null,
  credential text,
  hook_secret text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint repository_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX repository_by_name ON public.repository USING btree (lower(name));

create table revision (
  id uuid not null,
  project_id uuid not null,
  release_id uuid not null,
  number integer not null,
  digest text not null,
  scope text not null,
  items jsonb not null storage e,
  item_count integer not null,
  created_by uuid,
  created_at timestamp with time zone not null,
  constraint revision_pkey PRIMARY KEY (id),
  constraint revision_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint revision_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint revision_release_id_digest_key UNIQUE (release_id, digest),
  constraint revision_release_id_fkey FOREIGN KEY (release_id) REFERENCES release(id) ON DELETE CASCADE,
  constraint revision_release_id_number_key UNIQUE (release_id, number),
  constraint revision_scope_check CHECK ((scope = ANY (ARRAY['change_set'::text, 'whole_state'::text])))
);
CREATE INDEX revision_by_digest ON public.revision USING btree (digest, project_id);

create table role_grant (
  user_id uuid not null,
  project_id uuid,
  role text not null,
  created_at timestamp with time zone not null,
  constraint role_grant_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint role_grant_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'releaser'::text, 'approver'::text, 'admin'::text]))),
  constraint role_grant_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
);
CREATE INDEX role_grant_by_project ON public.role_grant USING btree (project_id) WHERE (project_id IS NOT NULL);
CREATE UNIQUE INDEX role_grant_instance ON public.role_grant USING btree (user_id, role) WHERE (project_id IS NULL);
CREATE UNIQUE INDEX role_grant_project ON public.role_grant USING btree (user_id, project_id, role) WHERE (project_id IS NOT NULL);

create table run (
  id uuid not null,
  project_id uuid not null,
  environment_id uuid,
  deployment_id uuid,
  kind text not null,
  executor text not null,
  settings jsonb not null,
  input jsonb not null,
  state text not null,
  cause text not null,
  reason text,
  result jsonb,
  failure_code text,
  failure_detail text,
  attempt integer not null default 0,
  version integer not null default 1,
  requested_by uuid,
  requested_by_token uuid,
  requested_at timestamp with time zone not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  candidate_id uuid,
  constraint run_pkey PRIMARY KEY (id),
  constraint run_candidate_id_fkey FOREIGN KEY (candidate_id) REFERENCES candidate(id) ON DELETE SET NULL,
  constraint run_cause_check CHECK ((cause = ANY (ARRAY['request'::text, 'schedule'::text, 'deployment'::text]))),
  constraint run_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployment(id) ON DELETE SET NULL,
  constraint run_environment_id_fkey FOREIGN KEY (environment_id) REFERENCES environment(id) ON DELETE CASCADE,
  constraint run_kind_check CHECK ((kind = ANY (ARRAY['build'::text, 'flow'::text, 'drift'::text, 'pick'::text, 'check'::text]))),
  constraint run_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint run_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint run_requested_by_token_fkey FOREIGN KEY (requested_by_token) REFERENCES token(id) ON DELETE SET NULL,
  constraint run_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'canceling'::text, 'succeeded'::text, 'failed'::text, 'canceled'::text])))
);
CREATE INDEX run_by_candidate ON public.run USING btree (candidate_id, id DESC) WHERE (candidate_id IS NOT NULL);
CREATE INDEX run_by_deployment ON public.run USING btree (deployment_id) WHERE (deployment_id IS NOT NULL);
CREATE INDEX run_by_environment ON public.run USING btree (environment_id, id DESC) WHERE (environment_id IS NOT NULL);
CREATE INDEX run_by_project ON public.run USING btree (project_id, id DESC);
CREATE INDEX run_by_token ON public.run USING btree (requested_by_token) WHERE (requested_by_token IS NOT NULL);
CREATE INDEX run_open ON public.run USING btree (id) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text, 'canceling'::text]));

create table signing_key (
  name text not null,
  private_key text not null,
  public_key text not null,
  created_at timestamp with time zone not null,
  constraint signing_key_pkey PRIMARY KEY (name)
);

create table token (
  id uuid not null,
  user_id uuid,
  project_id uuid,
  environment_ids uuid[],
  branches text[],
  kind text not null,
  name text not null,
  description text not null default ''::text,
  secret_sha256 bytea not null,
  scopes text[] not null,
  annotations jsonb not null default '{}'::jsonb,
  expires_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  preview_secret_sha256 bytea,
  constraint token_pkey PRIMARY KEY (id),
  constraint token_check CHECK (((preview_secret_sha256 IS NULL) OR (kind = 'delivery'::text))),
  constraint token_kind_check CHECK ((kind = ANY (ARRAY['service'::text, 'session'::text, 'delivery'::text]))),
  constraint token_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint token_secret_sha256_key UNIQUE (secret_sha256),
  constraint token_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
);
CREATE INDEX token_by_project ON public.token USING btree (project_id, kind, id) WHERE (project_id IS NOT NULL);
CREATE INDEX token_by_user ON public.token USING btree (user_id, id);
CREATE UNIQUE INDEX token_preview_secret ON public.token USING btree (preview_secret_sha256);
CREATE INDEX token_session ON public.token USING btree (created_at) WHERE (kind = 'session'::text);

create table user (
  id uuid not null,
  email text not null,
  name text not null,
  password_hash text,
  agent boolean not null default false,
  disabled_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  annotations jsonb not null default '{}'::jsonb,
  constraint user_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX user_email ON public."user" USING btree (lower(email));

create table webhook (
  id uuid not null,
  project_id uuid,
  environment_ids uuid[],
  url text not null,
  kinds text[] not null,
  description text not null default ''::text,
  secret text not null,
  previous_secret text,
  previous_until timestamp with time zone,
  disabled_at timestamp with time zone,
  disabled_reason text,
  version integer not null default 1,
  created_by uuid,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  format text not null default 'standard'::text,
  other_urls text[] not null default '{}'::text[],
  branches text[],
  settings jsonb not null default '{}'::jsonb,
  credentials text,
  retries text not null default 'automatic'::text,
  updated_by uuid,
  declared_name text,
  declared_url text,
  constraint webhook_pkey PRIMARY KEY (id),
  constraint webhook_branches_check CHECK ((cardinality(branches) > 0)),
  constraint webhook_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  constraint webhook_declared_name_key UNIQUE (declared_name),
  constraint webhook_environment_ids_check CHECK ((cardinality(environment_ids) > 0)),
  constraint webhook_kinds_check CHECK (((format <> 'standard'::text) OR (cardinality(kinds) > 0))),
  constraint webhook_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE,
  constraint webhook_retries_check CHECK ((retries = ANY (ARRAY['automatic'::text, 'manual'::text]))),
  constraint webhook_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES "user"(id) ON DELETE SET NULL
);
CREATE INDEX webhook_by_format ON public.webhook USING btree (project_id, format, id DESC);
CREATE INDEX webhook_by_project ON public.webhook USING btree (project_id, id);

create table webhook_attempt (
  delivery_id uuid not null,
  number integer not null,
  at timestamp with time zone not null,
  duration_ms integer not null,
  status integer,
  error text,
  answer text,
  constraint webhook_attempt_pkey PRIMARY KEY (delivery_id, number),
  constraint webhook_attempt_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES webhook_delivery(id) ON DELETE CASCADE
);

create table webhook_delivery (
  id uuid not null,
  webhook_id uuid not null,
  event_id uuid,
  type text not null,
  body text,
  state text not null,
  tries integer not null default 0,
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone,
  claimed_until timestamp with time zone,
  created_at timestamp with time zone not null,
  round_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  item integer not null default 0,
  target integer not null default 0,
  topics text[] not null default '{}'::text[],
  status integer,
  constraint webhook_delivery_pkey PRIMARY KEY (id),
  constraint webhook_delivery_check CHECK (((state = 'pending'::text) = (next_attempt_at IS NOT NULL))),
  constraint webhook_delivery_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text]))),
  constraint webhook_delivery_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES webhook(id) ON DELETE CASCADE
);
CREATE INDEX webhook_delivery_by_state ON public.webhook_delivery USING btree (webhook_id, state, id DESC);
CREATE INDEX webhook_delivery_by_webhook ON public.webhook_delivery USING btree (webhook_id, id DESC);
CREATE INDEX webhook_delivery_due ON public.webhook_delivery USING btree (webhook_id, next_attempt_at) WHERE (state = 'pending'::text);
CREATE INDEX webhook_delivery_old ON public.webhook_delivery USING btree (finished_at) WHERE (state <> 'pending'::text);
CREATE UNIQUE INDEX webhook_delivery_once ON public.webhook_delivery USING btree (webhook_id, event_id, item, target);

create table webhook_expansion (
  webhook_id uuid not null,
  event_id uuid not null,
  item integer not null default 0,
  constraint webhook_expansion_pkey PRIMARY KEY (webhook_id, event_id),
  constraint webhook_expansion_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES webhook(id) ON DELETE CASCADE
);

create table webhook_progress (
  webhook_id uuid not null,
  "position" bigint not null,
  failing_since timestamp with time zone,
  constraint webhook_progress_pkey PRIMARY KEY (webhook_id),
  constraint webhook_progress_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES webhook(id) ON DELETE CASCADE
);

create sequence deployment_turn as bigint start 1;

create sequence external_number as bigint start 1;
