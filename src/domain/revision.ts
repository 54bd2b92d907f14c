import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { byKey, type PinnedItem } from './item.ts'

/** A change set leaves alone what it does not name; a whole state removes it. */
export type Scope = 'change_set' | 'whole_state'

/** What a revision of a project is as a whole: content only ever names what changes. */
export function scopeOfKind(kind: 'content' | 'code' | 'infra' | 'data'): Scope {
  return kind === 'content' ? 'change_set' : 'whole_state'
}

/** `sha256:` and the digest of the value's canonical JSON (RFC 8785). */
export function digestOf(value: unknown): string {
  const canonical = canonicalize(value)
  if (canonical === undefined) throw new TypeError('only JSON values have a digest')
  return `sha256:${hash('sha256', canonical)}`
}

/** The same, for a value whose members all stand in the order of their names already: thousands of rows, quickly. */
export function digestOfOrdered(value: unknown): string {
  return `sha256:${hash('sha256', JSON.stringify(value))}`
}

/**
 * The digest of what a revision says: scope and items by key, without their titles, since two releases that pin
 * the same versions say the same. The order in which items were added says nothing either.
 */
export function revisionDigest(scope: Scope, items: readonly PinnedItem[]): string {
  return digestOfOrdered({ items: saidOf(items), scope })
}

/** The digest of a release candidate's revision: each is its own, also where two are of one commit. */
export function candidateDigest(candidate: string, items: readonly PinnedItem[]): string {
  return digestOfOrdered({ candidate, items: saidOf(items), scope: 'whole_state' })
}

/** What a revision of infrastructure was made from, beside its items. */
export interface SnapshotSaid {
  blueprint_digest: string
  modules_digest: string
  findings: readonly unknown[]
}

/** The digest of a revision of infrastructure: where it came from and what was found wrong with it count too. */
export function snapshotDigest(said: SnapshotSaid, items: readonly PinnedItem[]): string {
  const { blueprint_digest: blueprint, modules_digest: modules } = said
  const findings = said.findings.length === 0 ? null : digestOf(said.findings)
  return digestOfOrdered({ blueprint, findings, items: saidOf(items), modules, scope: 'whole_state' })
}

function saidOf(items: readonly PinnedItem[]) {
  const said = items.map(({ key, kind, action, version }) => ({ action, key, kind, version }))
  return said.toSorted(byKey)
}
