import { createHmac, randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'

const rememberedMs = 60_000

interface Remembered {
  user_id: string
  password_hash: string
  until: number
}

/**
 * Passwords that were right a moment ago, so that a client that sends Basic with every request does not wait for
 * argon2 each time. Kept under a keyed hash: whoever reads the memory's keys learns nothing that can be tried
 * elsewhere.
 */
export class RememberedPasswords {
  #key = randomBytes(32)
  #kept = new LRUCache<string, Remembered>({ max: 1_000 })

  /** Whose it was, with the stored hash that it matched then. */
  find(email: string, password: string, now: number): Omit<Remembered, 'until'> | undefined {
    const found = this.#kept.get(this.#keyOf(email, password))
    return found && found.until > now && found.until <= now + rememberedMs ? found : undefined
  }

  keep(email: string, password: string, whose: Omit<Remembered, 'until'>, now: number): void {
    this.#kept.set(this.#keyOf(email, password), { ...whose, until: now + rememberedMs })
  }

  #keyOf(email: string, password: string): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([email, password]))
      .digest('base64')
  }
}
