import { DomainError, invalidField } from '#domain/errors.ts'
import { overridable, type GateCode, type OverridableGate } from '#domain/gates.ts'
import { isFinal } from '#domain/lifecycle.ts'
import type { Target } from '#domain/principal.ts'
import { lockDeployment, type DeploymentRow } from '#store/deployment.ts'
import { insertGateOverrides } from '#store/gate-override.ts'
import { authorize, authorizeNamed } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import {
  placeOfDeployment,
  requireDeployment,
  viewDeployment,
  type DeploymentView,
} from '../deployments/deployment-view.ts'
import { requireVersion } from '../require-version.ts'

/** Gates to set aside for one deployment, whether they are shut now or shut later. */
export interface Override {
  gates: readonly GateCode[]
  reason: string
}

/**
 * Lets a waiting deployment pass gates that are shut for it, for as long as it lives. Who does it and why is an event.
 * Throws `not_found`, `forbidden`, `invalid` (no reason, a gate that cannot be overridden), `not_possible_now`.
 */
export async function overrideGates(
  ctx: Context,
  { deployment_id, version, ...override }: { deployment_id: string; version?: number } & Override,
): Promise<DeploymentView> {
  const asked = await requireDeployment(ctx.db, deployment_id)
  const place = placeOfDeployment(asked)
  authorizeNamed(ctx, 'gate.override', place, { what: 'deployment', id: deployment_id })
  authorizeOverride(ctx, place, override)
  await transact(ctx, async (unit) => {
    const held = (await lockDeployment(unit.tx, deployment_id)) ?? asked
    requireVersion('deployment', held, version)
    const { state } = held
    if (isFinal(state) || state === 'applying' || state === 'canceling')
      throw new DomainError('not_possible_now', {
        what: 'deployment',
        id: deployment_id,
        state,
        action: 'pass a gate any more',
      })
    await overrideGatesIn(ctx, unit, [held], override)
    const { environment_id } = held
    unit.wake({ name: 'admit-deployments', data: {} })
    unit.wake({ name: 'run-environment', data: { environment_id } })
  })
  return viewDeployment(ctx.db, await requireDeployment(ctx.db, deployment_id), ctx.now())
}

/** Whether the caller may, and has said why. Headgate itself and agents never do. Throws `forbidden`, `invalid`. */
export function authorizeOverride(ctx: Context, place: Target, { gates, reason }: Override): void {
  authorize(ctx, 'gate.override', place)
  if (ctx.principal === null)
    throw new DomainError('forbidden', {
      action: 'gate.override',
      detail: 'Headgate itself overrides nothing.',
    })
  if (reason.trim() === '')
    throw invalidField('override.reason', 'required', 'says nothing: an override needs a reason')
  if (gates.length === 0) throw invalidField('override.gates', 'required', 'names no gate')
  const never = gates.find((code) => !isOverridable(code))
  if (never) throw invalidField('override.gates', 'invalid', `names ${never}, which cannot be overridden`)
}

/** Inside a caller's transaction; the caller authorises. */
export async function overrideGatesIn(
  ctx: Context,
  unit: Unit,
  deployments: readonly Pick<DeploymentRow, 'id' | 'project_id' | 'environment_id'>[],
  { gates, reason }: Override,
): Promise<void> {
  const set = [...new Set(gates)].filter(isOverridable)
  const row = { user_id: authorIn(ctx), reason: reason.trim(), at: ctx.now() }
  await insertGateOverrides(
    unit.tx,
    deployments.flatMap(({ id }) => set.map((gate) => ({ deployment_id: id, gate, ...row }))),
  )
  for (const { id, project_id, environment_id } of deployments)
    unit.record({
      kind: 'gate.overridden',
      ...{ project_id, environment_id, subject_id: id, reason: row.reason },
      data: { gates: set },
    })
}

function isOverridable(code: GateCode): code is OverridableGate {
  return (overridable as readonly GateCode[]).includes(code)
}
