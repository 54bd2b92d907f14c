-- A second name of a branch that can be moved to another one: what asks for the alias gets that branch from then on.
-- Branches and aliases share their names, so that a name means one thing.
create table content_branch_alias (
  project_id uuid not null references project on delete cascade,
  uid text not null,
  branch_id uuid not null references content_branch on delete cascade,
  created_by uuid references "user" on delete set null,
  updated_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (project_id, uid)
);
create index content_branch_alias_by_branch on content_branch_alias (branch_id);

-- What a surface keeps of a person and the core need not understand.
alter table "user" add column annotations jsonb not null default '{}';
