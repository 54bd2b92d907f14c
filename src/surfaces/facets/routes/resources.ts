import { Type } from 'typebox'
import { getBlueprint } from '#app/infra/get-blueprint.ts'
import { listResources, getResource, type ResourceView } from '#app/infra/list-resources.ts'
import { getEnvironmentByName } from '#app/environments/get-environment.ts'
import { DomainError } from '#domain/errors.ts'
import type { resources } from '../endpoints/resources.ts'
import { findCluster, findStack } from '../find-place.ts'
import { text } from '../read-query.ts'
import type { Call, Routes } from '../route.ts'
import { writeStatus } from '../translate/override.ts'
import { BlueprintFile, OutProperties, ResourceFile, ResourceStatus } from '../wire/resource.ts'
import { overrideRoutes } from './overrides.ts'

/** The resource that the address names, as its cluster gets it. Throws `not_found`, of the cluster first. */
async function resourceIn(call: Call): Promise<ResourceView> {
  const { project_id, environment_id } = await findCluster(call, call.params['clusterId'] ?? '')
  const { resourceType: type = '', resourceName: name = '' } = call.params
  return getResource(call.ctx, { project_id, environment_id, type, name })
}

export const resourceRoutes: Routes<typeof resources> = {
  ...overrideRoutes,
  get: {
    answer: ResourceFile,
    async handle(call) {
      const { key, instance } = await resourceIn(call)
      // It is live, and in the blueprint no more.
      if (instance === null) throw new DomainError('not_found', { what: 'resource', id: key })
      return instance
    },
  },
  outProperties: {
    answer: OutProperties,
    async handle(call) {
      const { provided, instance } = await resourceIn(call)
      const out = provided && isObject(instance?.out) ? instance.out : {}
      const part = (of: string) => (isObject(out[of]) ? out[of] : {})
      return { interfaces: part('interfaces'), attributes: part('attributes') }
    },
  },
  preview: {
    answer: Type.Array(ResourceStatus),
    async handle(call) {
      const { project_id, environment_id } = await findCluster(call, call.params['clusterId'] ?? '')
      return (await listResources(call.ctx, { project_id, environment_id })).map(writeStatus)
    },
  },
  status: {
    query: { resources: Type.String({ description: 'Names, or types and names: `service/api,db`' }) },
    answer: Type.Array(ResourceStatus),
    async handle(call) {
      const { id: project_id } = await findStack(call, call.params['stackName'] ?? '')
      const name = call.params['clusterName'] ?? ''
      const { id: environment_id } = await getEnvironmentByName(call.ctx, { project_id, name })
      const wanted = (text(call.query, 'resources', 20_000) ?? '').split(',').map((one) => one.trim())
      const asked = new Set(wanted.filter((one) => one !== ''))
      const all = await listResources(call.ctx, { project_id, environment_id })
      return all
        .filter((one) => asked.size === 0 || namesOf(one).some((called) => asked.has(called)))
        .map(writeStatus)
    },
  },
  files: {
    answer: Type.Array(BlueprintFile),
    async handle(call) {
      const { id: project_id } = await findStack(call, call.params['stackName'] ?? '')
      const { files } = await getBlueprint(call.ctx, { project_id, branch: call.params['branch'] ?? null })
      return files.map(writeFile)
    },
  },
}

const namesOf = ({ type, name, key }: ResourceView) => [key, name, `${type}.${name}`]

function writeFile({ path, text: content }: { path: string; text: string }) {
  const slash = path.lastIndexOf('/')
  const [, resourceType, resourceName] = /^([^/]+)\/instances\/([^/]+)\.json$/.exec(path) ?? []
  return {
    filename: path.slice(slash + 1),
    directory: path.slice(0, Math.max(0, slash)),
    content,
    ...(resourceType && resourceName ? { resourceType, resourceName } : {}),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
