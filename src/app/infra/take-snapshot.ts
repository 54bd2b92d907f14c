import { DomainError } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import { snapshotDigest } from '#domain/revision.ts'
import type { Finding, PreReleaseHook } from '#domain/blueprint.ts'
import type { Db } from '#store/database.ts'
import { findEnvironment, type EnvironmentRow } from '#store/environment.ts'
import { findInfraEnvironment } from '#store/infra-environment.ts'
import { insertInfraModules } from '#store/infra-module.ts'
import { insertInfraResources, listKnownResources } from '#store/infra-resource.ts'
import { ensureSnapshot, findNewestSnapshot } from '#store/infra-snapshot.ts'
import { findProject } from '#store/project.ts'
import type { HeldRelease } from '#store/release.ts'
import { authorIn, type Context, type Unit } from '../context.ts'
import { effectiveOf, effectiveStill, loadEnvironmentInput, type Effective } from './effective-of.ts'
import { keepHook, keepModules, type NewModule } from './keep-sources.ts'
import { findLine } from './line-of-releases.ts'
import { readSources, type SourceChoice, type Sources } from './read-sources.ts'

/** What was read for a snapshot, before its transaction. */
export interface Reading {
  environment: EnvironmentRow
  project_key: string
  sources: Sources
  effective: Effective
  modules: NewModule[]
  hook: PreReleaseHook | null
}

/** A revision of an environment's line of releases. */
export interface Snapshot {
  id: string
  number: number
  digest: string
  items: PinnedItem[]
  findings: readonly Finding[]
}

/**
 * Reads blueprint, modules and what an environment makes of them. Files that are not known yet lie among the blobs then.
 * Throws `not_found`, `invalid`, `repository_unreachable`.
 */
export async function readEnvironment(
  ctx: Context,
  place: { project_id: string; environment_id: string },
  { kept = false }: Pick<SourceChoice, 'kept'> = {},
): Promise<Omit<Reading, 'modules' | 'hook'>> {
  const environment = await findEnvironment(ctx.db, place.environment_id)
  if (environment?.project_id !== place.project_id)
    throw new DomainError('not_found', { what: 'environment', id: place.environment_id })
  const project = (await findProject(ctx.db, place.project_id))!
  const infra = await findInfraEnvironment(ctx.db, environment.id)
  const sources = await readSources(ctx, place.project_id, { branch: infra?.branch ?? null, kept })
  const input = await loadEnvironmentInput(ctx.db, environment, project.key)
  const effective = effectiveOf(sources, input)
  return { environment, project_key: project.key, sources, effective }
}

/** The same, and keeps what a snapshot of it needs. */
export async function readForSnapshot(
  ctx: Context,
  place: { project_id: string; environment_id: string },
): Promise<Reading> {
  const reading = await readEnvironment(ctx, place)
  const line = await findLine(ctx.db, reading.environment)
  const newest = line && (await findNewestSnapshot(ctx.db, line.id))
  const contents = reading.effective.found.resources.map(({ content }) => content)
  return {
    ...reading,
    modules: await keepModules(ctx, ctx.db, reading.sources, contents),
    hook: await keepHook(ctx, hookOf(reading.sources), newest?.hook ?? null),
  }
}

function hookOf({ settings, blueprint }: Sources) {
  return settings.pre_release_hook ? blueprint : { hook: null }
}

/**
 * Pins what was read as a revision of the line of releases, which the caller holds. What changed in our own rows since it
 * was read is taken in, so that nothing is missed that was acknowledged before.
 */
export async function takeSnapshotIn(
  ctx: Context,
  { tx }: Unit,
  line: HeldRelease,
  reading: Reading,
): Promise<Snapshot> {
  const { environment, project_key, sources, hook } = reading
  const input = await loadEnvironmentInput(tx, environment, project_key)
  const effective = effectiveStill(sources, reading.effective, input)
  const { resources, findings } = effective.found
  const contents = resources.map(({ content }) => content)
  const again = effective === reading.effective
  const modules = again ? reading.modules : await keepModules(ctx, tx, sources, contents)
  const items = resources.map(({ key, version, content: { type, name } }): PinnedItem => {
    return { key, kind: type, title: name, action: 'set', version }
  })
  const { project_id, id: release_id } = line
  await insertInfraModules(tx, ctx.now(), modules)
  await writeResources(tx, { project_id, created_at: ctx.now() }, resources)
  const said = {
    blueprint_digest: sources.blueprint.digest,
    modules_digest: sources.modules.digest,
    findings,
  }
  const digest = snapshotDigest(said, items)
  const revision = await ensureSnapshot(tx, {
    ...{ id: ctx.newId(), project_id, release_id, digest, items, ...said, hook },
    ...{ created_by: authorIn(ctx), created_at: ctx.now() },
  })
  return { ...revision, digest, items, findings }
}

/** Most of them are there already: those are not sent again. */
async function writeResources(
  tx: Db,
  place: { project_id: string; created_at: Date },
  resources: Effective['found']['resources'],
): Promise<void> {
  const versions = resources.map(({ version }) => version)
  const known = new Set(await listKnownResources(tx, place.project_id, versions))
  const rows = resources
    .filter(({ version }) => !known.has(version))
    .map(({ key, version, content }) => {
      return { version, item_key: key, module_digest: content.module || null, content }
    })
  await insertInfraResources(tx, place, rows)
}
