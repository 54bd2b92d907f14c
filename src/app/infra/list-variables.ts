import { listInfraVariables } from '#store/infra-variable.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import type { InfraPlace } from './infra-place.ts'
import { viewVariable, type VariableView } from './variable-view.ts'

/** All of an environment, by name; secrets without their values. */
export async function listVariables(
  ctx: Context,
  { project_id, environment_id }: InfraPlace,
): Promise<VariableView[]> {
  authorize(ctx, 'catalogue.read', { project_id, environment_id })
  return (await listInfraVariables(ctx.db, environment_id)).map(viewVariable)
}
