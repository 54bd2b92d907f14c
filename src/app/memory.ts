import { LRUCache } from 'lru-cache'
import type { EventKind } from '#domain/events.ts'
import type { Db } from '#store/database.ts'

/** The channel on which every process hears that rows changed which some of them may remember. */
export const forgetChannel = 'headgate_forget'

/** How long something is remembered by a process that hears of changes, and by one that does not. */
const heardMs = 60_000
const unheardMs = 5_000

const most = 50_000

/**
 * What one process remembers of the rows of a store, so that it need not ask each time who acts and what an id stands
 * for. All of it is forgotten together, in every process, when something changes that may be in it: the transaction
 * says so itself (`outdatesMemory`). While the process cannot hear of that, it remembers nothing.
 */
export class Memory {
  #kept = new LRUCache<string, { value: object | string; until: number }>({ max: most })
  #generation = 0
  #watchers = new Set<() => void>()
  #deaf = false
  #freshMs = unheardMs

  /** What `load` found under this key a while ago. What is not there is not remembered. `now` in milliseconds. */
  async recall<T extends object | string>(
    key: string,
    now: number,
    load: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const kept = this.#find(key, now)
    if (kept !== undefined) return kept as T
    const generation = this.#generation
    const value = await load()
    // Something was forgotten while this was read: it may have been read before the change.
    if (value !== undefined && generation === this.#generation) this.#keep(key, value, now)
    return value
  }

  /** The same for many keys at once: those that are not remembered are loaded together. */
  async recallAll<T extends object | string>(
    keys: readonly string[],
    now: number,
    load: (missing: string[]) => Promise<ReadonlyMap<string, T>>,
  ): Promise<Map<string, T>> {
    const found = new Map<string, T>()
    const missing: string[] = []
    for (const key of new Set(keys)) {
      const kept = this.#find(key, now)
      if (kept === undefined) missing.push(key)
      else found.set(key, kept as T)
    }
    if (missing.length === 0) return found
    const generation = this.#generation
    for (const [key, value] of await load(missing)) {
      found.set(key, value)
      if (generation === this.#generation) this.#keep(key, value, now)
    }
    return found
  }

  forget(): void {
    this.#generation += 1
    this.#kept.clear()
    for (const watcher of this.#watchers) watcher()
  }

  /** `forgotten` is called whenever all is forgotten: something that somebody relies on may have changed. Answers how to end that. */
  watch(forgotten: () => void): () => void {
    this.#watchers.add(forgotten)
    return () => void this.#watchers.delete(forgotten)
  }

  /** Changes made by others are heard of from now on; what was remembered until now may be old. */
  hearing(): void {
    this.#deaf = false
    this.#freshMs = heardMs
    this.forget()
  }

  /** They are not, until `hearing` is called again. */
  deaf(): void {
    this.#deaf = true
    this.forget()
  }

  #find(key: string, now: number): object | string | undefined {
    const kept = this.#kept.get(key)
    // A clock may be set back.
    return kept && kept.until > now && kept.until <= now + this.#freshMs ? kept.value : undefined
  }

  #keep(key: string, value: object | string, now: number): void {
    if (!this.#deaf) this.#kept.set(key, { value, until: now + this.#freshMs })
  }
}

const memories = new WeakMap<Db, Memory>()

/** The house's own, found by its store: a process may hold several houses. */
export function memoryOf({ db }: { db: Db }): Memory {
  const known = memories.get(db)
  if (known) return known
  const made = new Memory()
  memories.set(db, made)
  return made
}

const told =
  /^(user|token|project|environment|configuration|branch|branch_alias|locale|content_type|content)\./

/**
 * Whether an event tells of a change to something that is remembered: who may do what, what an id stands for, where
 * something is, what content is made of. A new session changes nothing that anybody remembers.
 */
export function outdatesMemory(kind: EventKind): boolean {
  if (kind === 'user.signed_in') return false
  return kind === 'release.removed' || told.test(kind)
}
