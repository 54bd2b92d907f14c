import { Type } from 'typebox'
import { getOverride, listOverrides, type OverrideView } from '#app/infra/get-override.ts'
import { getResource, listResources } from '#app/infra/list-resources.ts'
import { putOverride, removeOverride, switchResources } from '#app/infra/put-override.ts'
import { DomainError, invalidField, isDomainError } from '#domain/errors.ts'
import type { JsonObject } from '#domain/json.ts'
import type { resources } from '../endpoints/resources.ts'
import { findCluster, type Place } from '../find-place.ts'
import { flagIn, isObject, neededTextIn, objectIn, textIn } from '../read-body.ts'
import type { Call, Routes } from '../route.ts'
import { writeOverride } from '../translate/override.ts'
import { OverrideObject, OverrideRequest, ResourceSwitch } from '../wire/resource.ts'

/** A list of switches has no pages. */
const mostSwitches = 1000

interface Named {
  project_id: string
  environment_id: string
  type: string
  name: string
}

async function named(call: Call): Promise<Named> {
  const { project_id, environment_id } = await findCluster(call, call.params['clusterId'] ?? '')
  const { resourceType: type = '', resourceName: name = '' } = call.params
  return { project_id, environment_id, type, name }
}

const write = (call: Call, one: { type: string; name: string }, row: OverrideView | undefined) =>
  writeOverride(call.params['clusterId'] ?? '', one, row)

export const overrideRoutes: Pick<
  Routes<typeof resources>,
  'overrides' | 'override' | 'allOverrides' | 'removeOverride' | 'enable'
> = {
  overrides: {
    answer: OverrideObject,
    async handle(call) {
      const one = await named(call)
      try {
        return write(call, one, await getOverride(call.ctx, one))
      } catch (error) {
        if (!isDomainError(error, 'not_found')) throw error
        await requireResource(call, one)
        return write(call, one, undefined)
      }
    },
  },
  override: {
    body: OverrideRequest,
    answer: OverrideObject,
    async handle(call) {
      const one = await named(call)
      const body = objectIn(call)
      for (const [field, value] of [
        ['resourceType', one.type],
        ['resourceName', one.name],
      ] as const)
        if ((textIn(body, field) ?? value) !== value)
          throw invalidField(field, 'invalid', 'is another resource than the address names')
      const changes = body['overrides']
      if (!isObject(changes))
        throw invalidField('overrides', changes === undefined ? 'required' : 'invalid', 'has to be an object')
      await requireResource(call, one)
      const reason = textIn(body, 'changeLog')
      const input = { ...one, changes: changes as JsonObject, ...(reason === undefined ? {} : { reason }) }
      const { override } = await putOverride(call.ctx, input)
      return write(call, one, override)
    },
  },
  allOverrides: {
    answer: Type.Array(OverrideObject),
    async handle(call) {
      const { project_id, environment_id } = await findCluster(call, call.params['clusterId'] ?? '')
      const rows = await listOverrides(call.ctx, { project_id, environment_id })
      return rows.map((row) => write(call, { type: row.resource_type, name: row.resource_name }, row))
    },
  },
  removeOverride: {
    answer: 'nothing',
    handle: async (call) => removeOverride(call.ctx, await named(call)),
  },
  enable: {
    body: Type.Array(ResourceSwitch),
    answer: Type.Array(ResourceSwitch),
    async handle(call) {
      const place = await findCluster(call, call.params['clusterId'] ?? '')
      const switches = readSwitches(call.body)
      await requireResources(call, place, switches)
      const { project_id, environment_id } = place
      await switchResources(call.ctx, { project_id, environment_id, resources: switches })
      return switches.map(({ type, name, disabled }) => ({
        resourceType: type,
        resourceName: name,
        disabled,
      }))
    },
  },
}

/** A name that the blueprint does not have would do nothing, and nobody would know. Throws `not_found`. */
async function requireResource({ ctx }: Call, one: Named): Promise<void> {
  try {
    await getResource(ctx, one)
  } catch (error) {
    // A blueprint that cannot be read now keeps nobody from overriding what is in it.
    if (!isDomainError(error, 'invalid') && !isDomainError(error, 'repository_unreachable')) throw error
  }
}

interface Switch {
  type: string
  name: string
  disabled: boolean
}

function readSwitches(body: unknown): Switch[] {
  if (!Array.isArray(body)) throw new DomainError('malformed', { detail: 'The body has to be a JSON array.' })
  if (body.length === 0) throw new DomainError('malformed', { detail: 'The body names no resource.' })
  if (body.length > mostSwitches)
    throw new DomainError('malformed', { detail: `The body may have ${mostSwitches} entries.` })
  return body.map((entry: unknown, at) => {
    if (!isObject(entry)) throw invalidField(`${at}`, 'invalid', 'must be an object')
    if (entry['disabled'] === undefined || entry['disabled'] === null)
      throw invalidField('disabled', 'required', 'is required')
    return {
      type: textIn(entry, 'resourceType') ?? 'application',
      name: neededTextIn(entry, 'resourceName'),
      disabled: flagIn(entry, 'disabled', false),
    }
  })
}

async function requireResources({ ctx }: Call, place: Place, wanted: readonly Switch[]): Promise<void> {
  const { project_id, environment_id } = place
  const all = await listResources(ctx, { project_id, environment_id })
  const known = new Set(all.map(({ key }) => key))
  const unknown = wanted.find(({ type, name }) => !known.has(`${type}/${name}`))
  if (unknown) throw new DomainError('not_found', { what: 'resource', id: `${unknown.type}/${unknown.name}` })
}
