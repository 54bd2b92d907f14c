-- What became of a request that carried an Idempotency-Key. The caller is a token, or a user who came with a
-- password: neither is referred to, since a row is gone after a day anyway. Done and answered are two things: the
-- first is written in the transaction of the effects, the second after it.
create table idempotency_key (
  caller_id uuid not null,
  key text not null,
  claim_id uuid not null,
  method text not null,
  path text not null,
  fingerprint text not null,
  claimed_until timestamptz not null,
  done_at timestamptz,
  done_events jsonb not null default '[]',
  answered_at timestamptz,
  answer text,
  expires_at timestamptz not null,
  primary key (caller_id, key),
  check ((answered_at is null) = (answer is null))
);
create index idempotency_key_expiry on idempotency_key (expires_at);
