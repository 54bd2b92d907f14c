import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freshPlace, openPlace } from '../fresh-store.ts'
import { checkStore } from './check-store.ts'
import { nothingYet } from './client.ts'
import { prepare, write } from './load.ts'
import { startServer, type ServerProcess } from '../server-process.ts'
import { settled } from './settled.ts'

const rounds = Number(process.env.HEADGATE_RECOVERY_ROUNDS ?? 3)

test(`killed ${rounds} times amid creates, deploys, rollbacks and schedules, nothing is lost or done twice`, async (t: TestContext) => {
  const place = await freshPlace()
  const known = nothingYet()
  let server: ServerProcess | undefined
  t.after(async () => {
    await server?.kill()
    await place.remove()
  })

  for (let round = 0; round < rounds; round += 1) {
    server = await startServer(place)
    const { url } = server
    if (round === 0) await prepare(url)
    let alive = true
    const writers = [0, 1, 2, 3].map((writer) => write(url, known, round * 10 + writer, () => alive))
    const before = known.deployments.size
    // However slow the machine is: killed before anything was promised, a round shows nothing.
    for (let look = 0; known.deployments.size < before + 2 && look < 1000; look += 1) await sleep(20)
    await sleep(Math.random() * 1500)
    await server.kill()
    alive = false
    await Promise.all(writers)
  }

  server = await startServer(place)
  await settled(server.url)
  await server.stop()
  t.diagnostic(
    `${known.entries.size} entries, ${known.releases.size} releases, ${known.deployments.size} deployments`,
  )
  t.assert.ok(known.deployments.size > rounds, 'the rounds did something')
  const store = await openPlace(place)
  await checkStore(t, store.db, known).finally(() => store.close())
})
