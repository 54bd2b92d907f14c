import type { Client } from 'pg'
import type { Hear } from './store.ts'

const longestPauseMs = 5_000

/**
 * Listens to NOTIFY channels on one connection of its own, made with the first channel and made again when it is
 * lost; whoever listens is then told (null) that something may have been missed.
 */
export function listenOnPostgres(connect: () => Client, onError: (error: Error) => void) {
  const heard = new Map<string, Set<Hear>>()
  let client: Promise<Client> | undefined
  let closed = false
  let retry: NodeJS.Timeout | undefined

  async function open(): Promise<Client> {
    const fresh = connect()
    fresh.on('error', onError)
    fresh.on('notification', ({ channel, payload }) => {
      for (const hear of heard.get(channel) ?? []) hear(payload ?? '')
    })
    try {
      await fresh.connect()
      for (const channel of heard.keys()) await fresh.query(`listen ${channel}`)
    } catch (error) {
      await fresh.end().catch(onError)
      throw error
    }
    fresh.on('end', () => reopen(100))
    return fresh
  }

  function reopen(pauseMs: number): void {
    if (closed) return
    retry = setTimeout(() => {
      client = open()
      client.then(
        () => {
          for (const listeners of heard.values()) for (const hear of listeners) hear(null)
        },
        (error: Error) => {
          onError(error)
          reopen(Math.min(pauseMs * 2, longestPauseMs))
        },
      )
    }, pauseMs)
  }

  return {
    async listen(channel: string, hear: Hear): Promise<() => Promise<void>> {
      if (!/^[a-z_]+$/.test(channel)) throw new TypeError(`not a channel's name: ${channel}`)
      const listeners = heard.get(channel) ?? new Set()
      heard.set(channel, listeners.add(hear))
      try {
        client ??= open()
        await (await client).query(`listen ${channel}`)
      } catch (error) {
        listeners.delete(hear)
        client = undefined
        throw error
      }
      return async () => {
        listeners.delete(hear)
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
