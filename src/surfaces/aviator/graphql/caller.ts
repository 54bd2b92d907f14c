import DataLoader from 'dataloader'
import type { Context } from '#app/context.ts'

/** Reads many keys at once. What is not there, or may not be seen, is left out. */
type Fetch<K, V> = (ctx: Context, keys: readonly K[]) => Promise<ReadonlyMap<K, V>>

/** Who asks one document, and what was read for them meanwhile: nothing is kept beyond it. */
export class Caller {
  readonly ctx: Context
  #loaders = new Map<string, DataLoader<unknown, unknown>>()

  constructor(ctx: Context) {
    this.ctx = ctx
  }

  /**
   * One of many of a kind: all that are asked for in one turn are fetched together. `name` tells what is fetched and
   * how, so that the same name always comes with the same `fetch`.
   */
  load<K, V>(name: string, key: K, fetch: Fetch<K, V>): Promise<V | undefined> {
    const known = this.#loaders.get(name)
    if (known) return known.load(key) as Promise<V | undefined>
    const made = new DataLoader<K, V | undefined>(async (keys) => {
      const found = await fetch(this.ctx, keys)
      return keys.map((one) => found.get(one))
    })
    this.#loaders.set(name, made as DataLoader<unknown, unknown>)
    return made.load(key)
  }

  /** After a mutation: what is read next is read anew. */
  forget(): void {
    this.#loaders.clear()
  }
}

/** Rows by a key of theirs; of several with one key, the last. */
export function keyed<K, V>(rows: readonly V[], key: (row: V) => K): Map<K, V> {
  return new Map(rows.map((row) => [key(row), row]))
}

/** Rows in lists by a key of theirs, in their order; a list for every key. */
export function grouped<K, V>(
  keys: readonly K[],
  rows: readonly V[],
  key: (row: V) => K | null,
): Map<K, V[]> {
  const lists = new Map<K, V[]>(keys.map((one) => [one, []]))
  for (const row of rows) lists.get(key(row) as K)?.push(row)
  return lists
}
