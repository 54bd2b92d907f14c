import type { Client } from 'pg'
import type { Hold } from './store.ts'

/**
 * Session advisory locks on one connection of their own, made with the first and made again when it was lost. A lock
 * lives as long as its connection: when that goes, so do all that are held, and their holders are told.
 */
export function holdOnPostgres(connect: () => Client, onError: (error: Error) => void) {
  const held = new Map<string, AbortController>()
  let client: Promise<Client> | undefined
  let closed = false

  async function open(): Promise<Client> {
    const fresh = connect()
    fresh.on('error', onError)
    fresh.on('end', () => {
      client = undefined
      for (const lost of held.values()) lost.abort()
      held.clear()
    })
    await fresh.connect()
    // A machine that vanished must not hold anything for the hours that TCP allows by default.
    await fresh.query(
      'set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 2',
    )
    return fresh
  }

  return {
    /** Undefined: somebody else has it, here or in another process. */
    async hold(key: string): Promise<Hold | undefined> {
      if (closed || held.has(key)) return undefined
      const lost = new AbortController()
      held.set(key, lost)
      try {
        client ??= open().catch((error: unknown) => {
          client = undefined
          throw error
        })
        const connection = await client
        const { rows } = await connection.query<{ taken: boolean }>(
          'select pg_try_advisory_lock(hashtextextended($1, 4400)) as taken',
          [key],
        )
        if (rows[0]?.taken && !lost.signal.aborted)
          return { lost: lost.signal, release: () => release(key, lost, connection) }
      } catch (error) {
        if (held.get(key) === lost) held.delete(key)
        throw error
      }
      if (held.get(key) === lost) held.delete(key)
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

  async function release(key: string, lost: AbortController, connection: Client): Promise<void> {
    if (held.get(key) !== lost) return
    await connection
      .query('select pg_advisory_unlock(hashtextextended($1, 4400))', [key])
      .catch((error: unknown) => onError(error as Error))
    if (held.get(key) === lost) held.delete(key)
  }
}
