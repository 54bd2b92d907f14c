import type { Effect } from '#domain/effect.ts'
import { byKey, type LiveItem, type PinnedItem } from '#domain/item.ts'
import type { Change } from '#domain/plan.ts'
import type { Task } from '#executors/contract.ts'
import { isOutside, type ReadEffect } from './read-effects.ts'

/** Whether it changes anything, rather than only looking. */
export function changesSomething({ action }: Effect): boolean {
  return action !== 'read'
}

/** Whether something that is there would be there no more. */
function destroysSomething(effect: Effect): boolean {
  return isOutside(effect) && (effect.action === 'delete' || effect.action === 'replace')
}

/**
 * The changes that a plan's effects come to, item by item: those of the task in their order, then what goes, then what
 * came along without being asked for. An item without effects is `none`, also where its version is another than live.
 */
export function groupEffects(
  task: Task,
  effects: readonly ReadEffect[],
  fingerprint: (text: string) => string,
): Change[] {
  const { items, live, whole = items, selected = false } = task
  const byItem = Map.groupBy(effects, ({ effect }) => effect.item_key)
  const liveAt = new Map(live.map((item) => [item.key, item]))
  const pinned = new Map(whole.map((item) => [item.key, item]))
  const change = (key: string, item: PinnedItem | undefined) =>
    changeOf(
      { key, item, live: liveAt.get(key), effects: byItem.get(key) ?? [] },
      { allowed: task.allow_destroy ?? false, fingerprint },
    )
  const asked = items.map((item) => change(item.key, item))
  const said = new Set(items.map(({ key }) => key))
  const gone = selected ? [] : live.filter(({ key }) => !said.has(key) && !pinned.has(key))
  const going = gone.toSorted(byKey).map(({ key }) => change(key, undefined))
  for (const { key } of gone) said.add(key)
  const others = [...byItem].filter(
    ([key, its]) => !said.has(key) && its.some(({ effect }) => changesSomething(effect)),
  )
  const along = others.map(([key]) => change(key, pinned.get(key)))
  return [
    ...asked,
    ...going,
    ...along.toSorted(byKey).map((each): Change => (selected ? { ...each, dragged: true } : each)),
  ]
}

interface Item {
  key: string
  /** Undefined: it is not in the release. */
  item: PinnedItem | undefined
  live: LiveItem | undefined
  effects: readonly ReadEffect[]
}

function changeOf(
  { key, item, live, effects }: Item,
  { allowed, fingerprint }: { allowed: boolean; fingerprint: (text: string) => string },
): Change {
  const [type = '', ...name] = key.split('/')
  const before = live?.version ?? null
  const after = item?.version ?? null
  const doing = effects.filter(({ effect }) => changesSomething(effect))
  const action =
    doing.length === 0 ? 'none' : after === null ? 'delete' : before === null ? 'create' : 'update'
  const destroyed = doing.flatMap(({ effect, tainted = false }) =>
    destroysSomething(effect) ? [tainted ? `${effect.address} (${brokenOff})` : effect.address] : [],
  )
  return {
    key,
    kind: item?.kind ?? live?.kind ?? type,
    title: item?.title ?? live?.title ?? name.join('/'),
    ...{ action, before, after },
    undo: action === 'none' ? 'none_needed' : action === 'create' ? 'unpublish' : 'restore',
    ...(doing.length === 0 ? {} : { effects_digest: fingerprint(doing.map(({ said }) => said).join('\n')) }),
    ...(destroyed.length > 0 && !allowed ? { fault: notAllowed(destroyed) } : {}),
  }
}

/** Nobody asked for that: say where it comes from. */
const brokenOff = 'tainted: what made it broke off, so Terraform makes it anew'

function notAllowed(addresses: readonly string[]) {
  const shown = addresses.slice(0, 5).join(', ')
  const more = addresses.length > 5 ? ` and ${addresses.length - 5} more` : ''
  return {
    code: 'destroy_not_allowed',
    reason: `It would destroy ${shown}${more}, and this deployment was not allowed to destroy anything.`,
  }
}
