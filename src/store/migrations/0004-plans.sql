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
