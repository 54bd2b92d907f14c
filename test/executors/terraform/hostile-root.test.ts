import { test, type TestContext } from 'node:test'
import type { ResourceContent } from '#domain/blueprint.ts'
import type { RootMaterial } from '#executors/terraform/bench.ts'
import { buildRoot, rootFile } from '#executors/terraform/build-root.ts'
import { literal } from '#executors/terraform/template.ts'
import { clean } from '#ground/lines.ts'
import { terraformOrSkip } from '../../terraform-or-skip.ts'
import { modules } from './bench-modules.ts'
import { made, openSmallBench, rememberedOf, stopAt } from './small-bench.ts'

const thing = (name: string, more: Partial<ResourceContent> = {}) => ({
  key: `thing/${name}`,
  content: {
    ...{ type: 'thing', name, flavor: 'default', module_version: '0.1', module: 'm' },
    ...{ inputs: {}, secrets: {}, instance: {}, environment: {} },
    ...more,
  },
})

function moduleIn(resources: RootMaterial['resources'], called: string): Record<string, unknown> {
  const { files } = buildRoot({
    ...{ resources, modules: new Map([['m', modules.thing!]]), secrets: {}, hook: null },
    environment: { name: 'prod', release_stream: null },
  })
  const root = JSON.parse(String(files.get(rootFile))) as { module: Record<string, Record<string, unknown>> }
  return root.module[called]!
}

test('the name of an input is a name, whatever it says', async (t: TestContext) => {
  const name = '${file("/etc/hostname")}'
  const inputs = { [name]: { resource_type: 'thing', resource_name: 'a' } }
  const block = moduleIn([thing('a'), thing('b', { inputs })], 'thing__b')
  t.assert.deepEqual(block.inputs, {
    '$${file("/etc/hostname")}': { attributes: '${module.thing__a.attributes}' },
  })
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  await bench.release([
    { key: 'thing/a', spec: {} },
    { key: 'thing/b', spec: {}, inputs },
  ])
  const [kept] = rememberedOf(bench.state.state, 'thing__b') as unknown as {
    input: { value: { inputs: object } }
  }[]
  t.assert.deepEqual(Object.keys(kept!.input.value.inputs), [name])
})

test('what is provided from elsewhere is handed on as it is, and what is to be there before is waited for', (t: TestContext) => {
  const provided = { attributes: { host: 'db ${1 + 1}', id: '${thing.a.out.attributes.id}' } }
  const from = { resource_type: 'db', resource_name: 'elsewhere', provided }
  const inputs = { db: from, host: { ...from, output_name: 'host' } }
  const block = moduleIn([thing('a'), thing('b', { inputs, depends_on: ['thing/a'] })], 'thing__b')
  const host = 'db $${1 + 1}'
  t.assert.deepEqual(block.inputs, {
    db: { attributes: { host, id: '${module.thing__a.attributes["id"]}' } },
    host,
  })
  t.assert.deepEqual(block.depends_on, ['module.thing__a'])
  t.assert.throws(
    () =>
      moduleIn(
        [thing('a'), thing('b', { inputs: { db: { ...from, output_name: 'interfaces.x' } } })],
        'thing__b',
      ),
    /not among what is provided/,
  )
})

test('a selection of which nothing is left plans nothing, and never everything', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  const { made } = await bench.plan([{ key: 'thing/a', spec: {} }], { only: [] })
  t.assert.equal(made.state === 'failed' && made.code, 'nothing_selected')
})

test('an apply that is not ours any more begins nothing new, and says what it has made', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  const taken = { resource_type: 'thing', resource_name: 'a' }
  const slow = { command: 'echo begun; sleep 20', after: '${thing.a.out.attributes.id}' }
  const resources = [
    { key: 'thing/a', spec: {} },
    { key: 'task/b', spec: slow, inputs: { a: taken } },
  ]
  const planned = made(await bench.plan(resources))
  const ending = await bench.apply(planned, stopAt(/begun$/, 'lost'))
  t.assert.equal(ending.state, 'stopped')
  t.assert.equal(rememberedOf(bench.state.state, 'thing__a').length, 1)
})

test('a text of one sign alone takes no longer than another one', { timeout: 20_000 }, (t: TestContext) => {
  const many = (sign: string) => sign.repeat(500_000)
  t.assert.equal(literal(many('$')), many('$'))
  t.assert.equal(literal(`${many('%')}x`, true), `${many('%')}x`)
  t.assert.match(literal(`${many('$')}{a}`), /^\$\{"(?:\\u0024)+"\}\{a\}$/)
  t.assert.equal(clean(`${many('\r')}x${many('\r')}`), 'x')
})
