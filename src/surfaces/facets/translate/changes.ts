import type { EffectInFull, ToldEffect, ToldRelease } from '#app/infra/tell-releases.ts'
import type { EffectAction } from '#domain/effect.ts'
import type { Json } from '#domain/json.ts'
import type { ReleaseChanges } from '../wire/deployment.ts'
import { resourceOf } from './resource.ts'

type ChangeWord = 'Creation' | 'Modifications' | 'Destruction'

/** What is replaced goes and comes (section 3). */
const words: Record<EffectAction, readonly ChangeWord[]> = {
  create: ['Creation'],
  update: ['Modifications'],
  delete: ['Destruction'],
  replace: ['Destruction', 'Creation'],
  read: [],
  // It stays, and is nobody's any more.
  forget: [],
}

/**
 * `changesApplied`: what was done; of what was only planned, or waits, or was agreed to, what would be. Nothing while it
 * is being done, and nothing of what never came to it.
 */
export function writeChanges(told: ToldRelease) {
  const shown = isShown(told)
  return told.effects
    .filter(({ item_key }) => shown(item_key))
    .flatMap(({ item_key, address, action }) => {
      const change = { resourcePath: readableName(item_key, address), resourceKey: item_key }
      return words[action].map((type) => ({ ...change, type }))
    })
}

/** Of which items it is told what a release does to them. */
export function isShown({ state, part, items }: ToldRelease): (item_key: string) => boolean {
  const planned = state === 'planned' || state === 'awaiting_approval' || state === 'rejected'
  if (part === 'asked' || planned) return () => true
  const done = new Set(items.flatMap(({ outcome, item_key }) => (outcome === 'done' ? [item_key] : [])))
  return (item_key) => done.has(item_key)
}

/** A resource of the blueprint, and what of it: `service/api: terraform_data.this`. */
export function readableName(item_key: string, address: string): string {
  const inside = address.replace(/^module\.[^.[]+(\[[^\]]*\])?\./, '')
  return inside === address ? `${item_key}: ${address}` : `${item_key}: ${inside}`
}

const changeTypes = { create: 'ADDED', delete: 'REMOVED' } as const

/** What a release does to each resource, attribute by attribute; each under the address of what has it. */
export function writeReleaseChanges(id: string, effects: readonly EffectInFull[]): ReleaseChanges {
  const byItem = Map.groupBy(effects, ({ item_key }) => item_key)
  const changes = [...byItem].map(([item_key, inside]) => ({
    changeType: changeType(inside),
    ...resourceOf(item_key),
    ...(inside[0]?.flavor ? { flavor: inside[0].flavor } : {}),
    changedAttributes: inside.flatMap(({ address, attributes }) =>
      attributes.map(({ attribute, before, after, sensitive, unknown }) => ({
        attribute: `${readableName(item_key, address).slice(item_key.length + 2)}.${attribute}`,
        oldValue: sensitive ? hidden : sayValue(before),
        newValue: sensitive ? hidden : unknown ? notYet : sayValue(after),
      })),
    ),
  }))
  return { id, deploymentId: id, changes }
}

const hidden = '(sensitive)'
const notYet = '(known after apply)'

function changeType(inside: readonly ToldEffect[]): 'ADDED' | 'MODIFIED' | 'REMOVED' {
  const actions = new Set(inside.map(({ action }) => action))
  const [only] = actions
  if (actions.size === 1 && (only === 'create' || only === 'delete')) return changeTypes[only]
  return 'MODIFIED'
}

function sayValue(value: Json): string {
  if (value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
