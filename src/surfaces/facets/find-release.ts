import { resolveBeginning } from '#app/external-ids/resolve-beginning.ts'
import { tellRelease, type ToldRelease } from '#app/infra/tell-releases.ts'
import { DomainError } from '#domain/errors.ts'
import { findCluster, type Place } from './find-place.ts'
import { readLogId } from './ids.ts'
import type { Call } from './route.ts'

/** Which deployment the id of a log is of, and which of its logs. Throws `not_found`. */
export async function readRelease(
  { ctx }: Pick<Call, 'ctx'>,
  id: string,
): Promise<{ deployment_id: string; done: boolean }> {
  const read = readLogId(id)
  const deployment_id = read && (await resolveBeginning(ctx, 'deployment', read.digits))
  if (!deployment_id) throw new DomainError('not_found', { what: 'deployment', id })
  return { deployment_id, done: read.bot }
}

/** The release that the address names, of the cluster that it names. Throws `not_found`, of the cluster first. */
export async function findRelease(call: Call): Promise<{ place: Place; told: ToldRelease }> {
  const { ctx, params } = call
  const place = await findCluster(call, params['clusterId'] ?? '')
  const id = params['deploymentId'] ?? ''
  const named = await readRelease(call, id)
  const { project_id, environment_id } = place
  return { place, told: await tellRelease(ctx, { project_id, environment_id, ...named, called: id }) }
}

/** The same release as it is now: where somebody spoke about it, it may have become two. */
export async function tellAgain(
  { ctx }: Pick<Call, 'ctx'>,
  { project_id, environment_id }: Place,
  { id, part }: Pick<ToldRelease, 'id' | 'part'>,
): Promise<ToldRelease> {
  const named = { deployment_id: id, done: part === 'done', called: id }
  return tellRelease(ctx, { project_id, environment_id, ...named })
}
