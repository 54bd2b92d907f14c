import { tellEffects, type ToldRelease } from '#app/infra/tell-releases.ts'
import { DomainError } from '#domain/errors.ts'
import type { Place } from './find-place.ts'
import { idOf } from './ids.ts'
import type { Call } from './route.ts'
import { readableName, writeReleaseChanges } from './translate/changes.ts'

const signs: Readonly<Record<string, string>> = {
  create: '+',
  update: '~',
  delete: '-',
  replace: '-/+',
  forget: '.',
}

/**
 * What a release plans, as a text for people and as JSON; what is secret is in neither. The plan's own file stays here.
 * Throws `not_found` while there is none.
 */
export async function writePlan(
  { ctx }: Pick<Call, 'ctx'>,
  { project_id, environment_id }: Place,
  { id, plan_id }: ToldRelease,
): Promise<Record<string, string>> {
  if (plan_id === null) throw new DomainError('not_found', { what: 'plan', id: idOf(id) })
  const effects = await tellEffects(ctx, { project_id, environment_id, plan_ids: [plan_id] })
  const lines = effects.map(
    ({ item_key, address, action }) => `${signs[action] ?? ' '} ${readableName(item_key, address)}`,
  )
  const { changes } = writeReleaseChanges(idOf(id), effects)
  return {
    'plan.txt': lines.length === 0 ? 'No changes.\n' : `${lines.join('\n')}\n`,
    'plan.json': JSON.stringify({ changes }),
  }
}
