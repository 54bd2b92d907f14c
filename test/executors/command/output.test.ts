import { test, type TestContext } from 'node:test'
import { readLog } from '#app/logs/read-log.ts'
import { findLog } from '#store/log.ts'
import { ask, run } from '../../engine/orders.ts'
import { ended } from '../../engine/wait-for.ts'
import { waitUntil } from '../../engine/wait-until.ts'
import { commandHouse, setExecutor } from './command-house.ts'

test('megabytes are kept line by line, packed into a blob at the end, and read on from there by position', async (t: TestContext) => {
  const house = await commandHouse(t)
  await house.script('seq 1 20000 | sed "s/$/ of twenty thousand lines that a command says in one go/"')
  const { id } = await run(house, (await house.release({ a: '1' })).id)
  await waitUntil(async () => typeof (await findLog(house.ctx.db, id))?.blob_digest === 'string')
  const { count } = await house.ctx.db
    .selectFrom('log_line')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  t.assert.strictEqual(count, 0, 'no rows are left')
  const seen: string[] = []
  let after = 0
  for (;;) {
    const { lines } = await readLog(house.ctx, { deployment_id: id, after, limit: 3001 })
    if (lines.length === 0) break
    t.assert.ok(lines.every(({ position }, index) => position === after + index + 1))
    seen.push(...lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text))
    after = lines.at(-1)!.position
  }
  t.assert.strictEqual(seen.length, 20_000)
  t.assert.strictEqual(seen[11_999], '12000 of twenty thousand lines that a command says in one go')
})

test('a log that reaches its limit says so, and the command goes on', async (t: TestContext) => {
  const house = await commandHouse(t)
  await house.script('head -c 24000000 /dev/zero | tr "\\0" x | fold -w 4000; echo done >&2')
  const done = await run(house, (await house.release({ a: '1' })).id)
  t.assert.strictEqual(done.state, 'succeeded')
  const lines = await house.logOf({ deployment_id: done.id })
  t.assert.ok(lines.length < 4500, `${lines.length} lines`)
  t.assert.deepStrictEqual(lines.slice(-2), [
    'engine The log is cut off here: it may have 16 MB.',
    'engine succeeded',
  ])
})

test('secrets are blackened, and what is no text or has no end does no harm', async (t: TestContext) => {
  const house = await commandHouse(t)
  await house.script('', {})
  const settings = {
    command: [
      '/bin/sh',
      '-c',
      'echo "token is $DEPLOY_TOKEN"; printf "a\\000b\\377c\\n"; printf "\\033[31mred\\033[0m\\n"; printf "10%%\\r20%%\\n"; head -c 3000000 /dev/zero | tr "\\0" y; echo; echo end',
    ],
    environment: { DEPLOY_TOKEN: 'hunter2-hunter2' },
  }
  await setExecutor(house.ctx.db, house.environment.id, 'command', settings)
  const { id } = await ask(house, (await house.release({ a: '1' })).id)
  await ended(house.ctx, id)
  const lines = (await house.logOf({ deployment_id: id })).filter((line) => line.startsWith('stdout'))
  t.assert.strictEqual(lines[0], 'stdout token is •••')
  t.assert.strictEqual(lines[1], 'stdout a\uFFFDb\uFFFDc')
  t.assert.deepStrictEqual(lines.slice(2, 4), ['stdout red', 'stdout 20%'])
  t.assert.match(lines[4] ?? '', /^stdout y{8192} … \(2991808 more bytes in this line\)$/)
  t.assert.strictEqual(lines[5], 'stdout end')
})

test('a command finds in its environment what it was given, the facts, and nothing of the server', async (t: TestContext) => {
  process.env.SERVER_SECRET = 'not for you'
  t.after(() => delete process.env.SERVER_SECRET)
  const house = await commandHouse(t)
  const settings = { command: ['/usr/bin/env'], environment: { REGION: 'eu' } }
  await setExecutor(house.ctx.db, house.environment.id, 'command', settings)
  const { id } = await run(house, (await house.release({ a: '1' })).id)
  const names = (await house.logOf({ deployment_id: id }))
    .filter((line) => line.startsWith('stdout'))
    .map((line) => line.slice(7).split('=')[0])
  const facts = ['ATTEMPT', 'DEPLOYMENT_ID', 'ENVIRONMENT', 'PLAN_FILE', 'PROCESS', 'PROJECT', 'RELEASE']
  const more = ['RELEASE_ID', 'REVISION', 'REVISION_DIGEST']
  t.assert.deepStrictEqual(
    names.toSorted(),
    [...[...facts, ...more].map((name) => `HEADGATE_${name}`), 'HOME', 'LANG', 'PATH', 'REGION'].toSorted(),
  )
})

test('arguments are handed on as they are: no shell reads them', async (t: TestContext) => {
  const house = await commandHouse(t)
  const command = ['/bin/echo', '$(id); `id`', '*', '; exit 1 #', '']
  await setExecutor(house.ctx.db, house.environment.id, 'command', { command })
  const done = await run(house, (await house.release({ a: '1' })).id)
  t.assert.ok((await house.logOf({ deployment_id: done.id })).includes('stdout $(id); `id` * ; exit 1 # '))
})

test('a program that is not there, or has no folder, fails and says so', async (t: TestContext) => {
  const house = await commandHouse(t)
  for (const settings of [
    { command: ['/nowhere/deploy'] },
    { command: ['/bin/true'], working_folder: '/nowhere' },
    { command: ['/bin/true'], working_folder: '/etc/passwd' },
  ]) {
    await setExecutor(house.ctx.db, house.environment.id, 'command', settings)
    const failed = await run(house, (await house.release({ a: '1' })).id)
    t.assert.strictEqual(failed.state, 'failed')
    t.assert.match(failed.failure_detail ?? '', /nowhere|ENOENT|ENOTDIR/)
  }
})
