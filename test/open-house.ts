import type { TestContext } from 'node:test'
import { Writable } from 'node:stream'
import { createClient, type Client } from '#client/client.ts'
import { readConfig } from '../src/config.ts'
import { openHouse as open, type OpenHouse } from '../src/main.ts'
import { closeAfter } from './close-after.ts'
import { freshPlace, type FreshPlace } from './fresh-store.ts'

export interface TestHouse extends Omit<OpenHouse, 'url' | 'credentials'> {
  url: string
  /** The first admin's. */
  credentials: NonNullable<OpenHouse['credentials']>
  /** Runs like any clock; set, it runs on from there. */
  clock: { now: Date }
  place: FreshPlace
  /** Our own API, as the first admin. */
  client: Client
  /** A request to the server with the first admin's token, unless it brings its own authorization. */
  ask(path: string, init?: RequestInit & { json?: unknown }): Promise<Response>
}

/**
 * A whole server on a fresh store, on a free port, with a clock that can be set. `env` adds settings.
 * Closed, and gone, when the test ends.
 */
export async function openHouse(t: TestContext, env: Record<string, string> = {}): Promise<TestHouse> {
  const place = await freshPlace()
  const clock = runningClock()
  const config = readConfig({
    HEADGATE_PORT: '0',
    HEADGATE_DATA_DIR: place.dataDir,
    HEADGATE_LOG_LEVEL: 'fatal',
    DATABASE_URL: place.databaseUrl,
    HEADGATE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    ...env,
  })
  const opened = await open(config, () => clock.now).catch(async (error: unknown) => {
    await place.remove()
    throw error
  })
  closeAfter(t, async () => {
    await opened.close()
    await place.remove()
  })
  const { url, credentials } = opened
  if (!url || !credentials) throw new Error('a test’s house serves, and is at its first start')
  const client = createClient({ url, token: credentials.token })
  return { ...opened, url, credentials, clock, place, client, ask: asker(url, credentials.token) }
}

function runningClock(): { now: Date } {
  let ahead = 0
  return {
    get now() {
      return new Date(Date.now() + ahead)
    },
    set now(at) {
      ahead = at.getTime() - Date.now()
    },
  }
}

function asker(url: string, token: string): TestHouse['ask'] {
  return (path, { json, headers, ...init } = {}) => {
    const all = new Headers(headers)
    if (!all.has('authorization')) all.set('authorization', `Bearer ${token}`)
    if (json !== undefined && !all.has('content-type')) all.set('content-type', 'application/json')
    const body = json === undefined ? init.body : JSON.stringify(json)
    return fetch(`${url}${path}`, {
      method: json === undefined ? 'GET' : 'POST',
      ...init,
      headers: all,
      body,
    })
  }
}

/** Whatever is written, kept as text. */
export function memory(): Writable & { text: string } {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      kept.text += chunk.toString()
      done()
    },
  })
  const kept = Object.assign(stream, { text: '' })
  return kept
}
