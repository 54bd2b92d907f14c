import type { Context } from '#app/context.ts'
import { adoptDrift } from '#app/drift/adopt-drift.ts'
import { checkDrift } from '#app/drift/check-drift.ts'
import { ignoreDrift, listIgnoredDrift, stopIgnoringDrift } from '#app/drift/ignore-drift.ts'
import { getDrift, listDriftChecks, listDriftOfAll } from '#app/drift/list-drift.ts'
import { reassertDrift } from '#app/drift/reassert-drift.ts'
import { insertDriftIgnore } from '#store/drift-ignore.ts'
import { here, type Attempt } from './attempt.ts'
import type { World } from './world.ts'

const item_key = 'service/api'

/** An environment of a project of infrastructure: nothing else is. */
export async function makeInfra(ctx: Context, { project_id, environment_id }: World): Promise<string> {
  await ctx.db.updateTable('project').set({ kind: 'infra' }).where('id', '=', project_id).execute()
  const executor = 'terraform'
  await ctx.db.updateTable('environment').set({ executor }).where('id', '=', environment_id).execute()
  return ''
}

async function makeRule(ctx: Context, world: World): Promise<string> {
  await makeInfra(ctx, world)
  const { environment_id } = world
  const id = ctx.newId()
  await insertDriftIgnore(ctx.db, {
    ...{ id, environment_id, item_key, address: null, attribute: null, until: null, reason: null },
    ...{ created_by: null, created_at: ctx.now() },
  })
  return id
}

const infra = { prepare: makeInfra }

export const driftAttempts: readonly Attempt[] = [
  here('live.read', 'see whether it drifted', (ctx, world) => getDrift(ctx, world), infra),
  here('live.read', 'list checks', (ctx, world) => listDriftChecks(ctx, { ...world, limit: 1 }), infra),
  here(
    'live.read',
    'list what drifted in a project',
    (ctx, { project_id }) => listDriftOfAll(ctx, { project_id, limit: 1 }),
    infra,
  ),
  here('live.read', 'list what is ignored', (ctx, world) => listIgnoredDrift(ctx, world), infra),
  here(
    'run.request',
    'look for drift',
    (ctx, { environment_id }) => checkDrift(ctx, { environment_id }),
    infra,
  ),
  here(
    'deployment.request',
    'adopt drift',
    (ctx, { environment_id }) => adoptDrift(ctx, { environment_id }),
    infra,
  ),
  here(
    'deployment.request',
    'put back what drifted',
    (ctx, { environment_id }) => reassertDrift(ctx, { environment_id, all: true }),
    infra,
  ),
  here(
    'deployment.allow_destroy',
    'put back what drifted, also where something has to be destroyed',
    (ctx, { environment_id }) => reassertDrift(ctx, { environment_id, all: true, allow_destroy: true }),
    { ...infra, needs: ['deployment.request'] },
  ),
  here(
    'drift.ignore',
    'ignore drift',
    (ctx, { environment_id }) => ignoreDrift(ctx, { environment_id, item_key }),
    infra,
  ),
  here(
    'drift.ignore',
    'ignore it no more',
    (ctx, { environment_id }, ignore_id) => stopIgnoringDrift(ctx, { environment_id, ignore_id }),
    { prepare: makeRule },
  ),
]
