import { forecastRelease } from '#app/deployments/forecast-release.ts'
import { listPlanContents, listReleaseContents } from '#app/deployments/list-contents.ts'
import { listRequestWarnings } from '#app/deployments/list-request-warnings.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { asPrincipal } from '#app/context.ts'
import { addMissingReferences } from '#app/releases/add-missing-references.ts'
import { listMissingReferences } from '#app/releases/list-missing-references.ts'
import { moveReleaseItems } from '#app/releases/move-release-items.ts'
import { here, type Attempt } from './attempt.ts'
import { makePlan } from './plan-attempts.ts'
import { makeDeployment, makeRelease } from './world.ts'

const page = { limit: 1 }

/** What is read of a release before it is deployed, and put right. */
export const releaseAttempts: readonly Attempt[] = [
  here(
    'release.edit',
    'move items',
    (ctx, { project_id, release_id }, to_release_id) =>
      moveReleaseItems(ctx, { project_id, release_id, to_release_id, keys: 'all' }),
    { prepare: (ctx, { project_id }) => makeRelease(ctx, project_id) },
  ),
  here(
    'release.edit',
    'add what is missing',
    (ctx, { project_id, release_id, environment_id }) =>
      addMissingReferences(ctx, { project_id, release_id, environment_id }),
    { needs: ['live.read'] },
  ),
  here(
    'release.read',
    'look for what is missing',
    (ctx, { project_id, release_id, environment_id }) =>
      listMissingReferences(ctx, { project_id, release_id, environment_id }),
    { needs: ['live.read', 'catalogue.read'] },
  ),
  here(
    'release.read',
    'forecast a release',
    (ctx, { project_id, release_id, environment_id }) =>
      forecastRelease(ctx, { project_id, release_id, environment_ids: [environment_id] }),
    { needs: ['live.read'] },
  ),
  here(
    'catalogue.read',
    'see what readers would see',
    (ctx, { project_id, release_id, environment_id }) =>
      listReleaseContents(ctx, { project_id, release_id, environment_id, ...page }),
    { needs: ['release.read', 'live.read'] },
  ),
  here(
    'catalogue.read',
    'see what readers would see of a plan',
    (ctx, _world, plan_id) => listPlanContents(ctx, { plan_id, ...page }),
    { needs: ['deployment.read'], prepare: (ctx, world) => makePlan(ctx, world) },
  ),
  here(
    'deployment.request',
    'be warned',
    async (ctx, _world, deployment_id) =>
      listRequestWarnings(ctx, await getDeployment(asPrincipal(ctx, null), { deployment_id })),
    { prepare: (ctx, world) => makeDeployment(ctx, world, null) },
  ),
]
