import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freshPlace, testStore } from '../fresh-store.ts'
import { call, type Refused } from '../recovery/client.ts'
import { deploy, makeRelease, stateOf, until } from './one-release.ts'
import { startServer, type ServerProcess } from '../server-process.ts'

const v1 = '/headgate/v1'
const skip = testStore === 'postgres' ? false : 'several processes share PostgreSQL only'

/** One after the other: each is ready when this answers. Ended when the test ends. */
async function processes(t: TestContext, roles: readonly string[]): Promise<ServerProcess[]> {
  const place = await freshPlace()
  const running: ServerProcess[] = []
  t.after(async () => {
    await Promise.all(running.map((server) => server.kill()))
    await place.remove()
  })
  for (const role of roles) running.push(await startServer(place, undefined, { HEADGATE_ROLE: role }))
  return running
}

test(
  'a process that only answers and one that only works do together what one does alone',
  { skip },
  async (t) => {
    const [api, worker] = await processes(t, ['api', 'worker'])
    await t.assert.rejects(fetch(worker!.url), 'the worker has no port')
    const release = await makeRelease(api!.url, 'one')
    const first = await deploy(api!.url, release)
    const done = async () => (await stateOf(api!.url, first)) === 'succeeded'
    await until(done, 10_000, 'the worker did what was asked of the other')
    await worker!.stop()
    const second = await deploy(api!.url, release)
    await sleep(1500)
    t.assert.equal(await stateOf(api!.url, second), 'queued', 'who only answers does not work')
  },
)

test(
  'what one process changes about who may do what, the other knows at once',
  { skip },
  async (t: TestContext) => {
    const [one, other] = await processes(t, ['api', 'api'])
    const { token, secret } = await call<{ token: { id: string }; secret: string }>(
      one!.url,
      'POST',
      `${v1}/tokens`,
      {
        name: 'short-lived',
        scopes: ['*'],
      },
    )
    const opens = async () => {
      const headers = { authorization: `Bearer ${secret}` }
      return call(other!.url, 'GET', `${v1}/session`, undefined, headers).then(
        () => true,
        (error: Refused) => error.status !== 401,
      )
    }
    t.assert.equal(await opens(), true)
    await call(one!.url, 'DELETE', `${v1}/tokens/${token.id}`)
    const began = performance.now()
    await until(async () => !(await opens()), 10_000, 'the other process refuses the token')
    t.diagnostic(`refused after ${Math.round(performance.now() - began)} ms`)
    // Without hearing of it the other process would have kept it for five seconds.
    t.assert.ok(performance.now() - began < 4000)
  },
)
