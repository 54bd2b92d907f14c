import { countChanges, listFirstChanges, type ChangeCount, type ToldItem } from '#store/webhook-told.ts'
import type { Context } from '../context.ts'
import type { MessageFormats, ToldDeployment } from './message-format.ts'

/** What a deployment changed, as far as one message can say it. */
export interface ToldChanges {
  /** How many items, by language and by what was done to them. */
  counts: Omit<ChangeCount, 'deployment_id'>[]
  /** The first of them. */
  items: Pick<ToldItem, 'item_key' | 'kind' | 'title' | 'action' | 'before' | 'after'>[]
  /** By which whoever keeps answers about these items can forget them. */
  surrogate_keys: string[]
}

const shown = 20
/** With more changes than this a whole environment is forgotten rather than each item. */
const forgotten = 200

/** Two statements for any number of deployments. By the deployments' ids. */
export async function toldChanges(
  ctx: Context,
  deployments: readonly ToldDeployment[],
  formats: MessageFormats,
): Promise<Map<string, ToldChanges>> {
  const ids = deployments.map(({ id }) => id)
  const counts = Map.groupBy(await countChanges(ctx.db, ids), ({ deployment_id }) => deployment_id)
  const first = await listFirstChanges(ctx.db, ids, forgotten + 1)
  const items = Map.groupBy(first, ({ deployment_id }) => deployment_id)
  const told = new Map<string, ToldChanges>()
  for (const deployment of deployments) {
    const own = items.get(deployment.id) ?? []
    const surrogate_keys: string[] = []
    for (const format of formats.values()) {
      const which = own.length > forgotten ? undefined : own
      surrogate_keys.push(...((await format.surrogateKeys?.(ctx, deployment, which)) ?? []))
    }
    told.set(deployment.id, {
      counts: (counts.get(deployment.id) ?? []).map(({ deployment_id: _, ...count }) => count),
      items: own.slice(0, shown).map(({ item_key, kind, title, action, before, after }) => {
        return { item_key, kind, title, action, before, after }
      }),
      surrogate_keys: own.length > 0 ? surrogate_keys : [],
    })
  }
  return told
}
