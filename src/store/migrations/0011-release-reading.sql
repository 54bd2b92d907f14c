-- Each rollback that named the hold, in order, with the revisions that it went through: when one comes to nothing,
-- what it had named is named no more. What stood before this column was, stays named until somebody releases it.
alter table hold add column namings jsonb not null default '[]';
update hold set namings = (
  select jsonb_agg(jsonb_build_object('deployment_id', null, 'chain', jsonb_build_array(id)))
  from unnest(revision_ids) as named (id)
) where released_at is null and cardinality(revision_ids) > 0;
