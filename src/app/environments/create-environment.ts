import { DomainError } from '#domain/errors.ts'
import type { Annotations } from '#store/columns.ts'
import { insertEnvironment, type EnvironmentRow } from '#store/environment.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { requireParent, requirePromotable, requiresNobody } from './require-parent.ts'
import { usualExecutorOf } from './usual-executor.ts'

export interface NewEnvironment {
  project_id: string
  name: string
  tier?: string | null
  parent_id?: string | null
  requires_parent?: boolean
  approvals_needed?: number
  approval_timeout_seconds?: number
  auto_promote?: boolean
  /** The name of an executor; left out, the usual one of the project's kind. */
  executor?: string
  annotations?: Annotations
}

/** Throws `already_exists` when the project has an environment of this name, and `not_found` without its parent. */
export function createEnvironment(ctx: Context, input: NewEnvironment): Promise<EnvironmentRow> {
  return transact(ctx, (unit) => createEnvironmentIn(ctx, unit, input))
}

export async function createEnvironmentIn(
  ctx: Context,
  unit: Unit,
  input: NewEnvironment,
): Promise<EnvironmentRow> {
  const { project_id, parent_id = null } = input
  authorize(ctx, 'environment.admin', { project_id })
  if (input.requires_parent && parent_id === null) throw requiresNobody()
  if (parent_id !== null) await requireParent(unit.tx, { project_id, parent_id })
  const row = await insertEnvironment(unit.tx, {
    id: ctx.newId(),
    project_id,
    name: input.name,
    tier: input.tier ?? null,
    parent_id,
    requires_parent: input.requires_parent ?? false,
    auto_promote: input.auto_promote ?? false,
    approvals_needed: input.approvals_needed ?? 0,
    approval_timeout_seconds: input.approval_timeout_seconds ?? 86_400,
    executor: input.executor ?? (await usualExecutorOf(unit.tx, project_id)),
    annotations: JSON.stringify(input.annotations ?? {}),
    created_by: authorIn(ctx),
    updated_by: authorIn(ctx),
    created_at: ctx.now(),
    updated_at: ctx.now(),
  })
  if (!row) throw new DomainError('already_exists', { what: 'environment', id: input.name })
  if (row.auto_promote) await requirePromotable(unit.tx, row)
  unit.record({
    kind: 'environment.created',
    project_id: row.project_id,
    environment_id: row.id,
    data: { name: row.name },
  })
  return row
}
