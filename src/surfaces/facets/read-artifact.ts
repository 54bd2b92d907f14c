import { getEnvironmentByName } from '#app/environments/get-environment.ts'
import type { NewArtifact } from '#app/infra/register-artifact.ts'
import { pageProjects } from '#app/projects/page-projects.ts'
import { invalidField } from '#domain/errors.ts'
import type { JsonObject } from '#domain/json.ts'
import { findCluster, findStack } from './find-place.ts'
import { isObject, neededTextIn, objectIn, textIn, type Body } from './read-body.ts'
import type { Call } from './route.ts'
import { registrationTypes } from './wire/resource.ts'

const most = 2000

/** Who an artifact is for: one cluster, all that follow a stream, or all of a stack. */
type For = Pick<NewArtifact, 'project_id' | 'environment_id' | 'release_stream'>

/** What CI says of what it built (section 2.5). Throws `invalid`, and `not_found` for whom it is for. */
export async function readArtifact(call: Call, wanted?: 'environment' | 'stream'): Promise<NewArtifact> {
  const body = objectIn(call)
  const application = neededTextIn(body, 'applicationName', most)
  const uri = neededTextIn(body, 'artifactUri', most)
  const optional = (field: string, name: string) => {
    const value = textIn(body, field, most)
    return value === undefined ? {} : { [name]: value }
  }
  const { metadata = {}, artifactory } = { ...body, artifactory: textIn(body, 'artifactory', most) }
  if (metadata !== null && !isObject(metadata))
    throw invalidField('metadata', 'invalid', 'has to be an object')
  return {
    ...(await readFor(call, body, wanted)),
    ...{ application, uri },
    ...optional('externalId', 'external_id'),
    ...optional('tag', 'tag'),
    ...optional('description', 'description'),
    metadata: { ...(metadata as JsonObject | null), ...(artifactory === undefined ? {} : { artifactory }) },
  }
}

async function readFor(call: Call, body: Body, wanted?: 'environment' | 'stream'): Promise<For> {
  if (wanted === 'environment') {
    const { id: project_id } = await findStack(call, neededTextIn(body, 'stackName'))
    const name = neededTextIn(body, 'clusterName')
    return { project_id, environment_id: (await getEnvironmentByName(call.ctx, { project_id, name })).id }
  }
  if (wanted === 'stream') {
    const release_stream = neededTextIn(body, 'releaseStream')
    return { project_id: await stackIn(call, body), release_stream }
  }
  const type = readType(body)
  const clusterId = textIn(body, 'clusterId')
  const release_stream = textIn(body, 'releaseStream')
  if (type === 'ENVIRONMENT' && clusterId === undefined) throw needed('clusterId', type)
  if (type === 'RELEASE_STREAM' && release_stream === undefined) throw needed('releaseStream', type)
  // Where both are named and it is not said which of them counts, it is the one cluster.
  if (clusterId !== undefined && type !== 'RELEASE_STREAM') {
    const { project_id, environment_id } = await findCluster(call, clusterId)
    return { project_id, environment_id }
  }
  const project_id = await stackIn(call, body, clusterId)
  return { project_id, ...(release_stream === undefined ? {} : { release_stream }) }
}

const needed = (field: string, type: string) =>
  invalidField(field, 'required', `is required where registrationType is ${type}`)

function readType(body: Body) {
  const said = textIn(body, 'registrationType')
  if (said === undefined) return undefined
  const type = registrationTypes.find((one) => one === said.toUpperCase())
  if (type) return type
  throw invalidField('registrationType', 'invalid', `must be one of ${registrationTypes.join(', ')}`)
}

/** By name or by a cluster of it; where neither is said, the only one that the caller sees. */
async function stackIn(call: Call, body: Body, clusterId?: string): Promise<string> {
  const name = textIn(body, 'stackName')
  if (name !== undefined) return (await findStack(call, name)).id
  if (clusterId !== undefined) return (await findCluster(call, clusterId)).project_id
  const [only, ...others] = await pageProjects(call.ctx, { kind: 'infra', limit: 2 })
  if (only && others.length === 0) return only.id
  throw invalidField('stackName', 'required', 'is required: there is more than one stack, or none')
}
