import { deepEqual, equal, match } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readBlueprint } from '#catalogue/infra/read-blueprint.ts'
import { smallTree, type Files } from './small-tree.ts'

const read = (files: Files) => readBlueprint(smallTree(files))
const faults = (files: Files) => read({ 'stack.json': '{}', ...files }).findings

test('a blueprint is its variables, its resources by type and name, and its hook', () => {
  const blueprint = read({
    'stack.json': {
      clusterVariablesMeta: {
        REGION: { value: 'eu-west-1', description: 'where' },
        PASSWORD: { secret: true, value: 'never read' },
        MUST: { required: true },
      },
    },
    'service/instances/api.json': { kind: 'service', disabled: true },
    'postgres/instances/db.json': { kind: 'postgres' },
    'application/sizing.GP.json': { small: {} },
    'pre_release_hooks/pre_release_hook.sh': 'exit 0',
  })
  deepEqual(blueprint.findings, [])
  deepEqual([...blueprint.resources.keys()].toSorted(), ['postgres/db', 'service/api'])
  equal(blueprint.resources.get('service/api')?.disabled, true)
  deepEqual(blueprint.variables.get('REGION'), {
    name: 'REGION',
    fallback: 'eu-west-1',
    secret: false,
    description: 'where',
  })
  deepEqual(blueprint.variables.get('PASSWORD'), { name: 'PASSWORD', secret: true, description: null })
  equal(blueprint.hook?.name, 'pre_release_hook.sh')
})

test('a file that is no JSON is told with its line, and keeps its resource from being released', () => {
  const [one, ...rest] = faults({ 'service/instances/api.json': '{\n  "kind": "service",\n  "spec": {,}\n}' })
  deepEqual(rest, [])
  equal(one?.category, 'syntax_error')
  equal(one?.severity, 'error')
  equal(one?.line, 3)
  equal(one?.item_key, 'service/api')
  equal(faults({ 'service/instances/api.json': '{\n"a": [\n' })[0]?.line, 2)
  equal(
    faults({ 'service/instances/api.json': Buffer.from([0xff, 0xfe]) })[0]?.message,
    'it is no text in UTF-8',
  )
  equal(faults({ 'service/instances/api.json': '[]' })[0]?.message, 'a resource is a JSON object')
})

test('what JSON allows and nothing else can keep is told by its path and line', () => {
  const file = 'service/instances/api.json'
  for (const [text, line, path] of [
    ['{\n "spec": {\n "a": "x\\u0000" } }', 3, 'spec.a'],
    ['{\n "spec": { "a": ["\\ud800"] } }', 2, 'spec.a[0]'],
    ['{ "spec": {\n "__proto__": {} } }', 2, 'spec.__proto__'],
    ['{ "a": 1e999 }', 1, 'a'],
  ] as const) {
    const [found] = faults({ [file]: text })
    deepEqual([found?.severity, found?.line, found?.path], ['error', line, path])
  }
  match(faults({ [file]: `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}` })[0]!.message, /too deep/)
})

test('names of files that are not as they should be are told, and a folder in the singular is', () => {
  const said = faults({
    'ingress/instance/main.json': {},
    'service/instances/a b.json': {},
    'service/instances/a.b.json': {},
    'service/instances/x.yaml': 'a: 1',
    'service/instances/sub/x.json': {},
    'service/instances/.gitkeep': '',
  })
  deepEqual(
    said.map(({ file, severity, category }) => [file, severity, category]),
    [
      ['ingress/instance/main.json', 'warning', 'invalid_filename'],
      ['service/instances/a b.json', 'error', 'invalid_filename'],
      ['service/instances/a.b.json', 'error', 'invalid_filename'],
      ['service/instances/sub/x.json', 'warning', 'invalid_filename'],
      ['service/instances/x.yaml', 'warning', 'invalid_filename'],
    ],
  )
  match(said[0]!.message, /ingress\/instances\//)
})

test('no file whatever is more than a finding', () => {
  const path = fc.constantFrom(
    'stack.json',
    'service/instances/a.json',
    'x/instance/y.json',
    'a/instances/\0.json',
  )
  const json = fc.json({ noUnicodeString: false }).map((text) => Buffer.from(text))
  const metas = fc.json().map((text) => Buffer.from(`{"clusterVariablesMeta":${text}}`))
  const content = fc.oneof(fc.uint8Array({ maxLength: 60 }), json, metas)
  fc.assert(
    fc.property(fc.dictionary(path, content), (files) => {
      for (const { line, message } of read(files as Files).findings) {
        equal(line === null || line > 0, true)
        equal(message.isWellFormed() && !message.includes('\0'), true)
      }
    }),
  )
})
