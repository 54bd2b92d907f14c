import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freshPlace, openPlace, testStore } from '../fresh-store.ts'
import { checkStore } from './check-store.ts'
import { nothingYet } from './client.ts'
import { prepare, write } from './load.ts'
import { startServer } from '../server-process.ts'
import { settled } from './settled.ts'

test(
  'on PostgreSQL another process takes up within 15 seconds what a killed one had in hand',
  { skip: testStore === 'postgres' ? false : 'two processes share PostgreSQL only' },
  async (t: TestContext) => {
    const place = await freshPlace()
    const known = nothingYet()
    const doomed = await startServer(place)
    const heir = await startServer(place)
    t.after(async () => {
      await doomed.kill()
      await heir.kill()
      await place.remove()
    })
    await prepare(doomed.url)
    let alive = true
    const writers = [0, 1, 2, 3].map((writer) => write(doomed.url, known, writer, () => alive))
    await sleep(1500)
    await doomed.kill()
    alive = false
    await Promise.all(writers)

    const tookMs = await settled(heir.url, 15_000)
    t.diagnostic(`settled ${Math.round(tookMs)} ms after the kill`)
    await heir.stop()
    const store = await openPlace(place)
    await checkStore(t, store.db, known).finally(() => store.close())
  },
)
