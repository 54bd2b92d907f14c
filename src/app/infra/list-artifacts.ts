import { DomainError } from '#domain/errors.ts'
import { findInfraArtifact, listInfraArtifacts, listTakenArtifacts } from '#store/infra-artifact.ts'
import { findInfraEnvironment } from '#store/infra-environment.ts'
import { authorize, authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { requireInfraPlace, type InfraPlace } from './infra-place.ts'
import type { ArtifactView } from './register-artifact.ts'

export interface ArtifactPage {
  project_id: string
  application?: string | undefined
  environment_id?: string | undefined
  release_stream?: string | undefined
  limit: number
  /** The id of the last one seen. */
  before?: string | undefined
}

/** What was registered, newest first. */
export async function listArtifacts(ctx: Context, page: ArtifactPage): Promise<ArtifactView[]> {
  const { project_id, application, environment_id, release_stream, limit, before } = page
  authorize(ctx, 'catalogue.read', { project_id })
  const filter = {
    project_id,
    ...(application === undefined ? {} : { application }),
    ...(environment_id === undefined ? {} : { environment_id }),
    ...(release_stream === undefined ? {} : { release_stream }),
  }
  return listInfraArtifacts(ctx.db, filter, { limit, ...(before === undefined ? {} : { before }) })
}

/** Of each application what the next release of an environment takes, by application. Throws `not_found`. */
export async function listArtifactsTaken(ctx: Context, place: InfraPlace): Promise<ArtifactView[]> {
  authorize(ctx, 'catalogue.read', place)
  const { id: environment_id, project_id } = await requireInfraPlace(ctx.db, place)
  const infra = await findInfraEnvironment(ctx.db, environment_id)
  const release_stream = infra?.release_stream ?? null
  return listTakenArtifacts(ctx.db, { project_id, environment_id, release_stream })
}

/** Throws `not_found`. */
export async function getArtifact(
  ctx: Context,
  { project_id, artifact_id }: { project_id: string; artifact_id: string },
): Promise<ArtifactView> {
  authorize(ctx, 'catalogue.read', { project_id })
  const row = await findInfraArtifact(ctx.db, artifact_id)
  if (row?.project_id !== project_id)
    throw new DomainError('not_found', { what: 'artifact', id: artifact_id })
  return row
}

/** The same for who knows its id alone. Throws `not_found`, also where the caller may not see it. */
export async function findArtifact(
  ctx: Context,
  { artifact_id, called }: { artifact_id: string; called: string },
): Promise<ArtifactView> {
  const named = { what: 'artifact' as const, id: called }
  const row = await findInfraArtifact(ctx.db, artifact_id)
  if (!row) throw new DomainError('not_found', named)
  authorizeNamed(ctx, 'catalogue.read', { project_id: row.project_id }, named)
  return row
}
