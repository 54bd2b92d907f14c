import { deepEqual, equal, match, notEqual } from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '#domain/json.ts'
import { effectiveOf, moduleFiles, service, serviceModule } from './small-tree.ts'

const api = 'service/instances/api.json'
const db = 'service/instances/db.json'
const override = (changes: JsonObject | null, disabled: boolean | null = null) => ({
  resource_type: 'service',
  resource_name: 'api',
  changes,
  disabled,
})

test('an override is merged member by member, and lists are taken whole', async () => {
  const { resources, findings } = await effectiveOf(
    { [api]: service({ spec: { a: { x: 1, y: [1, 2] }, b: 'kept' } }) },
    { overrides: [override({ spec: { a: { y: [3], z: null } } })] },
  )
  deepEqual(findings, [])
  deepEqual(resources[0]?.content.instance.spec, { a: { x: 1, y: [3], z: null }, b: 'kept' })
})

test('a resource is disabled by its file or by the override, which has the last word', async () => {
  const files = { [api]: service(), [db]: service({ disabled: true }) }
  const none = await effectiveOf(files)
  deepEqual(
    none.resources.map(({ key }) => key),
    ['service/api'],
  )
  deepEqual(none.disabled, [{ key: 'service/db', by: 'blueprint' }])
  const off = await effectiveOf(files, { overrides: [override(null, true)] })
  deepEqual(off.disabled[0], { key: 'service/api', by: 'override' })
  const on = await effectiveOf(files, { overrides: [{ ...override(null, false), resource_name: 'db' }] })
  equal(on.resources.length, 2)
  const merged = await effectiveOf(files, { overrides: [override({ disabled: true })] })
  equal(merged.disabled.length, 2)
})

test('an override of what the blueprint does not have is said, and keeps nothing back', async () => {
  const of = (resource_name: string, ...said: Parameters<typeof override>) => ({
    ...override(...said),
    resource_name,
  })
  const overrides = [of('typo', { spec: {} }), of('gone', null, true), of('nothing', null)]
  const { resources, findings } = await effectiveOf({ [api]: service() }, { overrides })
  equal(resources.length, 1)
  deepEqual(
    findings.map(({ severity, category, file, item_key }) => [severity, category, file, item_key]),
    ['typo', 'gone'].map((name) => ['warning', 'override_syntax', '', `service/${name}`]),
  )
  match(findings[0]!.message, /override of service\/typo does nothing: the blueprint has no such resource$/)
})

test('variables and artifacts are put in, secrets stay references with their version', async () => {
  const { resources, findings } = await effectiveOf(
    {
      'stack.json': {
        clusterVariablesMeta: { REGION: { value: 'eu' }, N: { value: 3 }, PW: { secret: true } },
      },
      [api]: service({
        spec: {
          region: '${blueprint.self.variables.REGION}',
          url: 'https://${blueprint.self.variables.HOST}:${blueprint.self.variables.N}/${HOME}',
          password: 'x-${blueprint.self.secrets.PW}',
          image: '${blueprint.self.artifacts.other}',
        },
      }),
    },
    {
      variables: [
        { name: 'HOST', value: 'example.com', secret: false, version: 1 },
        { name: 'PW', value: null, secret: true, version: 7 },
      ],
      artifacts: new Map([['other', 'r/other:1']]),
    },
  )
  deepEqual(findings, [])
  deepEqual(resources[0]?.content.instance.spec, {
    region: 'eu',
    url: 'https://example.com:3/${HOME}',
    password: 'x-${blueprint.self.secrets.PW}',
    image: 'r/other:1',
  })
  deepEqual(resources[0]?.content.secrets, { PW: 7 })
})

test('what a value says is no reference, whatever it looks like', async () => {
  const { resources } = await effectiveOf(
    { [api]: service({ spec: { a: '${blueprint.self.variables.V}' } }) },
    { variables: [{ name: 'V', value: '${blueprint.self.secrets.PW}', secret: false, version: 1 }] },
  )
  deepEqual(resources[0]?.content.instance.spec, { a: '$${blueprint.self.secrets.PW}' })
  const seam = await effectiveOf(
    { [api]: service({ spec: { a: '${blueprint.self.variables.V}{blueprint.self.secrets.PW}' } }) },
    { variables: [{ name: 'V', value: '$', secret: false, version: 1 }] },
  )
  match(seam.findings[0]!.message, /ends in \$/)
  deepEqual(seam.resources, [])
})

