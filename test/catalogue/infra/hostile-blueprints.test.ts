import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mergeOverride } from '#catalogue/infra/merge-override.ts'
import { effectiveResources } from '#catalogue/infra/effective-resources.ts'
import { readBlueprint } from '#catalogue/infra/read-blueprint.ts'
import { readModules } from '#catalogue/infra/read-modules.ts'
import type { Json, JsonObject } from '#domain/json.ts'
import { service, serviceModule, smallTree } from './small-tree.ts'

const modules = await readModules(smallTree(serviceModule))
const names = fc.constantFrom(
  ...['spec', 'inputs', 'out', 'depends_on', 'provided', 'disabled', 'kind', 'flavor', 'version', 'metadata'],
  ...['attributes', 'interfaces', 'a', '__proto__', 'constructor', 'toString', 'x.y', ''],
)
const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 5 }),
  fc.constantFrom(
    ...[
      '${service.a.out.attributes.a}',
      '${service.b.out.interfaces}',
      '${service.b.out.attributes.a.a}x',
      '$',
    ],
    ...[
      '${blueprint.self.variables.V}',
      '-${blueprint.self.secrets.S}',
      '${blueprint.self.artifacts.A}{',
      '${',
    ],
    ...['service.a', '{blueprint.self.secrets.S}', '\0', '\ud800', 'true'],
  ),
)
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    words,
    fc.constantFrom(null, true, 0, -0, 1e300),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(names, tie('value')), { maxLength: 4 })
      .map((pairs) => asRead(Object.fromEntries(pairs))),
  ),
}))
const object = fc
  .array(fc.tuple(names, value), { maxLength: 5 })
  .map((pairs) => asRead(Object.fromEntries(pairs)))

/** With `__proto__` as a member, as JSON gives it. */
function asRead(pairs: { [key: string]: Json }): JsonObject {
  return JSON.parse(JSON.stringify(pairs)) as JsonObject
}

test('nothing that files, overrides or values say is more than a finding', () => {
  const input = fc.record({
    a: object,
    b: object,
    changes: object,
    v: words,
    uri: words,
    environment: object,
  })
  fc.assert(
    fc.property(input, ({ a, b, changes, v, uri, environment }) => {
      const blueprint = readBlueprint(
        smallTree({
          'stack.json': { clusterVariablesMeta: { S: { secret: true } } },
          'service/instances/a.json': { ...service(), ...a },
          'service/instances/b.json': { ...service(), ...b },
        }),
      )
      const found = effectiveResources({
        blueprint,
        modules,
        environment,
        overrides: [{ resource_type: 'service', resource_name: 'a', changes, disabled: null }],
        variables: [
          { name: 'V', value: v, secret: false, version: 1 },
          { name: 'S', value: null, secret: true, version: 1 },
        ],
        artifacts: new Map([['A', uri]]),
      })
      for (const { message, path } of found.findings) equal(`${message}${path}`.isWellFormed(), true)
      for (const { version, content } of found.resources) {
        equal(/^sha256:[0-9a-f]{64}$/.test(version), true)
        equal(Object.getPrototypeOf(content.instance), Object.prototype)
      }
      equal(({} as { polluted?: unknown }).polluted, undefined)
    }),
    { numRuns: 300 },
  )
})

test('merging twice is merging once, merging nothing changes nothing, and neither side is touched', () => {
  fc.assert(
    fc.property(object, object, (one, two) => {
      const before = JSON.stringify([one, two])
      const merged = JSON.stringify(mergeOverride(one, two))
      equal(JSON.stringify(mergeOverride(mergeOverride(one, two), two)), merged)
      equal(JSON.stringify(mergeOverride(one, {})), JSON.stringify(one))
      equal(JSON.stringify([one, two]), before)
    }),
  )
})

test('values that would make a resource too large are not put in', () => {
  const many = Array.from({ length: 1000 }, () => 'x${blueprint.self.variables.V}')
  const blueprint = readBlueprint(
    smallTree({ 'stack.json': {}, 'service/instances/a.json': service({ spec: { many } }) }),
  )
  const variables = [{ name: 'V', value: 'v'.repeat(100_000), secret: false, version: 1 }]
  const { findings } = effectiveResources({
    ...{ blueprint, modules, variables, environment: {}, overrides: [], artifacts: new Map() },
  })
  equal(findings[0]?.message, 'with the values that are put in it becomes too large')
})
