import { LRUCache } from 'lru-cache'
import { DomainError } from '#domain/errors.ts'

const windowMs = 60_000
const wrongPerEmail = 10
const wrongOverall = 200

interface Window {
  since: number
  wrong: number
}

/**
 * Counts wrong passwords by the minute, for each e-mail address and for all together. Per process: n processes let
 * n times as many through.
 */
export class PasswordThrottle {
  #overall: Window = { since: 0, wrong: 0 }
  #byEmail = new LRUCache<string, Window>({ max: 10_000 })

  /**
   * To be called before a password is looked at, so that a hundred tries at once are counted too. The answer takes
   * it back, for the password was right. Throws `throttled`.
   */
  admit(email: string, now: number): () => void {
    const windows = [this.#windowOf(email, now), this.#overallAt(now)] as const
    windows.forEach((window, index) => {
      if (window.wrong < (index === 0 ? wrongPerEmail : wrongOverall)) return
      const seconds = Math.ceil((window.since + windowMs - now) / 1000)
      throw new DomainError('throttled', { retry_after_seconds: Math.max(seconds, 1) })
    })
    for (const window of windows) window.wrong += 1
    return () => {
      for (const window of windows) window.wrong -= 1
    }
  }

  #windowOf(email: string, now: number): Window {
    const known = this.#byEmail.get(email)
    if (known && isOpen(known, now)) return known
    const fresh = { since: now, wrong: 0 }
    this.#byEmail.set(email, fresh)
    return fresh
  }

  #overallAt(now: number): Window {
    if (!isOpen(this.#overall, now)) this.#overall = { since: now, wrong: 0 }
    return this.#overall
  }
}

function isOpen(window: Window, now: number): boolean {
  return now >= window.since && now < window.since + windowMs
}
