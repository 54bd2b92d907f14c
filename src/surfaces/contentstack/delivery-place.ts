import { asPrincipal } from '#app/context.ts'
import { invalidField } from '#domain/errors.ts'
import { findEnvironments } from './find-environments.ts'
import { uidOf } from './names.ts'
import { text } from './query.ts'
import type { StackCall } from './route.ts'

/**
 * The environment that a delivery read asks about, by name or uid; a token of one environment need not name it.
 * One that the token does not reach is as unknown as one that is not there. Throws `invalid`.
 */
export async function readDeliveryPlace({ ctx, house, project_id, query }: StackCall) {
  const bound = ctx.principal?.environment_ids ?? []
  const named = text(query, 'environment')
  const environment_id = named === undefined ? bound[0] : await idOf(named)
  if (environment_id === undefined || (named === undefined && bound.length > 1))
    throw invalidField('environment', 'required', '')
  if (!bound.includes(environment_id)) throw invalidField('environment', 'invalid', 'is not valid.')
  return { environment_id, environment_uid: await uidOf(house, 'environment', environment_id) }

  async function idOf(name: string): Promise<string> {
    // Which names there are a delivery token may not read; what it asks for by name it may, if it reaches there.
    const [environment] = await findEnvironments(
      { ctx: asPrincipal(house, null), project_id },
      [name],
      'environment',
    )
    return environment?.id ?? ''
  }
}
