import { Type } from 'typebox'
import { resolveBeginning } from '#app/external-ids/resolve-beginning.ts'
import { findArtifact, listArtifacts, listArtifactsTaken } from '#app/infra/list-artifacts.ts'
import { getResource } from '#app/infra/list-resources.ts'
import { registerArtifact, restoreArtifact, type ArtifactView } from '#app/infra/register-artifact.ts'
import { getProject } from '#app/projects/get-project.ts'
import { DomainError } from '#domain/errors.ts'
import type { artifacts } from '../endpoints/artifacts.ts'
import { clusterIds, findCluster, stackNames } from '../find-place.ts'
import { readDigits } from '../ids.ts'
import { readArtifact } from '../read-artifact.ts'
import { readPage } from '../page.ts'
import type { Call, Route, Routes } from '../route.ts'
import { writeArtifact } from '../translate/artifact.ts'
import { Artifact, ArtifactRequest } from '../wire/resource.ts'

/** A history is looked through as far as this. */
const mostVersions = 1000

/** As clients know them; all of one stack. */
async function write(call: Call, all: readonly ArtifactView[]): Promise<Artifact[]> {
  const [first] = all
  if (!first) return []
  const project = await getProject(call.ctx, { project_id: first.project_id })
  const stack = (await stackNames(call, [project])).get(project.id) ?? project.key
  const clusters = await clusterIds(call, [...new Set(all.flatMap((one) => one.environment_id ?? []))])
  return all.map((artifact) =>
    writeArtifact({ artifact, stack, clusterId: clusters.get(artifact.environment_id ?? '') }),
  )
}

const writeOne = async (call: Call, artifact: ArtifactView) => (await write(call, [artifact]))[0]

const register = (wanted?: 'environment' | 'stream'): Route => ({
  body: ArtifactRequest,
  answer: Artifact,
  async handle(call) {
    return writeOne(call, await registerArtifact(call.ctx, await readArtifact(call, wanted)))
  },
})

/** The artifact of an id. Throws `not_found`. */
async function artifactOf({ ctx }: Call, id: string): Promise<ArtifactView> {
  const digits = readDigits(id)
  const artifact_id = digits && (await resolveBeginning(ctx, 'infra_artifact', digits))
  if (!artifact_id) throw new DomainError('not_found', { what: 'artifact', id })
  return findArtifact(ctx, { artifact_id, called: id })
}

export const artifactRoutes: Routes<typeof artifacts> = {
  registerOld: register(),
  register: register(),
  registerV2: register(),
  registerByEnvironment: register('environment'),
  registerByStream: register('stream'),
  list: {
    answer: Type.Array(Artifact),
    async handle(call) {
      const { project_id, environment_id } = await findCluster(call, call.params['clusterId'] ?? '')
      return write(call, await listArtifactsTaken(call.ctx, { project_id, environment_id }))
    },
  },
  ofResource: {
    answer: Type.Array(Artifact),
    async handle(call) {
      const { project_id, environment_id } = await findCluster(call, call.params['clusterId'] ?? '')
      const { resourceType: type = '', resourceName: name = '' } = call.params
      const { instance } = await getResource(call.ctx, { project_id, environment_id, type, name })
      const applications = applicationsOf(instance, name)
      const taken = await listArtifactsTaken(call.ctx, { project_id, environment_id })
      return write(
        call,
        taken.filter(({ application, uri }) => applications.has(application) || applications.has(uri)),
      )
    },
  },
  versions: {
    query: {
      page: Type.Integer({ minimum: 0, default: 0 }),
      perPage: Type.Integer({ minimum: 1, default: 5 }),
    },
    answer: Type.Array(Artifact),
    async handle(call) {
      const { page, size } = readPage(call.query, { number: 'page', size: 'perPage', usual: 5 })
      const { project_id, application, environment_id, release_stream } = await artifactOf(
        call,
        call.params['versioningKey'] ?? '',
      )
      const all = await listArtifacts(call.ctx, {
        ...{ project_id, application, limit: mostVersions },
        ...(environment_id === null ? {} : { environment_id }),
        ...(release_stream === null ? {} : { release_stream }),
      })
      const same = all.filter(
        (one) => one.environment_id === environment_id && one.release_stream === release_stream,
      )
      return write(call, same.slice(page * size, (page + 1) * size))
    },
  },
  restore: {
    answer: Artifact,
    async handle(call) {
      const { id: artifact_id, project_id } = await artifactOf(call, call.params['versionId'] ?? '')
      return writeOne(call, await restoreArtifact(call.ctx, { project_id, artifact_id }))
    },
  },
}

/** What a resource takes: the application that its build names, or the one that is called as it is; or an image by its address. */
function applicationsOf(instance: unknown, name: string): Set<string> {
  const release = below(below(instance, 'spec'), 'release')
  const build = below(below(release, 'build'), 'name')
  const image = below(release, 'image')
  return new Set([typeof build === 'string' ? build : name, ...(typeof image === 'string' ? [image] : [])])
}

function below(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined
}
