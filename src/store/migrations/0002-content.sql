-- What a content project can release. Entries and assets are both content items; an asset's version
-- stands in the master locale and serves every other one as an unlocalised entry does.
create table content_branch (
  id uuid primary key,
  project_id uuid not null references project on delete cascade,
  uid text not null,
  source text,
  created_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  unique (project_id, uid)
);

-- The locale without a fallback is the master.
create table content_locale (
  id uuid primary key,
  project_id uuid not null references project on delete cascade,
  code text not null,
  name text not null,
  fallback_code text,
  created_by uuid references "user" on delete set null,
  updated_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (project_id, code)
);
create unique index content_locale_master on content_locale (project_id) where fallback_code is null;

create table content_type (
  id uuid primary key,
  branch_id uuid not null references content_branch on delete cascade,
  uid text not null,
  title text not null,
  description text not null default '',
  version int not null,
  fields jsonb not null,
  options jsonb not null default '{}',
  created_by uuid references "user" on delete set null,
  updated_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (branch_id, uid)
);
create unique index content_type_title on content_type (branch_id, lower(title));

create table content_item (
  id uuid primary key,
  branch_id uuid not null references content_branch on delete cascade,
  uid text not null,
  kind text not null check (kind in ('entry', 'asset', 'folder')),
  content_type_uid text,
  parent_uid text,
  created_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  deleted_at timestamptz,
  unique (branch_id, uid)
);
create index content_item_by_place on content_item (branch_id, kind, content_type_uid, parent_uid)
  where deleted_at is null;

-- Where the draft of an item stands in a locale that it is written in. A deleted item has none. Branch, kind and
-- type repeat the item's, so that a page of a list is read off one index.
create table content_draft (
  item_id uuid not null references content_item on delete cascade,
  locale text not null,
  branch_id uuid not null,
  kind text not null,
  content_type_uid text,
  version int not null,
  title text not null,
  in_progress boolean not null default false,
  updated_by uuid references "user" on delete set null,
  updated_at timestamptz not null,
  primary key (item_id, locale)
);
create index content_draft_list on content_draft
  (branch_id, kind, content_type_uid, locale, updated_at desc, item_id desc);

create table content_version (
  item_id uuid not null references content_item on delete cascade,
  locale text not null,
  version int not null,
  name text,
  title text not null,
  data jsonb not null,
  type_version int,
  reference_uids text[] not null default '{}',
  created_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  primary key (item_id, locale, version)
);
create index content_version_references on content_version using gin (reference_uids);
-- Readers ask for the entry of a URL more than for anything else.
create index content_version_by_value on content_version using gin (data jsonb_path_ops);

-- Fields marked unique: the primary key is the law.
create table content_unique (
  branch_id uuid not null references content_branch on delete cascade,
  content_type_uid text not null,
  field text not null,
  locale text not null,
  value_sha256 bytea not null,
  item_id uuid not null references content_item on delete cascade,
  primary key (branch_id, content_type_uid, field, locale, value_sha256)
);
create index content_unique_by_item on content_unique (item_id, locale);

-- What readers are served. Only the environment is a foreign key: each further one costs a look-up per row, which
-- for 10,000 items is more than the rest of the statement. Publishing holds the item while it writes, and a
-- version goes with its item only, an item with its project, a project with its environments.
create table content_published (
  environment_id uuid not null references environment on delete cascade,
  item_id uuid not null,
  locale text not null,
  branch_id uuid not null,
  kind text not null,
  content_type_uid text,
  version int not null,
  source_locale text not null,
  published_by uuid,
  published_at timestamptz not null,
  deployment_id uuid not null,
  primary key (item_id, environment_id, locale)
);
create index content_published_list on content_published
  (environment_id, branch_id, kind, content_type_uid, locale, published_at desc, item_id desc);
