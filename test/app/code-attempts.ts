import { bindRun } from '#app/dispatches/bind-run.ts'
import type { Context } from '#app/context.ts'
import { deployCandidate } from '#app/deployments/deploy-candidate.ts'
import { reportCandidate } from '#app/deployments/report-candidate.ts'
import { rollBackCode } from '#app/deployments/roll-back-code.ts'
import { tellDeployment, tellDeployments } from '#app/deployments/tell-deployments.ts'
import { here, type Attempt } from './attempt.ts'
import { candidateAttempts, makeCandidate } from './candidate-attempts.ts'
import { pickAttempts } from './pick-attempts.ts'
import { makeDeployment, type World } from './world.ts'
import { repositoryAttempts } from './repository-attempts.ts'

/** One that nobody has: whoever may ask gets as far as that. */
const version = '9.9.9-rc9'

const deployment = { prepare: (ctx: Context, world: World) => makeDeployment(ctx, world, null) }

async function numberOf(ctx: Context, world: World): Promise<string> {
  const id = await makeDeployment(ctx, world, null)
  const query = ctx.db.selectFrom('deployment').select('number').where('id', '=', id)
  return String((await query.executeTakeFirstOrThrow()).number)
}

async function ordinalOf(ctx: Context, world: World): Promise<string> {
  const id = await makeCandidate(ctx, world)
  const query = ctx.db.selectFrom('candidate').select('ordinal').where('id', '=', id)
  return String((await query.executeTakeFirstOrThrow()).ordinal)
}

const run = { executor: 'nobody', outside_id: '7' }

/** What is done to candidates of code, and to their deployments. */
export const codeAttempts: readonly Attempt[] = [
  ...repositoryAttempts,
  ...candidateAttempts,
  ...pickAttempts,
  here('deployment.request', 'deploy a candidate', (ctx, { project_id, environment_id }) =>
    deployCandidate(ctx, { project_id, environment_id, version }),
  ),
  here('deployment.request', 'report on a candidate', (ctx, { project_id, environment_id }) =>
    reportCandidate(ctx, { project_id, environment_id, version, status: 'success' }),
  ),
  here('deployment.roll_back', 'take an environment back', (ctx, { project_id, environment_id }) =>
    rollBackCode(ctx, { project_id, environment_id }),
  ),
  here(
    'deployment.roll_back',
    'take an environment back to a candidate',
    (ctx, { project_id, environment_id }) => rollBackCode(ctx, { project_id, environment_id, version }),
  ),
  here('deployment.read', 'be told of deployments', (ctx, { project_id, environment_id }) =>
    tellDeployments(ctx, { project_id, environment_id, limit: 1, offset: 0 }),
  ),
  here(
    'deployment.read',
    'be told of a deployment',
    (ctx, _world, deployment_id) => tellDeployment(ctx, { deployment_id }),
    deployment,
  ),
  here(
    'deployment.request',
    'say which run deploys',
    (ctx, _world, number) => bindRun(ctx, { ...run, of: { deployment: Number(number) } }),
    { prepare: numberOf },
  ),
  here(
    'release.edit',
    'say which run builds',
    (ctx, _world, ordinal) => bindRun(ctx, { ...run, of: { candidate: Number(ordinal) } }),
    { prepare: ordinalOf },
  ),
]
