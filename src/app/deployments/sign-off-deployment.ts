import { DomainError } from '#domain/errors.ts'
import { signOffDeployment as write } from '#store/deployment-sign-off.ts'
import { authorizeNamed } from '../authorize.ts'
import { authorIn, transact, type Context } from '../context.ts'
import {
  placeOfDeployment,
  requireDeployment,
  viewDeployment,
  type DeploymentView,
} from './deployment-view.ts'

/**
 * Says that what a deployment did is good: a mark for people, which stops nothing. Once given it stays with whoever gave
 * it first. Throws `not_found`, and `not_possible_now` where it has not succeeded.
 */
export async function signOffDeployment(
  ctx: Context,
  { deployment_id, reason = null }: { deployment_id: string; reason?: string | null },
): Promise<DeploymentView> {
  const row = await requireDeployment(ctx.db, deployment_id)
  const { project_id, environment_id, state } = row
  authorizeNamed(ctx, 'deployment.sign_off', placeOfDeployment(row), {
    what: 'deployment',
    id: deployment_id,
  })
  if (state !== 'succeeded' && state !== 'unchanged')
    throw new DomainError('not_possible_now', {
      ...{ what: 'deployment', id: deployment_id, state, action: 'be signed off' },
    })
  await transact(ctx, async ({ tx, record }) => {
    if (await write(tx, deployment_id, { signed_off_by: authorIn(ctx), signed_off_at: ctx.now() }))
      record({ kind: 'deployment.signed_off', project_id, environment_id, subject_id: deployment_id, reason })
  })
  return viewDeployment(ctx.db, await requireDeployment(ctx.db, deployment_id), ctx.now())
}
