import { resourceKey } from '#domain/blueprint.ts'
import { DomainError } from '#domain/errors.ts'
import { findInfraOverride, listInfraOverrides, type InfraOverrideRow } from '#store/infra-override.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import type { InfraPlace } from './infra-place.ts'

export type OverrideView = InfraOverrideRow

/** What an environment has otherwise than the blueprint says, by type and name. */
export async function listOverrides(
  ctx: Context,
  { project_id, environment_id, limit, after }: InfraPlace & { limit?: number; after?: string | undefined },
): Promise<OverrideView[]> {
  authorize(ctx, 'catalogue.read', { project_id, environment_id })
  const at = after?.indexOf('/') ?? -1
  const last = after !== undefined && at >= 0 ? { type: after.slice(0, at), name: after.slice(at + 1) } : null
  return listInfraOverrides(ctx.db, environment_id, {
    ...(limit === undefined ? {} : { limit }),
    ...(last ? { after: last } : {}),
  })
}

/** Throws `not_found` where there is none. */
export async function getOverride(
  ctx: Context,
  { project_id, environment_id, type, name }: InfraPlace & { type: string; name: string },
): Promise<OverrideView> {
  authorize(ctx, 'catalogue.read', { project_id, environment_id })
  const row = await findInfraOverride(ctx.db, { environment_id, resource_type: type, resource_name: name })
  if (!row) throw new DomainError('not_found', { what: 'override', id: resourceKey(type, name) })
  return row
}
