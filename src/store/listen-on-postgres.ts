import type { Client } from 'pg'
import type { Hear } from './store.ts'

const longestPauseMs = 5_000

/** A connection that has silently gone is found out after two of these at most. */
const heartbeatMs = 5_000

type Tell = (error: Error) => void

interface Listener {
  hear: Hear
  lost: (() => void) | undefined
}

/**
 * Listens to NOTIFY channels on one connection of its own, made with the first channel and made again when it is
 * lost; whoever listens is then told (null) that something may have been missed.
 *
 * @param onSilence is told when the server does not even say that the connection is gone
 */
export function listenOnPostgres(connect: () => Client, onError: Tell, onSilence: () => void) {
  const heard = new Map<string, Set<Listener>>()
  let client: Promise<Client> | undefined
  let closed = false
  let retry: NodeJS.Timeout | undefined

  async function open(): Promise<Client> {
    const fresh = connect()
    fresh.on('error', onError)
    fresh.on('notification', ({ channel, payload }) => {
      for (const { hear } of heard.get(channel) ?? []) hear(payload ?? '')
    })
    try {
      await fresh.connect()
      for (const channel of heard.keys()) await fresh.query(`listen ${channel}`)
    } catch (error) {
      await fresh.end().catch(onError)
      throw error
    }
    cutWhenSilent(fresh, onError, onSilence)
    fresh.on('end', () => {
      for (const { lost } of everybody()) lost?.()
      reopen(100)
    })
    return fresh
  }

  const everybody = () => [...heard.values()].flatMap((listeners) => [...listeners])

  function reopen(pauseMs: number): void {
    if (closed) return
    retry = setTimeout(() => {
      client = open()
      client.then(
        () => {
          for (const { hear } of everybody()) hear(null)
        },
        (error: Error) => {
          onError(error)
          reopen(Math.min(pauseMs * 2, longestPauseMs))
        },
      )
    }, pauseMs)
  }

  return {
    async listen(channel: string, hear: Hear, lost?: () => void): Promise<() => Promise<void>> {
      if (!/^[a-z_]+$/.test(channel)) throw new TypeError(`not a channel's name: ${channel}`)
      const listener = { hear, lost }
      const listeners = heard.get(channel) ?? new Set()
      heard.set(channel, listeners.add(listener))
      try {
        client ??= open()
        await (await client).query(`listen ${channel}`)
      } catch (error) {
        listeners.delete(listener)
        client = undefined
        throw error
      }
      return async () => {
        listeners.delete(listener)
      }
    },
    async close(): Promise<void> {
      closed = true
      clearTimeout(retry)
      await client?.then(
        (open) => open.end(),
        () => undefined,
      )
    },
  }
}

/** Asks now and then. Without an answer in time nothing would be heard either: the connection is cut, which ends it. */
function cutWhenSilent(client: Client, onError: Tell, onSilence: () => void): void {
  const heartbeat = setInterval(() => {
    let answered = false
    const cut = () => {
      if (answered) return
      client.connection.stream.destroy()
      onSilence()
    }
    // Where it was us who were busy, the answer lies there already and is read before this.
    const late = setTimeout(() => setImmediate(cut), heartbeatMs - 100)
    client
      .query('select')
      .catch(onError)
      .finally(() => {
        answered = true
        clearTimeout(late)
      })
  }, heartbeatMs)
  client.on('end', () => clearInterval(heartbeat))
}
