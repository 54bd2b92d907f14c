import { hash } from 'node:crypto'
import type { Blueprint, Module } from '#catalogue/infra/blueprint.ts'
import type { PreReleaseHook, ResourceContent } from '#domain/blueprint.ts'
import type { Db } from '#store/database.ts'
import { listInfraModules, touchInfraModules, type InfraModuleRow } from '#store/infra-module.ts'
import type { House } from '../context.ts'
import { daysBefore } from '../retention/policy.ts'
import { packFiles } from './module-files.ts'
import type { Sources } from './read-sources.ts'

export type NewModule = Omit<InfraModuleRow, 'created_at' | 'used_at'>

/**
 * Puts the files of those modules among the blobs that resources take and that are not known yet. Their rows are for the
 * transaction that writes the resources. What was not taken for a day may be on its way out (prune-modules.ts): it is
 * said first that it is wanted, and then put there again.
 */
export async function keepModules(
  { blobs, now }: Pick<House, 'blobs' | 'now'>,
  db: Db,
  { modules }: Pick<Sources, 'modules'>,
  contents: readonly ResourceContent[],
): Promise<NewModule[]> {
  const wanted = [...new Set(contents.map(({ module }) => module))].filter((digest) => digest !== '')
  const at = now()
  const rows = await listInfraModules(db, wanted)
  const fresh = rows.filter(({ used_at }) => used_at > daysBefore(at, 1))
  const known = new Set(fresh.map(({ digest }) => digest))
  const byDigest = new Map(modules.modules.map((module) => [module.digest, module]))
  const missing = wanted.flatMap((digest) => (known.has(digest) ? [] : (byDigest.get(digest) ?? [])))
  const packed = missing.map((module) => ({ module, bytes: packFiles(module.files) }))
  // Also of modules that stand elsewhere in the same files.
  const files = packed.map(({ bytes }) => hash('sha256', bytes))
  await touchInfraModules(db, at, files)
  return Promise.all(packed.map(({ module, bytes }) => keepModule(blobs, module, bytes)))
}

async function keepModule(
  blobs: House['blobs'],
  { digest, contract }: Module,
  bytes: Uint8Array,
): Promise<NewModule> {
  const { intent, flavor, version: module_version } = contract
  const stored = await blobs.put([bytes])
  return { digest, intent, flavor, module_version, contract, blob_digest: stored.digest }
}

/** The hook of a blueprint; its bytes are put among the blobs unless `known` says that they lie there. */
export async function keepHook(
  { blobs }: Pick<House, 'blobs'>,
  { hook }: Pick<Blueprint, 'hook'>,
  known: PreReleaseHook | null,
): Promise<PreReleaseHook | null> {
  if (!hook) return null
  if (known?.blob === hash('sha256', hook.bytes)) return { name: hook.name, blob: known.blob }
  const { digest } = await blobs.put([hook.bytes])
  return { name: hook.name, blob: digest }
}
