-- Who is told of events by HTTP. Secrets are sealed by the vault.
create table webhook (
  id uuid primary key,
  project_id uuid references project on delete cascade,
  environment_ids uuid[] check (cardinality(environment_ids) > 0),
  url text not null,
  kinds text[] not null check (cardinality(kinds) > 0),
  description text not null default '',
  secret text not null,
  previous_secret text,
  previous_until timestamptz,
  disabled_at timestamptz,
  disabled_reason text,
  version int not null default 1,
  created_by uuid references "user" on delete set null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index webhook_by_project on webhook (project_id, id);

-- Up to which position of the chain its deliveries have been made, and since when it has not taken one.
create table webhook_progress (
  webhook_id uuid primary key references webhook on delete cascade,
  position bigint not null,
  failing_since timestamptz
);

-- One message to one webhook. The id is the webhook-id that it is sent under, however often.
create table webhook_delivery (
  id uuid primary key,
  webhook_id uuid not null references webhook on delete cascade,
  -- Without one it is a ping.
  event_id uuid,
  type text not null,
  -- What is sent, from the first attempt on.
  body text,
  state text not null check (state in ('pending', 'delivered', 'failed')),
  -- Of the round at hand: a replay begins another.
  tries int not null default 0,
  attempts int not null default 0,
  next_attempt_at timestamptz check ((state = 'pending') = (next_attempt_at is not null)),
  -- Somebody is sending it, and is given up for dead at this time.
  claimed_until timestamptz,
  created_at timestamptz not null,
  round_at timestamptz not null,
  finished_at timestamptz
);
create unique index webhook_delivery_once on webhook_delivery (webhook_id, event_id);
create index webhook_delivery_by_webhook on webhook_delivery (webhook_id, id desc);
create index webhook_delivery_by_state on webhook_delivery (webhook_id, state, id desc);
create index webhook_delivery_due on webhook_delivery (webhook_id, next_attempt_at) where state = 'pending';
create index webhook_delivery_old on webhook_delivery (finished_at) where state <> 'pending';

create table webhook_attempt (
  delivery_id uuid not null references webhook_delivery on delete cascade,
  number int not null,
  at timestamptz not null,
  duration_ms int not null,
  -- Of the answer; null where there was none.
  status int,
  error text,
  -- Its first kilobyte.
  answer text,
  primary key (delivery_id, number)
);

-- What the measures of insights are computed from.
create index deployment_by_end on deployment (project_id, finished_at) where finished_at is not null;
create index deployment_by_due on deployment (project_id, due_at) where due_at is not null;
create index deployment_restoring on deployment (environment_id, finished_at) where state = 'succeeded';
