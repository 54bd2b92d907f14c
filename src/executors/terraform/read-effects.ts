import type { Effect, EffectAction } from '#domain/effect.ts'
import { resourceKey } from '#domain/blueprint.ts'
import { attributeChanges } from './attribute-changes.ts'
import { readModuleName } from './module-name.ts'
import type { ResourceChange, ShownPlan, ValueChange } from './shown-plan.ts'

/** An effect with what was computed from the values as they are, to tell two plans apart. */
export interface ReadEffect {
  effect: Effect
  /** All that it would change, secrets too: never to be shown. */
  said: string
  /** It is replaced because whoever made it broke off. */
  tainted?: boolean
}

export interface ReadOptions {
  /** Keys of items by what their resources are called. */
  keys: ReadonlyMap<string, string>
  redact: (text: string) => string
}

/** What a plan does, thing by thing, each under the item that it belongs to. What it only looks at is in it as `read`. */
export function readEffects(plan: ShownPlan, options: ReadOptions): ReadEffect[] {
  const effects = (plan.resource_changes ?? []).flatMap((each) => effectOf(each, options))
  const touched = new Set(effects.map(({ effect }) => effect.item_key))
  return [...effects, ...outputEffects(plan, options, touched)]
}

function effectOf(each: ResourceChange, { keys, redact }: ReadOptions): ReadEffect[] {
  const moved = each.previous_address !== undefined && each.previous_address !== each.address
  const action = actionOf(each.change.actions) ?? (moved ? 'update' : undefined)
  if (!action) return []
  const address = each.deposed === undefined ? each.address : `${each.address} (deposed ${each.deposed})`
  const attributes = [
    ...(moved ? [{ attribute: 'address', before: each.previous_address!, after: each.address }] : []),
    ...attributeChanges(each.change, redact),
  ]
  const effect: Effect = { item_key: itemOf(each.address, keys), address, action, attributes }
  const tainted = each.action_reason === 'replace_because_tainted'
  return [{ effect, said: saidOf(address, each.change, each.previous_address), ...(tainted && { tainted }) }]
}

/**
 * What an item offers to others stands in the state too. Where that is all that changes of it, it is a change of its
 * own: else the state would never say what is true. What it says is not said, for Terraform does not know whether it is
 * secret.
 */
function outputEffects(
  { output_changes = {} }: ShownPlan,
  { keys }: ReadOptions,
  touched: ReadonlySet<string>,
): ReadEffect[] {
  return Object.entries(output_changes).flatMap(([name, change]) => {
    const action = actionOf(change.actions)
    const item_key = keyOf(name, keys)
    if (!action || touched.has(item_key)) return []
    const address = `output.${name}`
    const attributes = [{ attribute: 'value', before: null, after: null, sensitive: true }]
    const shown: EffectAction = action === 'delete' || action === 'create' ? action : 'update'
    return [{ effect: { item_key, address, action: shown, attributes }, said: saidOf(address, change) }]
  })
}

/** Whether it is an object outside, rather than something that only Terraform remembers. */
export function isOutside({ address }: Effect): boolean {
  return !address.startsWith('output.')
}

export function actionOf(actions: readonly string[]): EffectAction | undefined {
  const words = new Set(actions)
  if (words.has('delete')) return words.has('create') ? 'replace' : 'delete'
  if (words.has('create')) return 'create'
  if (words.has('update')) return 'update'
  if (words.has('forget')) return 'forget'
  return words.has('read') ? 'read' : undefined
}

/** The item whose module an address is in. */
export function itemOf(address: string, keys: ReadonlyMap<string, string>): string {
  const called = /^module\.([A-Za-z0-9_-]+)/.exec(address)?.[1]
  return called === undefined ? 'terraform/root' : keyOf(called, keys)
}

/** What nobody knows by that name any more is named by what can be read from it. */
function keyOf(called: string, keys: ReadonlyMap<string, string>): string {
  const known = keys.get(called)
  if (known !== undefined) return known
  const named = readModuleName(called)
  return named ? resourceKey(named.type, named.name) : `terraform/${called}`
}

function saidOf(
  address: string,
  { actions, before, after, after_unknown }: ValueChange,
  previous?: string,
): string {
  return JSON.stringify([address, actions, before, after, after_unknown ?? null, previous ?? null])
}
