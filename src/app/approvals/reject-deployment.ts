import { moveDeployment } from '#store/deployment-write.ts'
import { transact, type Context } from '../context.ts'
import { requireDeployment, viewDeployment, type DeploymentView } from '../deployments/deployment-view.ts'
import { noteWhereLogged } from '../logs/note-where-logged.ts'
import { authorizeAnswer, holdAnswerable, recordVoice, type Answer } from './approve-deployment.ts'

/**
 * Says no to a plan. One voice is enough, and it is no failure. Throws `not_found`, `forbidden`, `not_possible_now`,
 * `plan_stale`.
 */
export async function rejectDeployment(ctx: Context, answer: Answer): Promise<DeploymentView> {
  const { deployment_id } = answer
  await authorizeAnswer(ctx, 'deployment.reject', deployment_id)
  await transact(ctx, async (unit) => {
    const deployment = await holdAnswerable(ctx, unit, answer, 'reject')
    const { id, project_id, environment_id } = deployment
    await recordVoice(ctx, unit, deployment, answer, 'rejected')
    await moveDeployment(unit.tx, { id, from: 'awaiting_approval', to: 'rejected', at: ctx.now() })
    unit.record({
      kind: 'deployment.rejected',
      ...{ project_id, environment_id, subject_id: id, reason: answer.reason ?? null },
      data: { plan_digest: answer.plan_digest },
    })
    const why = answer.reason === undefined ? '' : `: ${answer.reason}`
    await noteWhereLogged(ctx, unit, id, `rejected${why}`, { last: true })
    unit.wake({ name: 'run-environment', data: { environment_id } })
    if (deployment.rolls_back !== null) unit.wake({ name: 'admit-deployments', data: {} })
  })
  return viewDeployment(ctx.db, await requireDeployment(ctx.db, deployment_id), ctx.now())
}