test('the artifact of an application goes where its module wants it, unless something else was said there', async () => {
  const modules = moduleFiles(
    's',
    ['service', 'k8s', '0.1'],
    'artifact_inputs: { primary: { attribute_path: spec.release.image } }',
  )
  const artifacts = new Map([
    ['api', 'r/api:1'],
    ['built', 'r/built:1'],
    ['other', 'r/other:1'],
  ])
  const image = async (release: JsonObject | undefined, overrides = [] as ReturnType<typeof override>[]) => {
    const files = { [api]: service({ spec: release ? { release } : {} }) }
    const { resources, findings } = await effectiveOf(files, { modules, artifacts, overrides })
    deepEqual(findings, [])
    return ((resources[0]!.content.instance.spec as JsonObject).release as JsonObject).image
  }
  equal(await image(undefined), 'r/api:1')
  equal(await image({ build: { artifactory: 'default', name: 'built' } }), 'r/built:1')
  equal(await image({ image: 'r/old:0' }), 'r/api:1')
  equal(await image({ image: '${blueprint.self.artifacts.other}' }), 'r/other:1')
  equal(await image({}, [override({ spec: { release: { image: 'r/pinned:9' } } })]), 'r/pinned:9')
  const none = await effectiveOf({ [api]: service() }, { modules })
  deepEqual([none.findings[0]?.severity, none.resources.length], ['warning', 1])
})

test('where there is no module, it is said which there are', async () => {
  const modules = {
    ...serviceModule,
    ...moduleFiles('b', ['service', 'ecs', '1.0']),
    ...moduleFiles('broken', ['redis', 'x', '1']),
    'broken/a.tf': '}',
    'unread/facets.yaml': 'intent: [mysql',
  }
  const said = async (resource: JsonObject) =>
    (await effectiveOf({ [api]: resource }, { modules })).findings.at(-1)?.message ?? ''
  match(
    await said({ kind: 'service', flavor: 'k8s', version: '9' }),
    /no module service k8s 9: of service there are ecs 1.0, k8s 0.1/,
  )
  match(await said({ kind: 'service' }), /does not say which module it wants: of service there are/)
  match(
    await said({ kind: 'mysql', flavor: 'x', version: '1' }),
    /no module of mysql: there are modules of service\. It may be one that could not be read: unread\/facets\.yaml:1: it is no YAML/,
  )
  match(await said({ kind: 'redis', flavor: 'x', version: '1' }), /cannot be used: broken\/a.tf:1/)
  equal(await said({ kind: 'service', flavor: 'ecs' }), '')
  const legacy = await effectiveOf(
    { [api]: { kind: 'acme.modules.common.service', flavor: 'k8s', apiVersion: '0.1' } },
    { modules },
  )
  equal(legacy.resources[0]?.content.module_version, '0.1')
})

test('the spec is checked by the schema of the module, where nothing is left open', async () => {
  const modules = moduleFiles(
    's',
    ['service', 'k8s', '0.1'],
    [
      'name_length_limit: 5',
      'spec:',
      '  type: object',
      '  x-ui-order: [size]',
      '  properties:',
      '    size: { type: string, enum: [small, large], x-ui-hint: a }',
      '    replicas: { type: integer }',
    ].join('\n'),
  )
  const { findings, resources } = await effectiveOf(
    {
      [api]: service({ spec: { size: 'huge', replicas: 'two' } }),
      'service/instances/much-too-long.json': service(),
      [db]: service({ spec: { replicas: '${service.api.out.attributes.n}' } }),
    },
    { modules },
  )
  deepEqual(
    findings.map(({ category, severity, path, item_key }) => [category, severity, path, item_key]),
    [
      ['schema_compliance', 'warning', 'spec.size', 'service/api'],
      ['schema_compliance', 'warning', 'spec.replicas', 'service/api'],
      ['input_validation', 'error', null, 'service/much-too-long'],
    ],
  )
  equal(resources.length, 2)
})

test('the version of a resource changes with what it is made of, and with nothing else', async () => {
  const version = async (resource: JsonObject | string, more: Parameters<typeof effectiveOf>[1] = {}) =>
    (
      await effectiveOf(
        { 'stack.json': { clusterVariablesMeta: { S: { secret: true } } }, [api]: resource },
        { variables: [{ name: 'S', value: null, secret: true, version: 1 }], ...more },
      )
    ).resources[0]!.version
  const spec = { a: 1, b: { c: 'x', d: '${blueprint.self.secrets.S}' } }
  const one = await version(service({ spec }))
  equal(
    await version(
      '{"version":"0.1","spec":{"b":{"d":"${blueprint.self.secrets.S}","c":"x"},"a":1},"flavor":"k8s","kind":"service"}',
    ),
    one,
  )
  equal(await version(service({ spec }), { overrides: [override({})] }), one)
  equal(
    await version(service({ spec: { ...spec, b: { ...spec.b, c: 'y' } } }), {
      overrides: [override({ spec: { b: { c: 'x' } } })],
    }),
    one,
  )
  equal(await version(service({ spec }), { artifacts: new Map([['api', 'r/api:1']]) }), one)
  for (const other of [
    await version(service({ spec: { ...spec, a: 2 } })),
    await version(service({ spec }), { environment: { name: 'staging' } }),
    await version(service({ spec }), { variables: [{ name: 'S', value: null, secret: true, version: 2 }] }),
    await version(service({ spec }), { modules: { ...serviceModule, 'service/k8s/0.1/x.txt': 'x' } }),
  ])
    notEqual(other, one)
})
