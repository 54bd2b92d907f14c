import { setTimeout as sleep } from 'node:timers/promises'
import { createParser } from 'eventsource-parser'
import pg from 'pg'
import type { Event } from '#api/event.ts'
import type { FreshPlace } from '../test/fresh-store.ts'
import { startServer, token } from '../test/server-process.ts'
import { median } from './figure.ts'

const count = 200
const pauseMs = 15
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }

/** Resolves with the time at which something of this name is seen. */
class Arrivals {
  readonly #waiting = new Map<string, (at: number) => void>()

  of(name: string): Promise<number> {
    return new Promise((resolve) => this.#waiting.set(name, resolve))
  }

  seen(name: string): void {
    this.#waiting.get(name)?.(performance.now())
  }
}

/**
 * Two servers on one PostgreSQL: from sending a request to the one until its event has come out of an open stream of
 * the other, in milliseconds, median. The request, its transaction and sealing are in it.
 */
export async function eventsStream(place: FreshPlace, names: readonly string[]): Promise<number> {
  const writer = await startServer(place, names)
  const reader = await startServer({ ...place, dataDir: place.dataDir }, names)
  const stop = new AbortController()
  try {
    const arrivals = new Arrivals()
    await follow(reader.url, arrivals, stop.signal)
    return await measure(arrivals, async (name) => {
      const body = JSON.stringify({ name })
      const response = await fetch(`${writer.url}/headgate/v1/projects/site/releases`, {
        method: 'POST',
        headers,
        body,
      })
      if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`)
    })
  } finally {
    stop.abort()
    await reader.stop()
    await writer.stop()
  }
}

async function follow(url: string, arrivals: Arrivals, signal: AbortSignal): Promise<void> {
  const response = await fetch(`${url}/headgate/v1/events/stream?kind=release.created`, { headers, signal })
  if (!response.ok || !response.body) throw new Error(`the stream answers ${response.status}`)
  const parser = createParser({
    onEvent: ({ data }) => arrivals.seen(String((JSON.parse(data) as Event).data.name)),
  })
  const decoder = new TextDecoder()
  const body = response.body
  const read = async () => {
    for await (const chunk of body) parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }))
  }
  read().catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
  await sleep(500)
}

async function measure(arrivals: Arrivals, act: (name: string) => Promise<void>): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < count; n += 1) {
    const name = `stream ${n} ${Math.random()}`
    const arrived = arrivals.of(name)
    const began = performance.now()
    await act(name)
    times.push((await arrived) - began)
    await sleep(pauseMs * Math.random())
  }
  return median(times)
}

/** The least that could do it: a row and a NOTIFY in one transaction, heard on another connection. */
export async function rawNotify(databaseUrl: string): Promise<number> {
  const [writer, listener] = [databaseUrl, databaseUrl].map(
    (connectionString) => new pg.Client({ connectionString }),
  )
  if (!writer || !listener) throw new Error('unreachable')
  await Promise.all([writer.connect(), listener.connect()])
  try {
    const arrivals = new Arrivals()
    listener.on('notification', ({ payload }) => arrivals.seen(payload ?? ''))
    await listener.query('listen bench_stream')
    await writer.query('create table if not exists bench_stream (name text)')
    return await measure(arrivals, async (name) => {
      await writer.query('begin')
      await writer.query('insert into bench_stream values ($1)', [name])
      await writer.query(`select pg_notify('bench_stream', $1)`, [name])
      await writer.query('commit')
    })
  } finally {
    await Promise.all([writer.end(), listener.end()])
  }
}
