import { deepEqual, equal, match } from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '#domain/json.ts'
import { effectiveOf, moduleFiles, service } from './small-tree.ts'

const api = 'service/instances/api.json'
const db = 'service/instances/db.json'
const override = (changes: JsonObject | null, disabled: boolean | null = null) => ({
  resource_type: 'service',
  resource_name: 'api',
  changes,
  disabled,
})

test('references are told apart: not there, disabled, not one, of the wrong kind, without a value', async () => {
  const { findings, resources } = await effectiveOf(
    {
      'stack.json': { clusterVariablesMeta: { PW: { secret: true }, EMPTY: {} } },
      [db]: service({ disabled: true }),
      [api]: [
        '{ "kind": "service", "flavor": "k8s", "version": "0.1", "spec": {',
        '"a": "${service.nowhere.out.attributes.x}",',
        '"b": ["-", "jdbc:${service.db.out.attributes.x}"],',
        '"c": "${service.db.out}",',
        '"d": "${blueprint.self.variables.PW}",',
        '"e": "${blueprint.self.variables.NONE}",',
        '"f": "${blueprint.self.secrets.PW}",',
        '"g": "${blueprint.self.variables.EMPTY}",',
        '"h": "${blueprint.self.artifacts.NONE}",',
        '"i": "${service.api.out.attributes.x}",',
        '"j": "${service.db.attributes.x}" } }',
      ].join('\n'),
    },
    { overrides: [override({ spec: { k: '${service.nowhere.out.attributes.x}' } })] },
  )
  deepEqual(
    findings.map(({ category, line, path }) => [category, line, path]),
    [
      ['non_existent_reference', 2, 'spec.a'],
      ['disabled_reference', 3, 'spec.b[1]'],
      ['invalid_reference', 4, 'spec.c'],
      ['invalid_reference', 5, 'spec.d'],
      ['non_existent_reference', 6, 'spec.e'],
      ['input_validation', 7, 'spec.f'],
      ['input_validation', 8, 'spec.g'],
      ['non_existent_reference', 9, 'spec.h'],
      ['invalid_reference', 11, 'spec.j'],
      ['non_existent_reference', null, 'spec.k'],
      ['invalid_reference', 10, 'spec.i'],
    ],
  )
  equal(findings.find(({ path }) => path === 'spec.j')?.severity, 'warning')
  match(findings.find(({ path }) => path === 'spec.k')!.message, /override/)
  equal(
    findings.every(({ file, item_key }) => file === api && item_key === 'service/api'),
    true,
  )
  deepEqual(resources, [])
})

test('what is provided from elsewhere is no item, and its outputs are put in where they are asked for', async () => {
  const out = { attributes: { host: 'h', port: 5, pw: '${blueprint.self.secrets.PW}' }, interfaces: {} }
  const { resources, findings, provided } = await effectiveOf(
    {
      'postgres/instances/main.json': { kind: 'postgres', provided: true, out },
      [api]: service({
        spec: {
          url: 'pg://${postgres.main.out.attributes.host}:${postgres.main.out.attributes.port}',
          port: '${postgres.main.out.attributes.port}',
          pw: '${postgres.main.out.attributes.pw}',
        },
        inputs: { database: { resource_type: 'postgres', resource_name: 'main' } },
      }),
    },
    {
      modules: moduleFiles('s', ['service', 'k8s', '0.1'], 'inputs: { database: { type: "@a/pg" } }'),
      variables: [{ name: 'PW', value: null, secret: true, version: 2 }],
    },
  )
  deepEqual(findings, [])
  deepEqual(provided, ['postgres/main'])
  const [one] = resources
  deepEqual(one?.content.instance.spec, { url: 'pg://h:5', port: 5, pw: '${blueprint.self.secrets.PW}' })
  deepEqual(one?.content.inputs.database?.provided, out)
  deepEqual(one?.content.secrets, { PW: 2 })
  const wrong = await effectiveOf({
    'postgres/instances/main.json': { provided: true, out },
    [api]: service({ spec: { a: '${postgres.main.out.attributes.nothing}' } }),
  })
  equal(wrong.findings[0]?.category, 'invalid_reference')
})

test('inputs and depends_on name resources that are there, and the module says which it needs', async () => {
  const modules = {
    ...moduleFiles(
      's',
      ['service', 'k8s', '0.1'],
      'inputs: { net: { type: "@a/net" }, more: { type: "@a/b", optional: true } }',
    ),
  }
  const files = {
    [db]: service({
      inputs: { net: { resource_type: 'service', resource_name: 'api' } },
      depends_on: ['service.api'],
    }),
  }
  const missing = await effectiveOf({ ...files, [api]: service() }, { modules })
  match(missing.findings[0]!.message, /needs the input net \(@a\/net\)/)
  deepEqual(missing.resources[0]?.content.depends_on, ['service/api'])
  const dangling = await effectiveOf(files, { modules })
  deepEqual(
    dangling.findings.map(({ path, category }) => [path, category]),
    [
      ['inputs.net', 'non_existent_reference'],
      ['depends_on[0]', 'non_existent_reference'],
    ],
  )
  const extra = await effectiveOf(
    {
      [api]: service({ inputs: { net: 'x', other: { resource_type: 'service', resource_name: 'db' } } }),
      [db]: service({ disabled: true }),
    },
    { modules },
  )
  deepEqual(
    extra.findings.map(({ path }) => path),
    ['inputs.net', 'inputs.other'],
  )
})

test('resources that need each other are told with the way round', async () => {
  const of = (name: string) => service({ spec: { a: `\${service.${name}.out.attributes.x}` } })
  const { findings, resources } = await effectiveOf({
    'service/instances/a.json': of('b'),
    'service/instances/b.json': service({ depends_on: ['service.c'] }),
    'service/instances/c.json': of('a'),
    'service/instances/d.json': of('a'),
  })
  equal(findings.length, 3)
  equal(findings[0]?.category, 'cycle')
  match(findings[0]!.message, /service\/a -> service\/b -> service\/c -> service\/a/)
  deepEqual(
    resources.map(({ key }) => key),
    ['service/d'],
  )
})
