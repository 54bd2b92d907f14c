import type { Context } from '#app/context.ts'
import { readLog } from '#app/logs/read-log.ts'
import { cancelRun } from '#app/runs/cancel-run.ts'
import { getRun, listRuns } from '#app/runs/get-run.ts'
import { checkEnvironment } from '#app/runs/check-environment.ts'
import { requestRun } from '#app/runs/request-run.ts'
import { here, type Attempt } from './attempt.ts'
import { makeDeployment, type World } from './world.ts'

const settings = { command: ['/bin/true'] }

async function makeRun(
  ctx: Context,
  { project_id, environment_id }: World,
  requested_by: string | null,
): Promise<string> {
  const asked = { project_id, environment_id, settings, kind: 'check', executor: 'command' } as const
  const { id } = await requestRun(ctx, { ...asked, input: {}, cause: 'request' })
  await ctx.db.updateTable('run').set({ requested_by }).where('id', '=', id).execute()
  return id
}

const another = { prepare: (ctx: Context, world: World) => makeRun(ctx, world, null) }

export const runAttempts: readonly Attempt[] = [
  here('run.read', 'list runs', (ctx, { project_id }) => listRuns(ctx, { project_id, limit: 1 })),
  here('run.read', 'read a run', (ctx, _world, run_id) => getRun(ctx, { run_id }), another),
  here(
    'run.read',
    'read its log',
    (ctx, _world, run_id) => readLog(ctx, { run_id, after: 0, limit: 1 }),
    another,
  ),
  here(
    'deployment.read',
    'read the log of a deployment',
    (ctx, _world, deployment_id) => readLog(ctx, { deployment_id, after: 0, limit: 1 }),
    { prepare: (ctx, world) => makeDeployment(ctx, world, null) },
  ),
  here(
    'run.request',
    'check an environment',
    (ctx, { environment_id }) => checkEnvironment(ctx, { environment_id }),
    {
      prepare: async (ctx, { environment_id }) => {
        const executor_settings = JSON.stringify(settings)
        await ctx.db
          .updateTable('environment')
          .set({ executor_settings })
          .where('id', '=', environment_id)
          .execute()
        return ''
      },
    },
  ),
  here('run.cancel_own', 'cancel one’s own run', (ctx, _world, run_id) => cancelRun(ctx, { run_id }), {
    or: 'run.cancel_any',
    prepare: (ctx, world, { user_id }) => makeRun(ctx, world, user_id),
  }),
  here(
    'run.cancel_any',
    'cancel another’s run',
    (ctx, _world, run_id) => cancelRun(ctx, { run_id }),
    another,
  ),
]
