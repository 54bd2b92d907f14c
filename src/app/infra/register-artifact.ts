import { DomainError, invalidField } from '#domain/errors.ts'
import type { JsonObject } from '#domain/json.ts'
import { findEnvironment } from '#store/environment.ts'
import { findInfraArtifact, insertInfraArtifact, type InfraArtifactRow } from '#store/infra-artifact.ts'
import { findProject } from '#store/project.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'

export type ArtifactView = InfraArtifactRow

export interface NewArtifact {
  project_id: string
  /** As the blueprint calls what was built. */
  application: string
  uri: string
  /** For one environment, or for all that follow a stream; for all of the project where both are left out. */
  environment_id?: string
  release_stream?: string
  external_id?: string
  tag?: string
  description?: string
  metadata?: JsonObject
}

/**
 * Says what CI built of an application. It is taken by the next release of each environment that it is for. Throws
 * `not_found`, `invalid`.
 */
export function registerArtifact(ctx: Context, input: NewArtifact): Promise<ArtifactView> {
  const { project_id, environment_id } = input
  authorize(ctx, 'artifact.register', { project_id, ...(environment_id ? { environment_id } : {}) })
  refuse(input)
  return transact(ctx, (unit) => registerIn(ctx, unit, input))
}

/**
 * Takes an older one again: registers it anew, for whom it was for. Throws `not_found`.
 */
export async function restoreArtifact(
  ctx: Context,
  { project_id, artifact_id }: { project_id: string; artifact_id: string },
): Promise<ArtifactView> {
  authorize(ctx, 'artifact.register', { project_id })
  const older = await findInfraArtifact(ctx.db, artifact_id)
  if (older?.project_id !== project_id)
    throw new DomainError('not_found', { what: 'artifact', id: artifact_id })
  const { environment_id, release_stream } = older
  if (environment_id) authorize(ctx, 'artifact.register', { project_id, environment_id })
  const { application, uri, external_id, tag, description, metadata } = older
  const input: NewArtifact = {
    ...{ project_id, application, uri, metadata },
    ...(environment_id === null ? {} : { environment_id }),
    ...(release_stream === null ? {} : { release_stream }),
    ...(external_id === null ? {} : { external_id }),
    ...(tag === null ? {} : { tag }),
    ...(description === null ? {} : { description }),
  }
  return transact(ctx, (unit) => registerIn(ctx, unit, input, older.id))
}

async function registerIn(
  ctx: Context,
  unit: Unit,
  { metadata = {}, ...input }: NewArtifact,
  restores: string | null = null,
): Promise<ArtifactView> {
  const { project_id, environment_id, application, uri, release_stream } = input
  const project = await findProject(unit.tx, project_id)
  if (project?.kind !== 'infra') throw new DomainError('not_found', { what: 'project', id: project_id })
  const environment = environment_id && (await findEnvironment(unit.tx, environment_id))
  if (environment_id && (!environment || environment.project_id !== project_id))
    throw new DomainError('not_found', { what: 'environment', id: environment_id })
  const row = await insertInfraArtifact(unit.tx, {
    ...{ id: ctx.newId(), project_id, application, uri, restores },
    ...{ environment_id: environment_id ?? null, release_stream: release_stream ?? null },
    ...{ external_id: input.external_id ?? null, tag: input.tag ?? null },
    ...{ description: input.description ?? null, metadata: JSON.stringify(metadata) },
    ...{ registered_by: authorIn(ctx), created_at: ctx.now() },
  })
  const data = {
    application,
    uri,
    ...(release_stream ? { release_stream } : {}),
    ...(restores ? { restores } : {}),
  }
  const place = { project_id, environment_id: environment_id ?? null, subject_id: row.id }
  unit.record({ kind: 'artifact.registered', ...place, data })
  return row
}

function refuse({ application, uri, environment_id, release_stream }: NewArtifact): void {
  for (const [field, value] of Object.entries({ application, uri, release_stream }))
    if (value !== undefined && (value === '' || value.includes('\0') || !value.isWellFormed()))
      throw invalidField(
        field,
        value === '' ? 'required' : 'invalid',
        'is empty, or holds a character that is none',
      )
  if (environment_id !== undefined && release_stream !== undefined)
    throw invalidField(
      'release_stream',
      'invalid',
      'does not go with an environment: it is for one or the other',
    )
}
