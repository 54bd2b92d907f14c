import type { House } from '../context.ts'
import { PasswordThrottle } from './password-throttle.ts'
import { RememberedPasswords } from './remembered-passwords.ts'

/** What one process keeps in memory about passwords. Who acts with a token is in its Memory. */
export class IdentityCache {
  readonly throttle = new PasswordThrottle()
  readonly passwords = new RememberedPasswords()
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
