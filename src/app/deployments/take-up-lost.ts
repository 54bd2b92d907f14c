import { follow, type DeploymentTrigger } from '#domain/lifecycle.ts'
import { listInHand, type DeploymentRow, type InHand } from '#store/deployment.ts'
import { recordOutcome } from '#store/deployment-outcome-write.ts'
import { moveDeployment } from '#store/deployment-write.ts'
import { findEnvironment } from '#store/environment.ts'
import { unlockStatesOf } from '#store/infra-state.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { noteWhereLogged } from '../logs/note-where-logged.ts'
import { stamp } from './claim-deployment.ts'

/** `outside`: what was handed over has a job of its own, which knows more of it. */
export type AfterLoss = 'repeat' | 'look' | 'never' | 'outside'

/**
 * Takes up what a process had in hand when it died. Called only by whoever holds the environment's job: it is the
 * proof that nobody else has. Returns whether there was anything.
 */
export async function takeUpLost(
  ctx: Context,
  environmentId: string,
  afterLoss: (executor: string) => AfterLoss,
): Promise<boolean> {
  const lost = await listInHand(ctx.db, environmentId)
  if (lost.length === 0) return false
  const environment = await findEnvironment(ctx.db, environmentId)
  const policy = environment ? afterLoss(environment.executor) : 'never'
  return transact(ctx, async (unit) => {
    let taken = false
    for (const deployment of lost) if (await takeUp(ctx, unit, deployment, policy)) taken = true
    return taken
  })
}

const reason = 'The process that ran it died.'

async function takeUp(ctx: Context, unit: Unit, deployment: InHand, policy: AfterLoss): Promise<boolean> {
  const { id, state, attempt, project_id, environment_id } = deployment
  if (isOutsides(deployment, policy)) {
    unit.wake({ name: 'run-executor', data: { deployment_id: id } })
    return false
  }
  const to = follow(state, triggerOf(state, policy))
  if (!to) return false
  if (to === 'failed') return giveUp(ctx, unit, deployment)
  if (!(await moveDeployment(unit.tx, { id, from: state, to, attempt, at: ctx.now() }))) return false
  // Whatever it held nobody holds any more.
  await unlockStatesOf(unit.tx, { deployment_id: id })
  const said = to === 'queued' ? `${reason} It is queued again.` : `canceled: ${reason}`
  await noteWhereLogged(ctx, unit, id, said, { last: to !== 'queued' })
  const kind = to === 'queued' ? 'deployment.requeued' : 'deployment.canceled'
  unit.record({ kind, project_id, environment_id, subject_id: id, reason, data: { attempt } })
  return true
}

/**
 * What was begun outside is that job's to end, whatever its environment deploys by now. What was not even handed over
 * was looked at by nobody: it is planned again, or faults and stale plans would go out unseen.
 */
function isOutsides({ handed_over, dispatched }: InHand, policy: AfterLoss): boolean {
  return dispatched || (handed_over && policy === 'outside')
}

/** Nobody knows how far it came: whatever it was to change is uncertain from here on. */
function giveUp(ctx: Context, { tx }: Unit, { id, attempt, plan_id }: DeploymentRow): Promise<boolean> {
  if (plan_id === null) throw new Error(`deployment ${id} is applying without a plan`)
  const outcome = {
    deployment_id: id,
    attempt,
    plan_id,
    to: 'failed' as const,
    faults: [],
    uncertain: true,
    failure_code: 'outcome_unknown',
    failure_detail: 'The process that ran it died, and it must not be run twice.',
    counts: {},
  }
  return recordOutcome(tx, outcome, stamp(ctx))
}

function triggerOf(state: DeploymentRow['state'], policy: AfterLoss): DeploymentTrigger {
  if (state !== 'applying') return 'lost'
  return policy === 'never' ? 'lost_for_good' : 'lost_repeatable'
}
