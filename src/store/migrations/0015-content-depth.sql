-- What content types said before they were changed; what one says now stands in its own row.
create table content_type_version (
  content_type_id uuid not null references content_type on delete cascade,
  version int not null,
  title text not null,
  description text not null,
  fields jsonb not null,
  options jsonb not null,
  updated_by uuid references "user" on delete set null,
  updated_at timestamptz not null,
  primary key (content_type_id, version)
);
