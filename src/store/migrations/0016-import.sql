-- Content that is brought in from elsewhere. `done` counts the pieces of work that are behind it, `done_items` the
-- items of the piece that is being worked on: a process that dies leaves off where its last transaction ended.
create table content_import (
  id uuid primary key,
  project_id uuid not null references project on delete cascade,
  branch text not null,
  format text not null,
  -- The folder within what was sent that is meant, where there are several.
  source_branch text,
  dry_run boolean not null,
  publish boolean not null,
  state text not null check (state in ('receiving', 'running', 'finished')),
  done int not null default 0,
  done_items int not null default 0,
  pieces int,
  counts jsonb not null default '{}',
  notes int not null default 0,
  created_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  finished_at timestamptz
);
create index content_import_by_project on content_import (project_id, id desc);

-- What was sent, until it has been read: text as it is, files by the digest of their bytes.
create table content_import_file (
  import_id uuid not null references content_import on delete cascade,
  path text not null,
  content text,
  digest text,
  size bigint not null,
  primary key (import_id, path),
  check ((content is null) <> (digest is null))
);
create index content_import_file_text on content_import_file (import_id, path) where content is not null;

-- What a person should know: left out, taken otherwise than it came, not published.
create table content_import_note (
  import_id uuid not null references content_import on delete cascade,
  position int not null,
  kind text not null check (kind in ('skipped', 'changed', 'not_published')),
  file text not null,
  item text,
  detail text not null,
  primary key (import_id, position)
);

-- What was published where it came from, and what became of it here.
create table content_import_publication (
  import_id uuid not null references content_import on delete cascade,
  environment_id uuid not null references environment on delete cascade,
  uid text not null,
  locale text not null,
  kind text not null,
  source_locale text not null,
  version int not null,
  file text not null,
  published_at timestamptz,
  outcome text check (outcome in ('requested', 'live', 'waiting', 'refused')),
  deployment_id uuid references deployment on delete set null,
  primary key (import_id, environment_id, uid, locale)
);
create index content_import_publication_open on content_import_publication (import_id, environment_id, uid, locale)
  where outcome is null;
create index content_import_publication_asked on content_import_publication (environment_id, uid, locale, version)
  where deployment_id is not null;
create index content_import_publication_deployment on content_import_publication (deployment_id)
  where deployment_id is not null;
