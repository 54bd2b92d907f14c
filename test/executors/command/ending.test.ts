import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { listLive } from '#app/live/list-live.ts'
import { ask, run } from '../../engine/orders.ts'
import { ended } from '../../engine/wait-for.ts'
import { commandHouse, isAlive, said } from './command-house.ts'

/** Has a child that has a child, which leaves the group, all of them deaf to what is asked of them. */
const deafTree = `
trap '' INT TERM
sh -c 'trap "" INT TERM; setsid sh -c "trap \\"\\" INT TERM; echo \\$\\$ > grandchild; sleep 300" & echo $$ > child; sleep 300' &
echo $$ > parent
echo ready
sleep 300
`

test('canceled while it runs, a deaf command and all its children are ended, and its items are uncertain', async (t: TestContext) => {
  const house = await commandHouse(t)
  await house.script(deafTree)
  const { id } = await ask(house, (await house.release({ a: '1' })).id)
  await said(house, { deployment_id: id }, 'stdout ready')
  const pids = await Promise.all(['parent', 'child', 'grandchild'].map((name) => pidIn(house.folder, name)))
  await cancelDeployment(house.as.approver, { deployment_id: id })
  const done = await ended(house.ctx, id)
  t.assert.strictEqual(done.state, 'canceled')
  t.assert.deepStrictEqual(pids.filter(isAlive), [])
  const rows = await listLive(house.ctx, { environment_id: house.environment.id, limit: 10 })
  t.assert.deepStrictEqual(
    rows.map(({ item_key, uncertain }) => [item_key, uncertain]),
    [['a', true]],
  )
  await house.script('exit 0')
  t.assert.strictEqual((await run(house, (await house.release({ a: '1' }, 'Next')).id)).state, 'succeeded')
})

test('a command that ends well although it was to stop was too late to be canceled', async (t: TestContext) => {
  const house = await commandHouse(t)
  await house.script(`trap 'echo finishing; exit 0' INT; echo ready; while :; do sleep 0.1; done`)
  const { id } = await ask(house, (await house.release({ a: '1' })).id)
  await said(house, { deployment_id: id }, 'stdout ready')
  await cancelDeployment(house.as.approver, { deployment_id: id })
  t.assert.strictEqual((await ended(house.ctx, id)).state, 'succeeded')
})

test('a command that takes longer than it may is ended and has failed', async (t: TestContext) => {
  const house = await commandHouse(t)
  await house.script(deafTree, { timeout_seconds: 1 })
  const failed = await run(house, (await house.release({ a: '1' })).id)
  t.assert.deepStrictEqual([failed.state, failed.failure_code], ['failed', 'timed_out'])
  t.assert.deepStrictEqual([await pidIn(house.folder, 'grandchild')].filter(isAlive), [])
})

test('what a command leaves behind when it ends is ended with it', async (t: TestContext) => {
  const house = await commandHouse(t)
  await house.script('(setsid sleep 300 & echo $! > left); sleep 300 & echo $! > kept; exit 0')
  t.assert.strictEqual((await run(house, (await house.release({ a: '1' })).id)).state, 'succeeded')
  const pids = await Promise.all(['left', 'kept'].map((name) => pidIn(house.folder, name)))
  t.assert.deepStrictEqual(pids.filter(isAlive), [])
})

test('a graceful stop does not wait for a command that takes long: it is ended, its outcome unknown', async (t: TestContext) => {
  const house = await commandHouse(t)
  await house.script(deafTree)
  const { id } = await ask(house, (await house.release({ a: '1' })).id)
  await said(house, { deployment_id: id }, 'stdout ready')
  await house.stop(4000)
  const { state, failure_code } = await getDeployment(house.ctx, { deployment_id: id })
  t.assert.deepStrictEqual([state, failure_code], ['failed', 'outcome_unknown'])
  t.assert.deepStrictEqual([await pidIn(house.folder, 'grandchild')].filter(isAlive), [])
})

async function pidIn(folder: string, name: string): Promise<number> {
  for (;;) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '')
    if (text.trim() !== '') return Number(text)
    await sleep(20)
  }
}
