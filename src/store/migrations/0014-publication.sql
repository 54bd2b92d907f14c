-- What a deployment of content changed is in deployment_item; an edition says when it became what readers are served.
-- Deployments of an environment come one after the other, each begun when the one before has committed, so that the
-- numbers of an environment become visible in their order: who has read up to one misses nothing below it. Together
-- they are the journal that clients follow, and cost one row a deployment.
create table content_edition (
  environment_id uuid not null references environment on delete cascade,
  ordinal bigint generated always as identity,
  deployment_id uuid not null unique,
  published_at timestamptz not null,
  primary key (environment_id, ordinal)
);
create index content_edition_by_time on content_edition (environment_id, published_at);
insert into content_edition (environment_id, deployment_id, published_at)
select d.environment_id, d.id, d.finished_at
from deployment d join project p on p.id = d.project_id
where p.kind = 'content' and d.driver = 'engine' and d.state in ('succeeded', 'partly_succeeded')
  and exists (select from deployment_item i
    where i.deployment_id = d.id and i.outcome = 'done' and i.action in ('publish', 'unpublish'))
order by d.finished_at, d.turn, d.id;

-- Content types are not deployed: clients are told of one that went by this. The branch is held while a row is
-- written, so that these numbers, too, become visible in their order.
create table content_type_removal (
  branch_id uuid not null references content_branch on delete cascade,
  ordinal bigint generated always as identity,
  content_type_uid text not null,
  removed_at timestamptz not null,
  primary key (branch_id, ordinal)
);

-- Without an index on what every deployment changes, and with room for all rows of a page once more, what is served
-- is changed in place: no index is touched.
drop index content_published_list;
create index content_published_list on content_published
  (environment_id, branch_id, kind, content_type_uid, locale, item_id);
alter table content_published set (fillfactor = 50);

-- A plan and a revision are written once and read whole, a few times within a second, while somebody waits: their
-- compression is most of what that costs. Where the server was built without the quick one, they stay as they are.
do $$
begin
  alter table plan alter column changes set compression lz4;
  alter table revision alter column items set compression lz4;
exception when feature_not_supported or invalid_parameter_value then
  raise notice 'no lz4 here: plans and revisions stay with the compression that there is';
end
$$;
