import { buffer } from 'node:stream/consumers'
import { LRUCache } from 'lru-cache'
import type { ModuleContract, ResourceContent } from '#domain/blueprint.ts'
import { DomainError } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import { findDeployment } from '#store/deployment.ts'
import { findEnvironment } from '#store/environment.ts'
import { findInfraEnvironment } from '#store/infra-environment.ts'
import { listInfraModules } from '#store/infra-module.ts'
import { listInfraResources } from '#store/infra-resource.ts'
import { findInfraSettings } from '#store/infra-settings.ts'
import { findInfraSnapshot, findNewestRead } from '#store/infra-snapshot.ts'
import { listInfraVariables } from '#store/infra-variable.ts'
import { listLiveForRevision } from '#store/live.ts'
import type { House } from '../context.ts'
import { unpackFiles } from './module-files.ts'
import { openValue } from './secret-value.ts'

export interface RootQuestion {
  subject: { kind: 'deployment' | 'run'; id: string }
  environment_id: string
  items: readonly PinnedItem[] | 'live'
}

export interface Material {
  contract: ModuleContract
  files: ReadonlyMap<string, Uint8Array>
}

/**
 * All that the configuration of an environment is made of, from its items alone. Secrets are opened here and nowhere
 * else: as they are now, since no older value is kept. Throws `not_found` where something is gone.
 */
export async function terraformRoot(house: House, { subject, environment_id, items }: RootQuestion) {
  const { db } = house
  const environment = await findEnvironment(db, environment_id)
  if (!environment) throw new DomainError('not_found', { what: 'environment', id: environment_id })
  const { project_id, name } = environment
  const infra = await findInfraEnvironment(db, environment_id)
  const wanted = items === 'live' ? await listLiveForRevision(db, environment_id, '', 'whole_state') : items
  const resources = await resourcesOf(house, project_id, wanted)
  const contents = resources.map(({ content }) => content)
  return {
    resources,
    modules: await modulesOf(house, contents),
    secrets: await secretsOf(house, environment_id, contents),
    hook: subject.kind === 'run' ? null : await hookOf(house, project_id, subject.id),
    environment: { name, release_stream: infra?.release_stream ?? null },
  }
}

async function resourcesOf(
  { db }: House,
  project_id: string,
  items: readonly Pick<PinnedItem, 'key' | 'version'>[],
): Promise<{ key: string; content: ResourceContent }[]> {
  const there = items.flatMap(({ key, version }) => (version === null ? [] : [{ key, version }]))
  const versions = there.map(({ version }) => version)
  const rows = await listInfraResources(db, project_id, versions)
  const known = new Map(rows.map(({ version, content }) => [version, content]))
  return there.map(({ key, version }) => {
    const content = known.get(version)
    if (!content) throw new DomainError('not_found', { what: 'resource', id: `${key} at ${version}` })
    return { key, content }
  })
}

/** Modules never change under their digest: what was read is kept for the next one. */
const memory = new LRUCache<string, Material>({
  max: 500,
  maxSize: 32 * 1024 * 1024,
  sizeCalculation: ({ files }) => 1 + [...files.values()].reduce((sum, { length }) => sum + length, 0),
})

async function modulesOf(
  { db, blobs }: House,
  contents: readonly ResourceContent[],
): Promise<Map<string, Material>> {
  const wanted = [...new Set(contents.map(({ module }) => module))].filter((digest) => digest !== '')
  const found = new Map(
    wanted.flatMap((digest) => {
      const kept = memory.get(digest)
      return kept ? [[digest, kept] as const] : []
    }),
  )
  const rows = await listInfraModules(
    db,
    wanted.filter((digest) => !found.has(digest)),
  )
  for (const { digest, contract, blob_digest } of rows) {
    const material = { contract, files: unpackFiles(await buffer(await blobs.open(blob_digest))) }
    memory.set(digest, material)
    found.set(digest, material)
  }
  return found
}

async function secretsOf(
  { db, vault }: House,
  environment_id: string,
  contents: readonly ResourceContent[],
): Promise<Record<string, string>> {
  const names = [...new Set(contents.flatMap(({ secrets }) => Object.keys(secrets)))]
  if (names.length === 0) return {}
  const rows = await listInfraVariables(db, environment_id, names)
  const missing = names.find((name) => !rows.some((row) => row.name === name))
  if (missing !== undefined) throw new DomainError('not_found', { what: 'variable', id: missing })
  // One that is no secret any more is a value all the same.
  const values = rows.map((row) => [row.name, row.secret ? openValue(vault, row) : row.value])
  return Object.fromEntries(values) as Record<string, string>
}

/** That of its blueprint. What was put together from what was there has none of its own: the newest one is asked. */
async function hookOf(
  { db, blobs }: House,
  project_id: string,
  deployment_id: string,
): Promise<{ name: string; bytes: Uint8Array } | null> {
  const settings = await findInfraSettings(db, project_id)
  const deployment = settings?.pre_release_hook ? await findDeployment(db, deployment_id) : undefined
  const own = deployment && (await findInfraSnapshot(db, deployment.revision_id))
  const snapshot = own?.blueprint_digest === '' ? await findNewestRead(db, deployment!.release_id) : own
  if (!snapshot?.hook) return null
  return { name: snapshot.hook.name, bytes: await buffer(await blobs.open(snapshot.hook.blob)) }
}
