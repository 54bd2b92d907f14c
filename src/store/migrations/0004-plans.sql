-- The deployment that a plan was made for: what was selected of the revision, whether it was forced, and what it puts
-- back stand there, and go with the plan to whoever deploys it as it is.
alter table plan add column deployment_id uuid references deployment on delete cascade;
update plan set deployment_id = deployment.id from deployment where deployment.plan_id = plan.id;
create index plan_by_deployment on plan (deployment_id) where deployment_id is not null;

-- The plan that a deployment has to apply as it is, and the deployment whose failed items it takes up again.
alter table deployment add column deploys_plan uuid references plan on delete set null;
alter table deployment add column retries uuid references deployment on delete set null;
create index deployment_deploys_plan on deployment (deploys_plan) where deploys_plan is not null;
create index deployment_retries on deployment (retries) where retries is not null;

-- Whether the item may have been half done: what a rollback or a retry of the deployment takes up.
alter table deployment_item add column uncertain boolean not null default false;

alter table release add column lock_reason text;
alter table project add column version int not null default 1;

-- Checked row by row, these two cost as much as all else that a deployment of 10,000 items writes. Both tables are
-- written in the statement that moves their deployment, which holds it; results go with it by one statement, and a
-- deployment goes with its environment only, as what is live there does.
alter table deployment_item drop constraint deployment_item_deployment_id_fkey;
alter table live drop constraint live_deployment_id_fkey;
-- Without an index on what every deployment changes, and with room for all rows of a page once more, what is live is
-- changed in place: no index is touched.
drop index live_by_deployment;
alter table live set (fillfactor = 50);

create function remove_deployment_items() returns trigger language plpgsql as $$
begin
  delete from deployment_item using gone where deployment_id = gone.id;
  return null;
end
$$;
create trigger deployment_removed after delete on deployment
  referencing old table as gone for each statement execute function remove_deployment_items();

-- The newest that may have done something: a rollback without a name begins there, too.
create index deployment_in_doubt on deployment (environment_id, finished_at desc, id desc)
  where state in ('failed', 'canceled') and counts ? 'uncertain' and rolls_back is null;
