import { listCatalogue } from '#app/catalogue/list-catalogue.ts'
import { listPublishedEntries } from '#app/content/published-entries.ts'
import type { Context } from '#app/context.ts'
import { deployPlan } from '#app/deployments/deploy-plan.ts'
import { getPlanById } from '#app/deployments/get-plan.ts'
import { planAhead } from '#app/deployments/plan-ahead.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { retryDeployment } from '#app/deployments/retry-deployment.ts'
import { diffRelease } from '#app/releases/diff-release.ts'
import { findReleaseItems } from '#app/releases/find-release-items.ts'
import { getRevision } from '#app/releases/get-revision.ts'
import { listChangelog } from '#app/releases/list-changelog.ts'
import { listConflicts } from '#app/releases/list-conflicts.ts'
import { listWhereabouts } from '#app/releases/list-whereabouts.ts'
import { planChanges } from '#domain/plan.ts'
import { here, type Attempt } from './attempt.ts'
import { makeDeployment, makeRelease, type World } from './world.ts'

/** A stored plan of a deployment that waits for its time. */
export async function makePlan(ctx: Context, { project_id, environment_id }: World, rolls_back = false) {
  const release_id = await makeRelease(ctx, project_id)
  const due_at = new Date(ctx.now().getTime() + 60_000)
  const asked = { project_id, release_id, environment_ids: [environment_id], due_at }
  const [{ id } = { id: '' }] = await requestDeployments(ctx, asked)
  await planAhead(ctx, id, async (_executor, task) => planChanges(task))
  if (rolls_back)
    await ctx.db.updateTable('deployment').set({ rolls_back: id }).where('id', '=', id).execute()
  const { plan_id } = await ctx.db
    .selectFrom('deployment')
    .select('plan_id')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return plan_id ?? ''
}

async function makeFailed(ctx: Context, world: World): Promise<string> {
  const id = await makeDeployment(ctx, world, null)
  await ctx.db.updateTable('deployment').set({ state: 'failed' }).where('id', '=', id).execute()
  return id
}

const page = { limit: 1 }
const seeing = { needs: ['live.read'] as const }

/** What is done with plans, and how releases are read. */
export const planAttempts: readonly Attempt[] = [
  here('release.read', 'find items', (ctx, { project_id, release_id }) =>
    findReleaseItems(ctx, { project_id, release_id, ...page }),
  ),
  here('release.read', 'read a revision', (ctx, { project_id, release_id }) =>
    getRevision(ctx, { project_id, release_id, number: 1 }),
  ),
  here(
    'release.preview',
    'read what would be live',
    (ctx, { project_id, release_id, environment_id }) =>
      listPublishedEntries(ctx, {
        ...{ project_id, branch: 'main', environment_id, release_id, content_type_uid: 'page' },
        ...page,
      }),
    seeing,
  ),
  here('release.read', 'compare releases', (ctx, { project_id, release_id }) =>
    diffRelease(ctx, { project_id, release_id, against: { release_id }, ...page }),
  ),
  here('release.read', 'look for conflicts', (ctx, { project_id, release_id }) =>
    listConflicts(ctx, { project_id, release_id, ...page }),
  ),
  here(
    'release.read',
    'compare with what is live',
    (ctx, { project_id, release_id, environment_id }) =>
      diffRelease(ctx, { project_id, release_id, against: { environment_id }, ...page }),
    seeing,
  ),
  here(
    'release.read',
    'read a changelog',
    (ctx, { project_id, release_id, environment_id }) =>
      listChangelog(ctx, { project_id, release_id, environment_id, ...page }),
    seeing,
  ),
  here(
    'release.read',
    'ask where a release is',
    (ctx, { project_id, release_id }) => listWhereabouts(ctx, { project_id, release_id }),
    seeing,
  ),
  here('catalogue.read', 'browse the catalogue', (ctx, { project_id }) =>
    listCatalogue(ctx, { project_id, ...page }),
  ),
  here('deployment.read', 'read a plan', (ctx, _world, plan_id) => getPlanById(ctx, { plan_id }), {
    prepare: (ctx, world) => makePlan(ctx, world),
  }),
  here(
    'deployment.request',
    'deploy a plan',
    (ctx, { project_id, environment_id }, plan_id) =>
      deployPlan(ctx, { project_id, environment_id, plan_id }),
    { prepare: (ctx, world) => makePlan(ctx, world) },
  ),
  here(
    'deployment.roll_back',
    'deploy the plan of a rollback',
    (ctx, { project_id, environment_id }, plan_id) =>
      deployPlan(ctx, { project_id, environment_id, plan_id }),
    { prepare: (ctx, world) => makePlan(ctx, world, true) },
  ),
  here(
    'deployment.request',
    'retry a deployment',
    (ctx, _world, deployment_id) => retryDeployment(ctx, { deployment_id }),
    { prepare: makeFailed },
  ),
]
