import { showId } from '#domain/ids.ts'
import type { Order } from './contract.ts'

/** What of an order everybody outside is told in the same words: what ships, by which plan, item by item. */
export function orderSaid({ release, revision, plan, changes, input }: Order) {
  return {
    release: release && { id: showId('release', release.id), name: release.name },
    revision: revision && { number: revision.number, digest: revision.digest },
    plan: plan && { id: showId('plan', plan.id), digest: plan.digest },
    items: changes.map(({ key, kind, title, action, before, after }) => {
      return { key, kind, title, action, before, after }
    }),
    input,
  }
}
