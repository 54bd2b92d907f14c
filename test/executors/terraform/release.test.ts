import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { terraformOrSkip } from '../../terraform-or-skip.ts'
import { moduleOf } from './bench-modules.ts'
import { actions, made, openSmallBench, rememberedOf, type Resource } from './small-bench.ts'

const a: Resource = { key: 'thing/a', spec: { says: 'hello' } }
const b: Resource = {
  key: 'thing/b',
  spec: { greeting: 'a says ${thing.a.out.attributes.said}!', of: '${thing.a.out.attributes.id}' },
}
const file = (content: string): Resource => ({ key: 'file/f', spec: { path: 'f.txt', content } })

test('resources are made, and the plan names what it makes of each', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  const first = made(await bench.plan([a, b]))
  t.assert.deepEqual(actions(first.made.changes), { 'thing/a': 'create', 'thing/b': 'create' })
  t.assert.deepEqual(
    first.made.effects.map(({ item_key, address, action }) => [item_key, address, action]),
    [
      ['thing/a', 'module.thing__a.terraform_data.this', 'create'],
      ['thing/b', 'module.thing__b.terraform_data.this', 'create'],
    ],
  )
  t.assert.equal(bench.state.version, 0, 'planning changes no state')
  t.assert.deepEqual(await bench.apply(first), { state: 'succeeded', result: { changed: 2, tool: '1.11.4' } })
  const [said] = rememberedOf(bench.state.state, 'thing__b')
  t.assert.equal(said?.input.value.spec.greeting, 'a says hello!')
  t.assert.deepEqual(bench.left(), [])
  t.assert.equal(bench.state.lock, undefined)

  const again = made(await bench.plan([a, b]))
  t.assert.deepEqual(actions(again.made.changes), { 'thing/a': 'none', 'thing/b': 'none' })
  t.assert.deepEqual(again.made.effects, [])
  t.assert.equal(
    (await bench.apply(again)).state,
    'succeeded',
    'nothing can be applied too, where that is forced',
  )
})

test('what a selected resource stands on comes along, and nothing else does', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  const other: Resource = { key: 'thing/other', spec: { says: 'one' } }
  await bench.release([a, b, other])
  const newer: Resource[] = [
    { ...a, spec: { says: 'good day' } },
    { ...b, spec: { ...b.spec, more: true } },
    { ...other, spec: { says: 'two' } },
  ]
  const { task, made: plan } = made(await bench.plan(newer, { only: ['thing/b'] }))
  t.assert.deepEqual(actions(plan.changes), { 'thing/b': 'update', 'thing/a': 'update' })
  t.assert.deepEqual(
    plan.changes.map(({ dragged = false }) => dragged),
    [false, true],
  )
  const wanted = task.whole?.find(({ key }) => key === 'thing/a')
  t.assert.equal(plan.changes[1]?.after, wanted?.version)
  t.assert.equal((await bench.apply({ task, made: plan })).state, 'succeeded')
  t.assert.equal(rememberedOf(bench.state.state, 'thing__other')[0]?.input.value.spec.says, 'one')
  const rest = made(await bench.plan(newer))
  t.assert.deepEqual(actions(rest.made.changes), {
    'thing/a': 'none',
    'thing/b': 'none',
    'thing/other': 'update',
  })
})

test('nothing is destroyed, nor replaced, that was not allowed to be', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  await bench.release([a, file('one')])
  const gone = made(await bench.plan([a]))
  t.assert.deepEqual(actions(gone.made.changes), { 'thing/a': 'none', 'file/f': 'delete' })
  t.assert.equal(gone.made.changes[1]?.fault?.code, 'destroy_not_allowed')
  t.assert.match(gone.made.changes[1]?.fault?.reason ?? '', /would destroy module\.file__f\.file_text\.this/)

  const replaced = made(await bench.plan([{ ...a, spec: { ...a.spec, generation: 2 } }, file('one')]))
  t.assert.equal(replaced.made.effects[0]?.action, 'replace')
  t.assert.equal(replaced.made.changes[0]?.fault?.code, 'destroy_not_allowed')

  const allowed = await bench.release([a], { allow_destroy: true })
  t.assert.deepEqual(
    allowed.changes.map(({ fault }) => fault),
    [undefined, undefined],
  )
  t.assert.deepEqual(readdirSync(bench.real), [])

  const all = await bench.release([], { allow_destroy: true })
  t.assert.deepEqual(actions(all.changes), { 'thing/a': 'delete' })
  t.assert.equal(rememberedOf(bench.state.state, 'thing__a').length, 0)
})

test('what drifted is put right where it is looked at, and left alone where it is not', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  await bench.release([file('one')])
  const real = join(bench.real, 'f.txt')
  writeFileSync(real, 'tampered')
  bench.touched.length = 0
  const blind = made(await bench.plan([file('one')], { refresh: false }))
  t.assert.deepEqual(actions(blind.made.changes), { 'file/f': 'none' })
  t.assert.deepEqual(bench.touched, [])
  const seen = made(await bench.plan([file('one')]))
  t.assert.deepEqual(actions(seen.made.changes), { 'file/f': 'update' })
  const content = seen.made.effects[0]?.attributes.find(({ attribute }) => attribute === 'content')
  t.assert.deepEqual(content, { attribute: 'content', before: 'tampered', after: 'one' })
  t.assert.match(bench.log.join('\n'), /module\.file__f\.file_text\.this: Drift detected/)
  t.assert.equal((await bench.apply(seen)).state, 'succeeded')
  t.assert.equal(readFileSync(real, 'utf8'), 'one')
})

test('a resource that only offers something else is changed too, or nobody could read what it offers', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t, {
    modules: {
      fact: moduleOf('\nlocals {\n  output_attributes = { says = var.instance.spec.says }\n}', {
        intent: 'fact',
      }),
    },
  })
  const fact = (says: string): Resource => ({ key: 'fact/x', spec: { says } })
  await bench.release([fact('one')])
  const { changes, effects } = await bench.release([fact('two')])
  t.assert.deepEqual(actions(changes), { 'fact/x': 'update' })
  const attributes = [{ attribute: 'value', before: null, after: null, sensitive: true }]
  t.assert.deepEqual(effects, [
    { item_key: 'fact/x', address: 'output.fact__x', action: 'update', attributes },
  ])
  const none = made(await bench.plan([fact('two')]))
  t.assert.deepEqual(actions(none.made.changes), { 'fact/x': 'none' })
  const gone = made(await bench.plan([]))
  t.assert.deepEqual(
    gone.made.changes.map(({ action, fault }) => [action, fault]),
    [['delete', undefined]],
  )
})

test('two plans that do the same have one digest, and others have others', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  await bench.release([file('one')])
  const digest = async (content: string) =>
    made(await bench.plan([file(content)])).made.changes[0]?.effects_digest
  const two = await digest('two')
  t.assert.ok(two)
  t.assert.equal(await digest('two'), two)
  t.assert.notEqual(await digest('three'), two)
})
