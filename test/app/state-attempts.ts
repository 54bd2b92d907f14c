import type { Context } from '#app/context.ts'
import { signOffDeployment } from '#app/deployments/sign-off-deployment.ts'
import { createSchedule } from '#app/schedules/create-schedule.ts'
import { getSchedule, listSchedules } from '#app/schedules/list-schedules.ts'
import { removeSchedule } from '#app/schedules/remove-schedule.ts'
import { updateSchedule } from '#app/schedules/update-schedule.ts'
import { forceUnlock } from '#app/state/force-unlock.ts'
import { getState, listStateVersions } from '#app/state/list-state-versions.ts'
import { lockState } from '#app/state/lock-state.ts'
import { readState } from '#app/state/read-state.ts'
import { removeState } from '#app/state/remove-state.ts'
import type { StateCaller } from '#app/state/state-caller.ts'
import { unlockState } from '#app/state/unlock-state.ts'
import { writeState } from '#app/state/write-state.ts'
import { insertSchedule } from '#store/release-schedule.ts'
import { lockInfraState, updateInfraState } from '#store/infra-state.ts'
import { here, type Attempt } from './attempt.ts'
import { makeDeployment, type World } from './world.ts'

const callerIn = (ctx: Context, { project_id, environment_id }: World): StateCaller => ({
  ctx,
  environment: { id: environment_id, project_id, name: 'staging' },
  own: null,
})
const bytes = Buffer.from('{"version":4,"serial":1,"lineage":"l"}')

/** Whoever was let in before has left nothing behind. */
const blank = {
  prepare: async (ctx: Context, { environment_id }: World) => {
    await ctx.db.deleteFrom('infra_state').where('environment_id', '=', environment_id).execute()
    await ctx.db.deleteFrom('infra_state_version').where('environment_id', '=', environment_id).execute()
    return ''
  },
}
const locked = {
  prepare: async (ctx: Context, { environment_id }: World) => {
    await lockInfraState(ctx.db, environment_id, ctx.now())
    await updateInfraState(ctx.db, environment_id, { lock_id: 'lock-1', lock_info: '{"ID":"lock-1"}' })
    return ''
  },
}

async function makeSchedule(ctx: Context, { environment_id }: World): Promise<string> {
  const at = ctx.now()
  const { id } = await insertSchedule(ctx.db, {
    ...{ id: ctx.newId(), environment_id, cron: '0 4 * * *', created_at: at, updated_at: at },
  })
  return id
}
const scheduled = { prepare: makeSchedule }

async function makeSucceeded(ctx: Context, world: World): Promise<string> {
  const id = await makeDeployment(ctx, world, null)
  await ctx.db.updateTable('deployment').set({ state: 'succeeded' }).where('id', '=', id).execute()
  return id
}

const said = { cron: '0 4 * * *', time_zone: 'UTC', paused: false }
const requesting = { needs: ['deployment.request', 'project.read'] as const }

/** What is done with states of infrastructure, and what is released by itself. */
export const stateAttempts: readonly Attempt[] = [
  here('state.read', 'read a state', (ctx, world) => readState(callerIn(ctx, world)), blank),
  here(
    'state.write',
    'write a state',
    (ctx, world) => writeState(callerIn(ctx, world), { bytes, lock_id: undefined }),
    blank,
  ),
  here('state.write', 'remove a state', (ctx, world) => removeState(callerIn(ctx, world), undefined), blank),
  here('state.write', 'lock a state', (ctx, world) => lockState(callerIn(ctx, world), '{"ID":"x"}'), blank),
  here(
    'state.write',
    'unlock a state',
    (ctx, world) => unlockState(callerIn(ctx, world), '{"ID":"x"}'),
    blank,
  ),
  here(
    'state.unlock',
    'break a lock',
    (ctx, { project_id, environment_id }) =>
      forceUnlock(ctx, { project_id, environment_id, lock_id: 'lock-1' }),
    { ...locked, needs: ['project.read'] },
  ),
  here('live.read', 'read about a state', (ctx, world) => getState(ctx, world), { needs: ['project.read'] }),
  here('live.read', 'list its versions', (ctx, world) => listStateVersions(ctx, { ...world, limit: 1 }), {
    needs: ['project.read'],
  }),
  here(
    'deployment.sign_off',
    'sign off',
    (ctx, _world, deployment_id) => signOffDeployment(ctx, { deployment_id }),
    {
      prepare: makeSucceeded,
    },
  ),
  here('deployment.read', 'list schedules', (ctx, world) => listSchedules(ctx, { ...world, limit: 1 }), {
    needs: ['project.read'],
  }),
  here(
    'deployment.read',
    'read a schedule',
    (ctx, { environment_id }, schedule_id) => getSchedule(ctx, { schedule_id, environment_id }),
    scheduled,
  ),
  here(
    'schedule.edit',
    'make a schedule',
    async (ctx, world) => {
      // The world's project is none of infrastructure: that is what whoever may is told.
      await createSchedule(ctx, { ...world, ...said, terms: {} }).catch((error: { code?: string }) => {
        if (error.code !== 'invalid') throw error
      })
    },
    requesting,
  ),
  here(
    'schedule.edit',
    'change a schedule',
    (ctx, { environment_id }, schedule_id) =>
      updateSchedule(ctx, { schedule_id, environment_id, paused: true }),
    { ...scheduled, needs: ['deployment.read', 'deployment.request'] },
  ),
  here(
    'schedule.edit',
    'remove a schedule',
    (ctx, { environment_id }, schedule_id) => removeSchedule(ctx, { schedule_id, environment_id }),
    { ...scheduled, needs: ['deployment.read'] },
  ),
]
