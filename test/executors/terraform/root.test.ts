import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import type { JsonObject } from '#domain/json.ts'
import type { RootMaterial } from '#executors/terraform/bench.ts'
import { buildRoot, rootFile, secretsFile } from '#executors/terraform/build-root.ts'
import { moduleName, readModuleName } from '#executors/terraform/module-name.ts'
import { openTurns } from '#executors/terraform/turns.ts'
import { terraformOrSkip } from '../../terraform-or-skip.ts'
import { providerSource } from '../../../examples/file-provider/start-file-provider.ts'
import { moduleOf, modules } from './bench-modules.ts'
import { made, openSmallBench, type Resource } from './small-bench.ts'

const odd = fc.oneof(
  fc.stringMatching(/^[a-z_-]{0,6}$/),
  fc.constantFrom('service', 'my_api', 'a__b', 'a', '_', '__', 'é', 'a.b', 'a b', 'A', 'x'.repeat(300)),
)

test('no two resources are called the same, whatever their types and names', (t: TestContext) => {
  t.assert.equal(moduleName('service', 'api-2_b'), 'service__api-2_b')
  t.assert.deepEqual(readModuleName('service__api-2_b'), { type: 'service', name: 'api-2_b' })
  t.assert.notEqual(moduleName('a', '_b'), moduleName('a_', 'b'))
  t.assert.notEqual(moduleName('a', 'b__c'), moduleName('a__b', 'c'))
  const law = fc.property(odd, odd, odd, odd, (type, name, otherType, otherName) => {
    const called = moduleName(type, name)
    t.assert.match(called, /^[A-Za-z][A-Za-z0-9_-]*$/)
    t.assert.equal(called === moduleName(otherType, otherName), type === otherType && name === otherName)
    const read = readModuleName(called)
    if (read) t.assert.deepEqual(read, { type, name })
  })
  fc.assert(law, { numRuns: 2000 })
})

const material = (more: Partial<RootMaterial> & { instance?: JsonObject } = {}): RootMaterial => ({
  resources: [
    {
      key: 'thing/a',
      content: {
        ...{
          type: 'thing',
          name: 'a',
          flavor: 'default',
          module_version: '0.1',
          module: 'm',
          inputs: {},
          secrets: {},
        },
        instance: more.instance ?? {},
        environment: {},
      },
    },
  ],
  modules: new Map([['m', modules.thing!]]),
  ...{ secrets: {}, hook: null, environment: { name: 'prod', release_stream: null } },
  ...more,
})

test('a configuration holds no credential, and of the secrets only those that are referred to', (t: TestContext) => {
  const secrets = { USED: 'used-value', UNUSED: 'unused-value' }
  const { files } = buildRoot(material({ secrets, instance: { of: '${blueprint.self.secrets.USED}' } }))
  const root = JSON.parse(String(files.get(rootFile))) as {
    terraform: unknown
    module: Record<string, unknown>
  }
  t.assert.deepEqual(root.terraform, { backend: { http: {} } })
  t.assert.deepEqual(root.module.thing__a, {
    source: root.module.thing__a && (root.module.thing__a as { source: string }).source,
    instance: { of: '${var.headgate_secrets["USED"]}' },
    ...{ instance_name: 'a', environment: {}, inputs: {} },
  })
  t.assert.deepEqual(JSON.parse(String(files.get(secretsFile))), { headgate_secrets: { USED: 'used-value' } })
  t.assert.doesNotMatch(String(files.get(rootFile)), /-value/)
})

test('a module is told only what it declares, and its files stay in its folder', (t: TestContext) => {
  const frugal = moduleOf('', { variables: ['instance'], entry: 'deep/er', folder: 'shelf/deep/er' })
  const { files, folders } = buildRoot(
    material({
      modules: new Map([['m', { ...frugal, files: new Map([['deep/er/main.tf', Buffer.from('')]]) }]]),
    }),
  )
  const [folder = ''] = folders.keys()
  t.assert.equal(folders.get(folder), 'shelf')
  const root = JSON.parse(String(files.get(rootFile))) as { module: Record<string, unknown> }
  t.assert.deepEqual(root.module.thing__a, { source: `./${folder}/deep/er`, instance: {} })
  t.assert.deepEqual(JSON.parse(String(files.get(`${folder}/deep/er/headgate_outputs.tf.json`))), {
    output: { attributes: { value: '${local.output_attributes}' } },
  })
  for (const path of ['../x', '/etc/x', 'a/../../x', 'a\\b', 'a\0b', '..', 'a//b', './a']) {
    const escaping = { ...frugal, files: new Map([[path, Buffer.from('')]]) }
    t.assert.throws(
      () => buildRoot(material({ modules: new Map([['m', escaping]]) })),
      /has a file outside of it/,
    )
  }
  t.assert.throws(
    () => buildRoot(material({ modules: new Map() })),
    /The module of thing\/a \(m\) is not there/,
  )
})

