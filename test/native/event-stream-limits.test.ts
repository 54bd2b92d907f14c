import { once } from 'node:events'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer } from '#http/server.ts'
import { startEventFeed } from '#events/event-feed.ts'
import { native, type NativeOptions } from '#surfaces/native/index.ts'
import { openHouse, type TestHouse } from '../open-house.ts'
import { insertEvents } from '#store/event.ts'
import { eventOf } from '../events/write-events.ts'

type Limits = NonNullable<NativeOptions['streamLimits']>

const unwanted = () => Promise.reject(new Error('nobody asks for it here'))
const unasked = {
  operations: { makeBackup: unwanted, metrics: unwanted },
  verifyChain: unwanted,
  logs: { watch: () => () => {} },
}

/** Another hall on the same house, with limits that a test can reach. */
async function hall(house: TestHouse, streamLimits: Limits) {
  const feed = await startEventFeed({ ...house.store, logger: { error: () => {} } })
  const surface = native({ ...unasked, events: feed, streamLimits, parts: [] })
  const server = await createServer({ house: house.house, surfaces: [surface], log: false })
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  const close = async () => {
    await server.close()
    await feed.close()
  }
  const ask = (query = '', token = house.credentials.token) =>
    fetch(`${url}/headgate/v1/events/stream${query}`, { headers: { authorization: `Bearer ${token}` } })
  return { url, ask, close }
}

async function text(response: Response): Promise<string> {
  let all = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body!) all += decoder.decode(chunk as Uint8Array, { stream: true })
  return all
}

/** Reads a stream until project `last` is told of. */
async function untilLast(stream: Response): Promise<void> {
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  let told = ''
  while (!told.includes('"last"')) told += (await reader.read()).value ?? ''
  await reader.cancel()
}

test('streams are limited, and end when the credential expires', async (t: TestContext) => {
  const house = await openHouse(t)
  const { ask, close } = await hall(house, { perCaller: 2, total: 3, recheckMs: 30, heartbeatMs: 20 })
  try {
    const expires_at = new Date(house.clock.now.getTime() + 60_000).toISOString()
    const made = await house.ask('/headgate/v1/tokens', {
      json: { name: 'brief', scopes: ['event.read'], expires_at },
    })
    const { secret } = (await made.json()) as { secret: string }
    const brief = await ask('', secret)
    const own = [await ask(), await ask()]
    t.assert.deepEqual([brief.status, ...own.map(({ status }) => status)], [200, 200, 200])
    t.assert.equal((await ask()).status, 409, 'two with one credential')
    t.assert.equal((await ask('', secret)).status, 409, 'three in all')
    const ended = text(brief)
    house.clock.now = new Date(house.clock.now.getTime() + 61_000)
    t.assert.match(await ended, /: still here\nid: \d+\n\n[^]*: the credential no longer opens this\n\n$/)
    await own[0]!.body!.cancel()
    for (let n = 0; n < 500 && (await ask()).status !== 200; n++) await sleep(10)
  } finally {
    await close()
  }
})

test('a client that does not read is dropped at a bounded buffer, and can go on where it was', async (t: TestContext) => {
  const house = await openHouse(t)
  const { url, ask, close } = await hall(house, { stuckMs: 150, buffer: 16 * 1024 })
  try {
    const { db } = house.store
    const large = (n: number) => ({ ...eventOf(n), data: { pad: 'x'.repeat(8000) } })
    for (let n = 0; n < 4; n++)
      await insertEvents(
        db,
        Array.from({ length: 500 }, (_, m) => large(m)),
      )
    await house.client.createProject({ key: 'last', kind: 'content' })
    // Sealed it is all there to be sent: a chain that is behind would never fill the buffer.
    await untilLast(await ask('?after=0&kind=project.created'))
    const socket = connect(Number(new URL(url).port), '127.0.0.1').pause()
    socket.write(
      `GET /headgate/v1/events/stream?after=0 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${house.credentials.token}\r\n\r\n`,
    )
    // It reads nothing until it has long been given up.
    await sleep(1500)
    let got = ''
    socket.on('data', (chunk) => (got += chunk.toString()))
    await once(socket.resume(), 'close', { signal: t.signal })
    const ids = [...got.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
    t.assert.ok(ids.length < 2000, 'everything was sent to somebody who did not read')
    const whole = got.slice(0, got.lastIndexOf('\n\n'))
    const last = Number([...whole.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? 0)
    await untilLast(await ask(`?after=${last}&kind=project.created`))
  } finally {
    await close()
  }
})
