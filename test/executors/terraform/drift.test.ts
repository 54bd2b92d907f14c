import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { terraformOrSkip } from '../../terraform-or-skip.ts'
import { actions, made, openSmallBench, type Resource } from './small-bench.ts'

const file = (name: string): Resource => ({
  key: `file/${name}`,
  spec: { path: `${name}.txt`, content: name },
})

test('drift is found without a lock or a trace, and taken over where that is wanted', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  const files = [file('a'), file('b'), file('c')]
  await bench.release(files)
  const clean = { outcome: 'clean', items: [], state_version: 1, adopted: false }
  t.assert.deepEqual(await bench.drift(), { state: 'succeeded', result: clean })

  writeFileSync(join(bench.real, 'a.txt'), 'tampered')
  rmSync(join(bench.real, 'b.txt'))
  bench.state.lock = { ID: 'somebody-elses' }
  bench.bench.letGoOfLock = async () => undefined
  const found = await bench.drift()
  t.assert.ok(found.state === 'succeeded')
  const { items, outcome, state_version } = found.result as unknown as {
    items: { item_key: string; action: string; address: string; attributes: { attribute: string }[] }[]
    [key: string]: unknown
  }
  t.assert.deepEqual([outcome, state_version], ['drifted', 1])
  t.assert.deepEqual(
    items.map(({ item_key, address, action }) => [item_key, address, action]),
    [
      ['file/a', 'module.file__a.file_text.this', 'update'],
      ['file/b', 'module.file__b.file_text.this', 'delete'],
    ],
  )
  const content = items[0]?.attributes.find(({ attribute }) => attribute === 'content')
  t.assert.deepEqual(content, { attribute: 'content', before: 'a', after: 'tampered' })
  t.assert.equal(bench.state.version, 1)

  bench.state.lock = undefined
  const adopted = await bench.drift({ adopt: true })
  t.assert.ok(adopted.state === 'succeeded' && adopted.result?.adopted === true)
  t.assert.equal(bench.state.version, 2)
  const after = await bench.drift()
  t.assert.ok(after.state === 'succeeded' && after.result?.outcome === 'clean')
  // What was taken over is what is known, and still not what was released.
  const planned = made(await bench.plan(files, { refresh: false }))
  t.assert.deepEqual(actions(planned.made.changes), {
    'file/a': 'update',
    'file/b': 'update',
    'file/c': 'none',
  })
  t.assert.deepEqual(bench.left(), [])
})
