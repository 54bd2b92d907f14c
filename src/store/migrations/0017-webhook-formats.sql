-- Webhooks whose messages are written in the words of a surface: which, by which settings, with which credentials.
alter table webhook
  add column format text not null default 'standard',
  -- Where it sends to beside its URL.
  add column other_urls text[] not null default '{}',
  -- Told of these branches only; null: of all.
  add column branches text[] check (cardinality(branches) > 0),
  -- Read by whoever writes its messages. Without secrets.
  add column settings jsonb not null default '{}',
  -- Its secrets, sealed.
  add column credentials text,
  -- manual: one attempt, and another only when somebody asks for it.
  add column retries text not null default 'automatic' check (retries in ('automatic', 'manual')),
  add column updated_by uuid references "user" on delete set null,
  -- Named in headgate.yaml, and where it sends to by it: that may be a private address.
  add column declared_name text unique,
  add column declared_url text;
alter table webhook drop constraint webhook_kinds_check;
alter table webhook add constraint webhook_kinds_check check (format <> 'standard' or cardinality(kinds) > 0);
create index webhook_by_format on webhook (project_id, format, id desc);

alter table webhook_delivery
  -- The place of an item in what its event tells of; 0: the event itself.
  add column item int not null default 0,
  -- 0: the webhook's URL; else one of the others.
  add column target int not null default 0,
  -- Under which of the webhook's topics it is told.
  add column topics text[] not null default '{}',
  -- Of the last answer.
  add column status int;
drop index webhook_delivery_once;
create unique index webhook_delivery_once on webhook_delivery (webhook_id, event_id, item, target);

-- A deployment's end whose items are still to be told one by one, and up to which they have been.
create table webhook_expansion (
  webhook_id uuid not null references webhook on delete cascade,
  event_id uuid not null,
  item int not null default 0,
  primary key (webhook_id, event_id)
);

-- Key pairs of the installation to sign with. What is private is sealed by the vault.
create table signing_key (
  name text primary key,
  private_key text not null,
  public_key text not null,
  created_at timestamptz not null
);
