-- A small name for each deployment: with a position it names a row of the publish queue.
alter table deployment add column number bigint generated always as identity;
create unique index deployment_by_number on deployment (number);

-- It takes away what its items' deletion left live.
alter table deployment add column deletes boolean not null default false;

-- What was asked for many items at once. What became of those that were published stands with their deployments,
-- whose request id is the job's.
create table bulk_job (
  id uuid primary key,
  project_id uuid not null references project on delete cascade,
  branch text not null,
  kind text not null check (kind in ('add', 'refresh', 'publish', 'unpublish', 'delete')),
  release_id uuid references release on delete set null,
  with_references boolean not null,
  locales text[] not null,
  requested_by uuid references "user" on delete set null,
  created_at timestamptz not null
);
create index bulk_job_by_project on bulk_job (project_id, branch, id desc);
create index bulk_job_by_release on bulk_job (release_id) where release_id is not null;
create index bulk_job_by_age on bulk_job (created_at);

create table bulk_job_item (
  job_id uuid not null references bulk_job on delete cascade,
  position int not null,
  item_key text not null,
  kind text not null,
  action text not null check (action in ('publish', 'unpublish', 'delete')),
  version text,
  title text not null,
  -- How many references away from what was asked for.
  depth int not null,
  -- Null: its deployments say.
  outcome text check (outcome in ('done', 'unchanged', 'failed')),
  code text,
  field text,
  reason text,
  primary key (job_id, position)
);
create index bulk_job_item_by_key on bulk_job_item (job_id, item_key);
