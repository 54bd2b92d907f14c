-- Where the chain of events begins since older ones went by policy: the last position that is gone, and its hash.
create table event_anchor (
  one boolean primary key default true check (one),
  position bigint not null check (position > 0),
  hash bytea not null,
  pruned_at timestamptz not null,
  keep_days int not null
);

-- When a chore of the house was last taken up, so that one process of several does it.
create table chore (
  name text primary key,
  taken_at timestamptz not null
);
create index token_session on token (created_at) where kind = 'session';
