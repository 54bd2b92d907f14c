-- What the caller of a caller-driven deployment said of it last, in the caller's own word.
alter table deployment add column reported text check (reported in (
  'pending', 'in_progress', 'success', 'failure', 'canceling', 'canceled', 'error', 'unknown'));
