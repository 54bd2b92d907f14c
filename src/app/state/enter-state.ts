import { DomainError } from '#domain/errors.ts'
import { findEnvironment, findEnvironmentByName } from '#store/environment.ts'
import { findProjectByKey } from '#store/project.ts'
import { asPrincipal, type House } from '../context.ts'
import { getEnvironmentByName } from '../environments/get-environment.ts'
import { principalByBasic, type Basic } from '../identity/principal-by-basic.ts'
import { locateProject } from '../projects/locate-project.ts'
import type { StateCaller } from './state-caller.ts'
import { isStateCredential, openStateCredential } from './state-credential.ts'

/**
 * Who comes to the state of an environment. Throws `unauthenticated`, `throttled`, and `not_found` where there is no
 * such environment of infrastructure, or the caller may not know of it.
 */
export async function enterState(
  house: House,
  basic: Basic,
  place: { project_key: string; environment_name: string },
): Promise<StateCaller> {
  if (isStateCredential(basic)) return enterOwn(house, basic, place)
  const ctx = asPrincipal(house, await principalByBasic(house, basic))
  const { id: project_id, kind } = await locateProject(ctx, { key: place.project_key })
  if (kind !== 'infra') throw new DomainError('not_found', { what: 'state', id: place.project_key })
  const environment = await getEnvironmentByName(ctx, { project_id, name: place.environment_name })
  return { ctx, environment, own: null }
}

/**
 * Our own: for the environment that its credential is for, by the name that it was told; also where that is nobody's any
 * more, since the environment was called otherwise while it was at work.
 */
async function enterOwn(
  house: House,
  basic: Basic,
  { project_key, environment_name }: { project_key: string; environment_name: string },
): Promise<StateCaller> {
  const claimed = openStateCredential(house, basic)
  const project = claimed && (await findProjectByKey(house.db, project_key))
  const named = project && (await findEnvironmentByName(house.db, project.id, environment_name))
  const environment = named ?? (claimed && (await findEnvironment(house.db, claimed.environment_id)))
  if (!claimed || environment?.id !== claimed.environment_id || environment.project_id !== project?.id)
    throw new DomainError('unauthenticated', { credential: 'token' })
  const { subject, attempt } = claimed
  return { ctx: asPrincipal(house, null), environment, own: { subject, attempt } }
}
