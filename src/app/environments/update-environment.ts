import { DomainError } from '#domain/errors.ts'
import type { Annotations } from '#store/columns.ts'
import {
  findEnvironmentByName,
  updateEnvironment as update,
  type EnvironmentRow,
} from '#store/environment.ts'
import { violatedConstraint } from '#store/violated-constraint.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { getEnvironment } from './get-environment.ts'
import { holdEnvironment } from './hold-environment.ts'
import { requireParent, requirePromotable, requiresNobody } from './require-parent.ts'

export interface EnvironmentChange {
  project_id: string
  environment_id: string
  name?: string
  tier?: string | null
  parent_id?: string | null
  requires_parent?: boolean
  auto_promote?: boolean
  approvals_needed?: number
  approval_timeout_seconds?: number
  annotations?: Annotations
  /** The version that the caller saw; another one throws `version_conflict`. */
  version?: number
}

/** Throws `not_found`, `already_exists` when the new name is taken, `invalid` where the order would run in a circle. */
export async function updateEnvironment(ctx: Context, input: EnvironmentChange): Promise<EnvironmentRow> {
  authorize(ctx, 'environment.admin', { project_id: input.project_id })
  await getEnvironment(ctx, input)
  return transact(ctx, (unit) => updateEnvironmentIn(ctx, unit, input))
}

export async function updateEnvironmentIn(
  ctx: Context,
  unit: Unit,
  { project_id, environment_id, annotations, version, ...change }: EnvironmentChange,
): Promise<EnvironmentRow> {
  authorize(ctx, 'environment.admin', { project_id })
  if (version !== undefined) await holdEnvironment(unit.tx, { project_id, environment_id }, version)
  if (change.name !== undefined) {
    const holder = await findEnvironmentByName(unit.tx, project_id, change.name)
    if (holder && holder.id !== environment_id)
      throw new DomainError('already_exists', { what: 'environment', id: change.name })
  }
  const { parent_id } = change
  if (parent_id) await requireParent(unit.tx, { project_id, environment_id, parent_id })
  const row = await update(unit.tx, environment_id, {
    ...change,
    ...(annotations === undefined ? {} : { annotations: JSON.stringify(annotations) }),
    updated_by: authorIn(ctx),
    updated_at: ctx.now(),
  }).catch((error: unknown) => {
    // Somebody else took the name since we looked.
    if (violatedConstraint(error)?.kind !== 'unique') throw error
    throw new DomainError('already_exists', { what: 'environment', id: change.name ?? '' })
  })
  if (!row) throw new DomainError('not_found', { what: 'environment', id: environment_id })
  const reordered = parent_id !== undefined || change.requires_parent !== undefined
  if (reordered && row.requires_parent && row.parent_id === null) throw requiresNobody()
  if (row.auto_promote && (change.auto_promote || parent_id !== undefined))
    await requirePromotable(unit.tx, row)
  const { requires_parent, approvals_needed } = row
  const data = { name: row.name, requires_parent, approvals_needed }
  unit.record({ kind: 'environment.updated', project_id, environment_id, data })
  // What waited for a parent or for people may be let go on.
  if (reordered || change.approvals_needed !== undefined) unit.wake({ name: 'admit-deployments', data: {} })
  return row
}
