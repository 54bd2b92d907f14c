import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { Hold } from './store.ts'

/** How long a lost connection is tried to be made up for: less than it takes until anybody else is asked to take over. */
const regainMs = 8000

/**
 * Session advisory locks on one connection of their own. A lock is gone with its connection; when that was lost it is
 * taken again at once, and only where that cannot be done, or somebody else has it now, its holder is told.
 */
export function holdOnPostgres(connect: () => Client, onError: (error: Error) => void) {
  const holder = new Holder(connect, onError)
  return {
    hold: (key: string) => holder.hold(key),
    sever: () => holder.sever(),
    close: () => holder.close(),
  }
}

class Holder {
  readonly #connect: () => Client
  readonly #onError: (error: Error) => void
  readonly #held = new Map<string, AbortController>()
  /** A session may take a lock twice, and would have to let it go twice. */
  readonly #taking = new Set<string>()
  /** Held, but by a connection that is gone. */
  readonly #missing = new Map<string, AbortController>()
  #regaining = false
  #client: Promise<Client> | undefined
  #closed = false

  constructor(connect: () => Client, onError: (error: Error) => void) {
    this.#connect = connect
    this.#onError = onError
  }

  /** Undefined: somebody else has it, here or in another process. */
  async hold(key: string): Promise<Hold | undefined> {
    if (this.#closed || this.#held.has(key) || this.#taking.has(key)) return undefined
    this.#taking.add(key)
    try {
      if (!(await this.#take(key))) return undefined
    } finally {
      this.#taking.delete(key)
    }
    const lost = new AbortController()
    this.#held.set(key, lost)
    return { lost: lost.signal, release: () => this.#release(key, lost) }
  }

  /** The server is silent: what is held is taken again on another connection. */
  sever(): void {
    this.#client?.then(
      (client) => client.connection.stream.destroy(),
      () => undefined,
    )
  }

  async close(): Promise<void> {
    this.#closed = true
    const client = await this.#client?.catch(() => undefined)
    await client?.end()
  }

  async #open(): Promise<Client> {
    const fresh = this.#connect()
    fresh.on('error', this.#onError)
    await fresh.connect()
    // A machine that vanished must not hold anything for the hours that TCP allows by default.
    await fresh.query(
      'set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 2',
    )
    fresh.on('end', () => {
      this.#client = undefined
      for (const [key, lost] of this.#held) this.#missing.set(key, lost)
      if (!this.#closed && this.#missing.size > 0 && !this.#regaining) void this.#regain()
    })
    return fresh
  }

  async #take(key: string): Promise<boolean> {
    this.#client ??= this.#open().catch((error: unknown) => {
      this.#client = undefined
      throw error
    })
    const { rows } = await (
      await this.#client
    ).query<{ taken: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 4400)) as taken', [key])
    return rows[0]?.taken === true
  }

  /** One at a time, also where the connection is lost again meanwhile: nothing is to be taken twice. */
  async #regain(): Promise<void> {
    this.#regaining = true
    const until = performance.now() + regainMs
    for (; this.#missing.size > 0 && performance.now() < until && !this.#closed; await sleep(200)) {
      try {
        for (const [key, lost] of this.#missing) {
          // One that is let go meanwhile is unlocked on the same connection, after this.
          if (this.#held.get(key) === lost && !(await this.#take(key))) this.#drop(key, lost)
          this.#missing.delete(key)
        }
      } catch (error) {
        this.#onError(error as Error)
      }
    }
    for (const [key, lost] of this.#missing) this.#drop(key, lost)
    this.#missing.clear()
    this.#regaining = false
  }

  #drop(key: string, lost: AbortController): void {
    if (this.#held.get(key) === lost) this.#held.delete(key)
    lost.abort()
  }

  async #release(key: string, lost: AbortController): Promise<void> {
    if (this.#held.get(key) !== lost) return
    this.#held.delete(key)
    const client = await this.#client?.catch(() => undefined)
    await client
      ?.query('select pg_advisory_unlock(hashtextextended($1, 4400))', [key])
      .catch((error: unknown) => this.#onError(error as Error))
  }
}