/** Offers the provider of files, as one would offer a cluster's. */
const shelf = moduleOf('\nlocals {\n  output_attributes = { where = "here", deep = { er = 1 } }\n}', {
  intent: 'shelf',
  offers: {
    default: { file: { source: providerSource, attributes: {} } },
    'attributes.deep': { other: { source: 'headgate.local/example/other', version: '2.1', attributes: {} } },
  },
})
const book = moduleOf(
  `
terraform {
  required_providers {
    file = { source = "${providerSource}" }
  }
}
resource "file_text" "this" {
  path    = "\${var.inputs.shelf.attributes.where}.txt"
  content = jsonencode([var.inputs.deep, var.inputs.nothing])
}
locals {
  output_attributes = {}
}`,
  {
    intent: 'book',
    inputs: {
      shelf: { type: '@x/shelf', optional: false, providers: ['file'] },
      deep: { type: '@x/deep', optional: true, providers: [] },
      nothing: { type: '@x/nothing', optional: true, providers: [] },
    },
  },
)

test('what a resource takes is wired: outputs, parts of them, nothing, and the providers that come along', async (t: TestContext) => {
  const from = { resource_type: 'shelf', resource_name: 's' }
  const inputs = { shelf: from, deep: { ...from, output_name: 'attributes.deep' } }
  const content = { flavor: 'd', module_version: '1', instance: {}, environment: {}, secrets: {} }
  const { files } = buildRoot({
    ...material(),
    resources: [
      { key: 'shelf/s', content: { ...content, type: 'shelf', name: 's', module: 'shelf', inputs: {} } },
      { key: 'book/b', content: { ...content, type: 'book', name: 'b', module: 'book', inputs } },
    ],
    modules: new Map([
      ['shelf', shelf],
      ['book', book],
    ]),
  })
  const root = JSON.parse(String(files.get(rootFile))) as Record<string, Record<string, JsonObject>>
  t.assert.deepEqual(root.terraform?.required_providers, {
    file: { source: providerSource },
    other: { source: 'headgate.local/example/other', version: '2.1' },
  })
  t.assert.deepEqual(root.provider, {
    file: [{ alias: 'shelf__s__default' }],
    other: [{ alias: 'shelf__s__attributes_deep' }],
  })
  t.assert.deepEqual(root.module?.book__b?.providers, { file: 'file.shelf__s__default' })
  t.assert.deepEqual(root.module?.book__b?.inputs, {
    deep: '${module.shelf__s.attributes["deep"]}',
    nothing: null,
    shelf: { attributes: '${module.shelf__s.attributes}' },
  })

  if (!terraformOrSkip(t)) return
  const { offers } = shelf.contract
  const lent = { ...shelf, contract: { ...shelf.contract, offers: { default: offers.default! } } }
  const bench = await openSmallBench(t, { modules: { shelf: lent, book } })
  const resources: Resource[] = [
    { key: 'shelf/s', spec: {} },
    { key: 'book/b', spec: {}, inputs },
  ]
  await bench.release(resources)
  t.assert.deepEqual(bench.touched, ['create here.txt'])
  // All of it can go at once, although the provider of one is offered by the other.
  const gone = made(await bench.plan([], { allow_destroy: true }))
  t.assert.equal((await bench.apply(gone)).state, 'succeeded')
  t.assert.equal(bench.touched.at(-1), 'delete here.txt')
})

test('so many go at once, in the order in which they came, and who leaves is not waited for', async (t: TestContext) => {
  const turns = openTurns(1)
  const never = new AbortController().signal
  const said: number[] = []
  const waiting = async (before: number) => void said.push(before)
  const first = await turns.take(never, waiting)
  const leaving = new AbortController()
  const second = turns.take(leaving.signal, waiting)
  const third = turns.take(never, waiting)
  leaving.abort()
  t.assert.equal(await second, undefined)
  first?.()
  first?.()
  const giveBack = await third
  t.assert.ok(giveBack)
  t.assert.deepEqual(said, [1, 2])
  t.assert.equal(await turns.take(leaving.signal, waiting), undefined)
  giveBack()
  t.assert.ok(await turns.take(never, waiting))
})
