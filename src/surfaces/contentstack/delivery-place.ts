import { authorize } from '#app/authorize.ts'
import { recallEnvironments } from '#app/environments/recall-environments.ts'
import { resolveExternal } from '#app/external-ids/resolve-external.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { readId } from '#domain/ids.ts'
import { header } from './auth.ts'
import { surface } from './ids.ts'
import { uidOf, uidsOf } from './names.ts'
import { text } from './query.ts'
import type { StackCall } from './route.ts'

/** Where a delivery read looks, and whether it is laid over by a release. */
export interface DeliveryPlace {
  environment_id: string
  environment_uid: string
  release_id?: string
}

/**
 * The environment that a delivery read asks about, by name or uid. It need not be named by a token of one environment,
 * nor where it is `known` from what the read carries on. One that the token does not reach is as unknown as one that is not there. Throws `invalid`, and `not_found` for a
 * release that is to be previewed.
 */
export async function readDeliveryPlace(call: StackCall, known?: string): Promise<DeliveryPlace> {
  const { ctx, house, query } = call
  const bound = ctx.principal?.environment_ids ?? []
  const named = text(query, 'environment') ?? text(query, 'environment_uid')
  const only = known ?? (bound.length === 1 ? bound[0] : undefined)
  const environment_id = named === undefined ? only : await environmentOf(call, named, bound)
  if (environment_id === undefined) throw invalidField('environment', 'required', '')
  if (!bound.includes(environment_id))
    throw invalidField('environment', 'invalid', 'is not valid: it is none that this token reads.')
  const environment_uid = await uidOf(house, 'environment', environment_id)
  const release_id = await previewed(call)
  return { environment_id, environment_uid, ...(release_id === undefined ? {} : { release_id }) }
}

/** A name comes before a uid: names are what people choose. */
async function environmentOf(
  { house, project_id }: StackCall,
  name: string,
  bound: readonly string[],
): Promise<string> {
  const known = (await recallEnvironments(house, project_id)).get(name)
  if (known !== undefined) return known
  const uids = await uidsOf(house, 'environment', bound)
  return bound.find((id) => uids(id) === name) ?? ''
}

/** The release that `release=` or the vendor's header for previews names. */
async function previewed(call: StackCall): Promise<string | undefined> {
  const { ctx, house, project_id, query, request } = call
  // What will be live at some time would be more than one release.
  if (header(request, 'preview_timestamp') !== undefined || text(query, 'preview_timestamp') !== undefined)
    throw invalidField('preview_timestamp', 'invalid', 'is not supported: name a release to preview.')
  const uid = text(query, 'release') ?? text(query, 'release_id') ?? header(request, 'release_id')
  if (uid === undefined) return undefined
  authorize(ctx, 'release.preview', { project_id })
  // Headgate's own id is as good as the vendor's.
  const release_id = (await resolveExternal(house, surface, 'release', uid)) ?? readId('release', uid)
  if (release_id === undefined) throw new DomainError('not_found', { what: 'release', id: uid })
  return release_id
}
