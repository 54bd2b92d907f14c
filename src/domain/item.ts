/**
 * An item pinned at an exact version. `publish` and `unpublish` are content's; everything else is `set` at its
 * version, or without one, which means that it goes.
 */
export interface PinnedItem {
  /** Unique within the project; what it is made of is its catalogue's own matter. */
  key: string
  /** What it is an instance of: a content type, a resource type. */
  kind: string
  action: 'publish' | 'unpublish' | 'set'
  /** A version number or a hash. Null where it is not to be there, as in an unpublish. */
  version: string | null
  title: string
}

/** What is at an environment, item by item. */
export interface LiveItem {
  key: string
  kind: string
  title: string
  /** Null: not there. */
  version: string | null
  /** Touched by a deployment that reached applying and did not succeed: may be anything. */
  uncertain: boolean
}

/** Sorts items by key, the same way everywhere: by code unit, not by any language's rules. */
export function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0
}
