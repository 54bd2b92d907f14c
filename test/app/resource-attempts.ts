import type { Context } from '#app/context.ts'
import { checkBlueprint } from '#app/infra/check-blueprint.ts'
import { getInfraSettings } from '#app/infra/get-infra-settings.ts'
import { getOverride, listOverrides } from '#app/infra/get-override.ts'
import { getArtifact, listArtifacts, listArtifactsTaken } from '#app/infra/list-artifacts.ts'
import { getResource, listResources } from '#app/infra/list-resources.ts'
import { listVariables } from '#app/infra/list-variables.ts'
import { planRollbackOfResource } from '#app/infra/plan-rollback-of-resource.ts'
import { putOverride, removeOverride, switchResources } from '#app/infra/put-override.ts'
import { registerArtifact, restoreArtifact } from '#app/infra/register-artifact.ts'
import { removeVariable } from '#app/infra/remove-variable.ts'
import { requestInfraDeployment } from '#app/infra/request-infra-deployment.ts'
import { setVariable } from '#app/infra/set-variable.ts'
import { simulateRelease } from '#app/infra/simulate-release.ts'
import { here, type Attempt } from './attempt.ts'
import { makeInfra } from './drift-attempts.ts'
import type { World } from './world.ts'

const resource = { type: 'config', name: 'greeting' }

async function makeOverride(ctx: Context, world: World): Promise<string> {
  await makeInfra(ctx, world)
  await putOverride(ctx, { ...world, ...resource, changes: { spec: { size: 2 } } })
  return ''
}

async function makeVariable(ctx: Context, world: World): Promise<string> {
  await makeInfra(ctx, world)
  await setVariable(ctx, { ...world, name: 'REGION', value: 'eu' })
  return ''
}

async function makeArtifact(ctx: Context, world: World): Promise<string> {
  await makeInfra(ctx, world)
  const { project_id } = world
  return (await registerArtifact(ctx, { project_id, application: 'api', uri: 'registry/api:1' })).id
}

/** What is asked for makes revision 1, of nothing; and what succeeded there brought a resource. */
async function makeRevision(ctx: Context, world: World): Promise<string> {
  await makeInfra(ctx, world)
  const { id, revision_id } = await requestInfraDeployment(ctx, { ...placeOf(world), destroy_all: true })
  const items = [{ key: 'config/greeting', kind: 'config', title: 'greeting', action: 'set', version: 'v1' }]
  const pinned = { items: JSON.stringify(items), item_count: 1 }
  await ctx.db.updateTable('revision').set(pinned).where('id', '=', revision_id).execute()
  const over = { state: 'succeeded' as const, finished_at: ctx.now() }
  await ctx.db.updateTable('deployment').set(over).where('id', '=', id).execute()
  return id
}

const placeOf = ({ project_id, environment_id }: World) => ({ project_id, environment_id })
const infra = { prepare: makeInfra }
const read = (what: string, act: Attempt['act'], more: Partial<Attempt> = infra) =>
  here('catalogue.read', what, act, more)

export const resourceAttempts: readonly Attempt[] = [
  here(
    'deployment.request',
    'release a blueprint',
    (ctx, w) => requestInfraDeployment(ctx, placeOf(w)),
    infra,
  ),
  here(
    'deployment.allow_destroy',
    'destroy all of an environment',
    (ctx, world) => requestInfraDeployment(ctx, { ...placeOf(world), destroy_all: true }),
    { ...infra, needs: ['deployment.request'] },
  ),
  here(
    'deployment.allow_destroy',
    'release what may destroy',
    (ctx, world) => requestInfraDeployment(ctx, { ...placeOf(world), allow_destroy: true }),
    { ...infra, needs: ['deployment.request'] },
  ),
  here(
    'deployment.roll_back',
    'plan a resource as it was',
    (ctx, world, deployment_id) =>
      planRollbackOfResource(ctx, { ...placeOf(world), ...resource, deployment_id }),
    { prepare: makeRevision },
  ),
  here('project.read', 'read where a blueprint is', (ctx, world) => getInfraSettings(ctx, world), infra),
  read('check a blueprint', (ctx, world) => checkBlueprint(ctx, world), infra),
  read('simulate a release', (ctx, world) => simulateRelease(ctx, placeOf(world)), infra),
  read('list resources', (ctx, world) => listResources(ctx, placeOf(world)), infra),
  read('read a resource', (ctx, world) => getResource(ctx, { ...placeOf(world), ...resource }), infra),
  read('list overrides', (ctx, world) => listOverrides(ctx, { ...placeOf(world), limit: 1 })),
  read('read an override', (ctx, world) => getOverride(ctx, { ...placeOf(world), ...resource }), {
    prepare: makeOverride,
  }),
  here(
    'override.edit',
    'override a resource',
    (ctx, world) => putOverride(ctx, { ...placeOf(world), ...resource, disabled: true }),
    infra,
  ),
  here(
    'override.edit',
    'switch resources off',
    (ctx, world) => switchResources(ctx, { ...placeOf(world), resources: [{ ...resource, disabled: true }] }),
    infra,
  ),
  here(
    'override.edit',
    'remove an override',
    (ctx, world) => removeOverride(ctx, { ...placeOf(world), ...resource }),
    { prepare: makeOverride },
  ),
  read('list variables', (ctx, world) => listVariables(ctx, placeOf(world))),
  here(
    'environment.admin',
    'set a variable',
    (ctx, world) => setVariable(ctx, { ...placeOf(world), name: 'KEY', value: 'x', secret: true }),
    infra,
  ),
  here(
    'environment.admin',
    'remove a variable',
    (ctx, world) => removeVariable(ctx, { ...placeOf(world), name: 'REGION' }),
    { prepare: makeVariable },
  ),
  read('list artifacts', (ctx, { project_id }) => listArtifacts(ctx, { project_id, limit: 1 })),
  read('list artifacts that are taken', (ctx, world) => listArtifactsTaken(ctx, placeOf(world))),
  read(
    'read an artifact',
    (ctx, { project_id }, artifact_id) => getArtifact(ctx, { project_id, artifact_id }),
    { prepare: makeArtifact },
  ),
  here(
    'artifact.register',
    'register an artifact for an environment',
    (ctx, world) => registerArtifact(ctx, { ...placeOf(world), application: 'api', uri: 'registry/api:2' }),
    infra,
  ),
  here(
    'artifact.register',
    'take an older artifact again',
    (ctx, { project_id }, artifact_id) => restoreArtifact(ctx, { project_id, artifact_id }),
    { prepare: makeArtifact },
  ),
]
