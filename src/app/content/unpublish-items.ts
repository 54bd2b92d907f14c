import { contentKey } from '#domain/content-key.ts'
import { listPublishDetails } from '#store/content-publish-detail.ts'
import type { Context, Unit } from '../context.ts'
import { requestOneShotIn } from '../deployments/request-one-shot.ts'
import type { Place } from './content-place.ts'

/**
 * Asks for items that are about to be deleted to be unpublished wherever they are live: one deployment for each
 * environment. Environments with the same items share a request. Answers the environments.
 */
export async function unpublishItems(
  ctx: Context,
  unit: Unit,
  going: Place & {
    branch_id: string
    uids: readonly string[]
    /** Which of what is live of them; all when left out. */
    of?: (live: { uid: string; locale: string }) => boolean
    reason: string
  },
): Promise<string[]> {
  const { project_id, branch, branch_id, uids, of, reason } = going
  const keys = new Map<string, string[]>()
  for (const live of await listPublishDetails(unit.tx, { branch_id, uids })) {
    if (of && !of(live)) continue
    const key = contentKey({ branch, uid: live.uid, locale: live.locale })
    const there = keys.get(live.environment_id)
    if (there) there.push(key)
    else keys.set(live.environment_id, [key])
  }
  for (const [environment_ids, items] of sharing(keys)) {
    await requestOneShotIn(ctx, unit, {
      project_id,
      branch,
      environment_ids,
      items: items.map((key) => ({ key, action: 'unpublish' as const })),
      on_item_failure: 'continue',
      deletes: true,
      reason,
    })
  }
  return [...keys.keys()]
}

/** Environments of the same items, together. */
function sharing(keys: ReadonlyMap<string, string[]>): [environments: string[], items: string[]][] {
  const groups = new Map<string, [string[], string[]]>()
  for (const [environment, items] of keys) {
    const name = items.toSorted().join('\n')
    const group = groups.get(name)
    if (group) group[0].push(environment)
    else groups.set(name, [[environment], items])
  }
  return [...groups.values()]
}
