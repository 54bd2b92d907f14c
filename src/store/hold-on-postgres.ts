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
  const held = new Map<string, AbortController>()
  let client: Promise<Client> | undefined
  let closed = false

  async function open(): Promise<Client> {
    const fresh = connect()
    fresh.on('error', onError)
    await fresh.connect()
    // A machine that vanished must not hold anything for the hours that TCP allows by default.
    await fresh.query(
      'set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 2',
    )
    fresh.on('end', () => {
      client = undefined
      if (!closed && held.size > 0) void regain(new Map(held))
    })
    return fresh
  }

  function opened(): Promise<Client> {
    client ??= open().catch((error: unknown) => {
      client = undefined
      throw error
    })
    return client
  }

  async function take(key: string): Promise<boolean> {
    const connection = await opened()
    const { rows } = await connection.query<{ taken: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 4400)) as taken',
      [key],
    )
    return rows[0]?.taken === true
  }

  async function regain(missing: Map<string, AbortController>): Promise<void> {
    for (const until = performance.now() + regainMs; performance.now() < until && !closed; await sleep(200)) {
      try {
        for (const [key, lost] of missing) {
          if (held.get(key) === lost && !(await take(key))) drop(key, lost)
          missing.delete(key)
        }
        return
      } catch (error) {
        onError(error as Error)
      }
    }
    for (const [key, lost] of missing) drop(key, lost)
  }

  function drop(key: string, lost: AbortController): void {
    if (held.get(key) === lost) held.delete(key)
    lost.abort()
  }

  async function release(key: string, lost: AbortController): Promise<void> {
    if (held.get(key) !== lost) return
    held.delete(key)
    const connection = await client?.catch(() => undefined)
    await connection
      ?.query('select pg_advisory_unlock(hashtextextended($1, 4400))', [key])
      .catch((error: unknown) => onError(error as Error))
  }

  return {
    /** Undefined: somebody else has it, here or in another process. */
    async hold(key: string): Promise<Hold | undefined> {
      if (closed || held.has(key)) return undefined
      const lost = new AbortController()
      held.set(key, lost)
      try {
        if (await take(key)) return { lost: lost.signal, release: () => release(key, lost) }
      } catch (error) {
        held.delete(key)
        throw error
      }
      held.delete(key)
      return undefined
    },
    async close(): Promise<void> {
      closed = true
      await client?.then(
        (open) => open.end(),
        () => undefined,
      )
    },
  }
}
