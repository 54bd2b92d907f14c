import { DomainError } from '#domain/errors.ts'
import { lockInfraVariable, removeInfraVariable } from '#store/infra-variable.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { requireVersion } from '../require-version.ts'
import { requireInfraPlace, type InfraPlace } from './infra-place.ts'

/** The blueprint's own value counts again, if it has one. Throws `not_found`, `version_conflict`. */
export function removeVariable(
  ctx: Context,
  { project_id, environment_id, name, version }: InfraPlace & { name: string; version?: number },
): Promise<void> {
  authorize(ctx, 'environment.admin', { project_id, environment_id })
  return transact(ctx, async (unit) => {
    await requireInfraPlace(unit.tx, { project_id, environment_id })
    const before = await lockInfraVariable(unit.tx, environment_id, name)
    if (!before) throw new DomainError('not_found', { what: 'variable', id: name })
    requireVersion('variable', { ...before, id: name }, version)
    await removeInfraVariable(unit.tx, environment_id, name)
    unit.record({
      kind: 'variable.removed',
      project_id,
      environment_id,
      data: { name, secret: before.secret },
    })
  })
}
