import { warnOfOlder } from '#catalogue/content/older-versions.ts'
import { checkPublication } from '#catalogue/content/plan-publication.ts'
import { invalidField } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import { planChanges, type Change } from '#domain/plan.ts'
import { listLiveByKeys } from '#store/live.ts'
import { listReleaseItems } from '#store/release-item.ts'
import type { Context } from '../context.ts'
import { readEnvironment, readRelease, type ReleaseNamed } from '../releases/read-place.ts'

export interface Forecast {
  environment_id: string
  environment_name: string
  /** With a fault on each that could not be made, and a warning where an older version would replace a newer one. */
  changes: Change[]
}

/**
 * What deploying a release of content as it is now would change in environments, in the order in which they are named.
 * Nothing is stored, and nothing asked of gates. `select` narrows it to some of the items. Throws `not_found`,
 * `forbidden`, `invalid` (`items`: there are none; `release`: not of content).
 */
export async function forecastRelease(
  ctx: Context,
  input: ReleaseNamed & { environment_ids: readonly string[]; select?: (item: PinnedItem) => boolean },
): Promise<Forecast[]> {
  const { project_id, release_id, environment_ids, select = () => true } = input
  const { project } = await readRelease(ctx, input)
  if (project.kind !== 'content') throw invalidField('release', 'invalid', 'It is not a release of content.')
  const environments = []
  for (const environment_id of new Set(environment_ids))
    environments.push(await readEnvironment(ctx, { project_id, environment_id }))
  const items = (await listReleaseItems(ctx.db, release_id)).filter(select)
  if (items.length === 0) throw invalidField('items', 'required', 'The release has no items.')
  const keys = items.map(({ key }) => key)
  const live = await listLiveByKeys(
    ctx.db,
    environments.map(({ id }) => id),
    keys,
  )
  const forecasts: Forecast[] = []
  for (const { id, name } of environments) {
    const there = live.filter(({ environment_id }) => environment_id === id)
    const planned = planChanges({
      scope: 'change_set',
      items,
      live: there.map(({ item_key: key, ...item }) => ({ ...item, key })),
      forced: false,
    })
    const checked = await checkPublication(ctx.db, project_id, planned)
    const changes = await warnOfOlder(ctx.db, project_id, checked)
    forecasts.push({ environment_id: id, environment_name: name, changes })
  }
  return forecasts
}
