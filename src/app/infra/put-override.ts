import { jsonFault } from '#catalogue/infra/json-fault.ts'
import { resourceKey } from '#domain/blueprint.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import type { JsonObject } from '#domain/json.ts'
import {
  lockInfraOverride,
  putInfraOverrides,
  removeInfraOverride,
  type InfraOverrideRow,
} from '#store/infra-override.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { requireVersion } from '../require-version.ts'
import type { OverrideView } from './get-override.ts'
import { requireInfraPlace, type InfraPlace } from './infra-place.ts'

export interface ResourceOfPlace extends InfraPlace {
  type: string
  name: string
}

export interface OverrideInput extends ResourceOfPlace {
  /** Merged into the resource; null: nothing. Left out, as it is. */
  changes?: JsonObject | null
  /** Null: as the blueprint says. Left out, as it is. */
  disabled?: boolean | null
  reason?: string
  /** The one that the caller saw. */
  version?: number
}

/** Names of types and of resources are names of folders and of files. */
const namePattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/
/** Of an override as JSON. */
const mostBytes = 256 * 1024

/**
 * Replaces what an environment has otherwise of a resource. It is there from the next release on. Throws `not_found`,
 * `invalid`, `version_conflict`.
 */
export function putOverride(
  ctx: Context,
  { version, ...input }: OverrideInput,
): Promise<{ override: OverrideView; created: boolean }> {
  const { project_id, environment_id, type, name } = input
  authorize(ctx, 'override.edit', { project_id, environment_id })
  return transact(ctx, async (unit) => {
    await requireInfraPlace(unit.tx, input)
    const place = { environment_id, resource_type: type, resource_name: name }
    const before = await lockInfraOverride(unit.tx, place)
    const id = resourceKey(type, name)
    if (version !== undefined && !before) throw new DomainError('not_found', { what: 'override', id })
    if (before) requireVersion('override', { ...before, id }, version)
    const [override] = await writeIn(ctx, unit, [{ input, before }])
    return { override: override!, created: before === undefined }
  })
}

/** Switches resources of an environment off and on, whatever the blueprint says of them; null: as it says. */
export function switchResources(
  ctx: Context,
  {
    resources,
    reason,
    ...place
  }: InfraPlace & {
    resources: readonly { type: string; name: string; disabled: boolean | null }[]
    reason?: string
  },
): Promise<OverrideView[]> {
  authorize(ctx, 'override.edit', place)
  return transact(ctx, async (unit) => {
    await requireInfraPlace(unit.tx, place)
    const last = new Map(resources.map((one) => [resourceKey(one.type, one.name), one]))
    const writes = []
    // In one order, so that no two who switch the same ones wait for each other.
    for (const [, { type, name, disabled }] of [...last].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const { environment_id } = place
      const at = { environment_id, resource_type: type, resource_name: name }
      const before = await lockInfraOverride(unit.tx, at)
      const input = { ...place, type, name, disabled, ...(reason === undefined ? {} : { reason }) }
      if ((before?.disabled ?? null) !== disabled) writes.push({ input, before })
    }
    return writeIn(ctx, unit, writes)
  })
}

interface Write {
  input: OverrideInput
  before: InfraOverrideRow | undefined
}

async function writeIn(ctx: Context, unit: Unit, writes: readonly Write[]): Promise<OverrideView[]> {
  for (const { input } of writes) refuse(input)
  const rows = writes.map(({ input, before }) => {
    const changes = input.changes === undefined ? (before?.changes ?? null) : input.changes
    return {
      environment_id: input.environment_id,
      ...{ resource_type: input.type, resource_name: input.name },
      changes: changes === null ? null : JSON.stringify(changes),
      disabled: input.disabled === undefined ? (before?.disabled ?? null) : input.disabled,
      reason: input.reason ?? null,
      ...{ updated_by: authorIn(ctx), updated_at: ctx.now() },
    }
  })
  const written = await putInfraOverrides(unit.tx, rows)
  for (const { input } of writes) {
    const { project_id, environment_id, type, name, reason = null } = input
    const said = { ...(input.changes === undefined ? {} : { changes: Object.keys(input.changes ?? {}) }) }
    const data = { key: resourceKey(type, name), ...said, ...pick(input.disabled) }
    unit.record({ kind: 'override.set', project_id, environment_id, reason, data })
  }
  return written
}

function pick(disabled: boolean | null | undefined) {
  return disabled === undefined ? {} : { disabled }
}

function refuse({ type, name, changes }: OverrideInput): void {
  for (const [field, value] of Object.entries({ type, name }))
    if (!namePattern.test(value))
      throw invalidField(field, 'invalid', 'must be letters, digits, _ and, not at the beginning, . and -')
  if (changes === undefined || changes === null) return
  const fault = jsonFault(changes)
  if (fault) throw invalidField(['changes', ...fault.path].join('.').slice(0, 300), 'invalid', fault.message)
  if (JSON.stringify(changes).length > mostBytes)
    throw invalidField('changes', 'too_long', `is more than ${mostBytes / 1024} KiB of JSON`)
}

/** From the next release on it is as the blueprint says. Throws `not_found`, `version_conflict`. */
export function removeOverride(
  ctx: Context,
  { project_id, environment_id, type, name, version }: ResourceOfPlace & { version?: number },
): Promise<void> {
  authorize(ctx, 'override.edit', { project_id, environment_id })
  return transact(ctx, async (unit) => {
    const place = { environment_id, resource_type: type, resource_name: name }
    const id = resourceKey(type, name)
    await requireInfraPlace(unit.tx, { project_id, environment_id })
    const before = await lockInfraOverride(unit.tx, place)
    if (!before) throw new DomainError('not_found', { what: 'override', id })
    requireVersion('override', { ...before, id }, version)
    await removeInfraOverride(unit.tx, place)
    unit.record({ kind: 'override.removed', project_id, environment_id, data: { key: id } })
  })
}
