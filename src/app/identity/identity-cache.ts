import { LRUCache } from 'lru-cache'
import type { House } from '../context.ts'
import { PasswordThrottle } from './password-throttle.ts'
import { RememberedPasswords } from './remembered-passwords.ts'

/**
 * How long who somebody is may be out of date. A change made in this process is seen at once; one made in another
 * process on the same PostgreSQL, after this long at the latest.
 */
const freshMs = 5_000
const most = 5_000

/** What one process keeps in memory about who acts. */
export class IdentityCache {
  readonly throttle = new PasswordThrottle()
  readonly passwords = new RememberedPasswords()
  #kept = new LRUCache<string, { value: object; until: number }>({ max: most })
  #generation = 0

  /** What `load` found under this key within the last seconds. What is not there is not remembered. */
  async recall<T extends object>(
    house: House,
    key: string,
    load: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const now = house.now().getTime()
    const kept = this.#kept.get(key)
    if (kept && kept.until > now && kept.until <= now + freshMs) return kept.value as T
    const generation = this.#generation
    const value = await load()
    // Something was forgotten while this was read: it may have been read before the change.
    if (value && generation === this.#generation) this.#kept.set(key, { value, until: now + freshMs })
    return value
  }

  forget(): void {
    this.#generation += 1
    this.#kept.clear()
  }
}

const caches = new WeakMap<House['db'], IdentityCache>()

/** The house's own, found by its store: a process may hold several houses. */
export function identityCache(house: House): IdentityCache {
  const known = caches.get(house.db)
  if (known) return known
  const made = new IdentityCache()
  caches.set(house.db, made)
  return made
}
