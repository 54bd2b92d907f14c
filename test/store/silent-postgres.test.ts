import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { isPassing } from '#domain/passing-error.ts'
import { findAnyUser } from '#store/user.ts'
import { freshPlace, openPlace, testStore } from '../fresh-store.ts'

/** A way to a server that can be blocked: then nothing gets through, and nobody is told. */
async function openWay(t: TestContext, { hostname, port }: URL) {
  const sockets = new Set<Socket>()
  let blocked = false
  const way = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from.on('error', () => {}).on('close', () => blocked || to.destroy()))
      from.on('data', (chunk) => blocked || to.write(chunk))
    }
  }).listen(0, '127.0.0.1')
  await once(way, 'listening')
  t.after(() => way.close())
  return {
    port: (way.address() as AddressInfo).port,
    block: () => void (blocked = true),
    unblock() {
      blocked = false
      for (const socket of sockets) socket.destroy()
    },
  }
}

test(
  'a PostgreSQL that answers nothing any more, and is not gone either, is waited for no longer than some seconds',
  { skip: testStore === 'postgres' ? false : 'the embedded store ends with its process' },
  async (t: TestContext) => {
    const place = await freshPlace()
    const way = await openWay(t, new URL(place.databaseUrl!))
    const url = Object.assign(new URL(place.databaseUrl!), { port: String(way.port) })
    const store = await openPlace({ ...place, databaseUrl: url.href })
    t.after(async () => {
      await store.close()
      await place.remove()
    })
    await store.listen('headgate_test', () => {})
    const hold = (await store.hold('place'))!
    await findAnyUser(store.db)

    way.block()
    const error = await findAnyUser(store.db).catch((reason: unknown) => reason)
    t.assert.ok(isPassing(error), String(error))
    // Taken again as soon as somebody answers; until then nobody else is asked to take over.
    way.unblock()
    await findAnyUser(store.db)
    t.assert.strictEqual(hold.lost.aborted, false)
    await hold.release()
  },
)
