import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { listLive } from '#app/live/list-live.ts'
import { liveOf, resultsOf, run } from '../../engine/orders.ts'
import { commandHouse } from './command-house.ts'

test('a command deploys: its items are live, and its log says what it said', async (t: TestContext) => {
  const house = await commandHouse(t)
  await house.script(
    'echo deploying "$HEADGATE_RELEASE"; echo careful >&2; cat "$HEADGATE_PLAN_FILE" > plan.json',
  )
  const release = await house.release({ a: '1', b: '2' })
  const done = await run(house, release.id)
  t.assert.strictEqual(done.state, 'succeeded', done.failure_detail ?? '')
  t.assert.deepStrictEqual(await liveOf(house), { a: '1', b: '2' })
  t.assert.deepStrictEqual(
    (await resultsOf(house, done.id)).map((row) => row.at(-1)),
    ['done', 'done'],
  )
  const log = await house.logOf({ deployment_id: done.id })
  t.assert.deepStrictEqual(
    log.filter((line) => !line.startsWith('std')),
    [
      'engine requested',
      'engine queued',
      'engine planning',
      'engine planned (2 publish)',
      'engine applying, by command',
      'engine succeeded',
    ],
  )
  t.assert.ok(log.includes('stdout deploying Spring') && log.includes('stderr careful'), log.join('\n'))
  const plan = JSON.parse(await readFile(join(house.folder, 'plan.json'), 'utf8'))
  t.assert.deepStrictEqual(
    plan.items.map(({ key, action, after }: Record<string, string>) => [key, action, after]),
    [
      ['a', 'publish', '1'],
      ['b', 'publish', '2'],
    ],
  )
})

test('a command that fails says how, and what it was to change is uncertain', async (t: TestContext) => {
  const house = await commandHouse(t)
  await house.script('echo one; echo the disk is full >&2; exit 7')
  const failed = await run(house, (await house.release({ a: '1' })).id)
  t.assert.deepStrictEqual([failed.state, failed.failure_code], ['failed', 'exit_code'])
  t.assert.match(failed.failure_detail ?? '', /exit code 7\. It last said: .*the disk is full/)
  const rows = await listLive(house.ctx, { environment_id: house.environment.id, limit: 10 })
  t.assert.deepStrictEqual(
    rows.map(({ item_key, uncertain }) => [item_key, uncertain]),
    [['a', true]],
  )
})
