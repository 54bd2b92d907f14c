import { hash } from 'node:crypto'
import type { Blueprint, Module } from '#catalogue/infra/blueprint.ts'
import type { PreReleaseHook, ResourceContent } from '#domain/blueprint.ts'
import type { Db } from '#store/database.ts'
import { listInfraModules, type InfraModuleRow } from '#store/infra-module.ts'
import type { House } from '../context.ts'
import { packFiles } from './module-files.ts'
import type { Sources } from './read-sources.ts'

export type NewModule = Omit<InfraModuleRow, 'created_at'>

/**
 * Puts the files of those modules among the blobs that resources take and that are not known yet. Their rows are for the
 * transaction that writes the resources.
 */
export async function keepModules(
  { blobs }: Pick<House, 'blobs'>,
  db: Db,
  { modules }: Pick<Sources, 'modules'>,
  contents: readonly ResourceContent[],
): Promise<NewModule[]> {
  const wanted = [...new Set(contents.map(({ module }) => module))].filter((digest) => digest !== '')
  const rows = await listInfraModules(db, wanted)
  const known = new Set(rows.map(({ digest }) => digest))
  const byDigest = new Map(modules.modules.map((module) => [module.digest, module]))
  const missing = wanted.flatMap((digest) => (known.has(digest) ? [] : (byDigest.get(digest) ?? [])))
  return Promise.all(missing.map((module) => keepModule(blobs, module)))
}

async function keepModule(blobs: House['blobs'], { digest, contract, files }: Module): Promise<NewModule> {
  const { intent, flavor, version: module_version } = contract
  const stored = await blobs.put([packFiles(files)])
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
