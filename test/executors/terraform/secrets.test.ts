import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import type { JsonObject } from '#domain/json.ts'
import { terraformOrSkip } from '../../terraform-or-skip.ts'
import { moduleOf } from './bench-modules.ts'
import { made, openSmallBench, rememberedOf, type Resource } from './small-bench.ts'

const secret = 'correct horse "battery" staple'
const secrets = { DB_PASSWORD: secret, 'odd name "${x}"': 'other-secret', SHORT: 'abc' }

/** Makes a password of its own, which only it marks as sensitive, and says it where nobody should. */
const talker = moduleOf(
  `
resource "terraform_data" "this" {
  input = { plain = var.instance.spec.password, own = sensitive("generated-\${var.instance_name}") }
  provisioner "local-exec" {
    command = "echo \\"it is $PASSWORD, and generated-t\\""
    environment = { PASSWORD = nonsensitive(var.instance.spec.password) }
  }
}
locals {
  output_attributes = { password = var.instance.spec.password }
}`,
  { intent: 'talker' },
)

test('a secret reaches its resource, and nobody else: no log, no plan, no message', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t, { modules: { talker }, secrets })
  const spec = {
    password: '${blueprint.self.secrets.DB_PASSWORD}',
    url: 'db://${blueprint.self.secrets.DB_PASSWORD}@x',
  }
  const resources: Resource[] = [
    { key: 'talker/t', spec },
    { key: 'thing/taker', spec: { of: '${talker.t.out.attributes.password}' } },
    { key: 'file/f', spec: { path: 'f', content_secret: '${blueprint.self.secrets.DB_PASSWORD}' } },
  ]
  const first = made(await bench.plan(resources))
  t.assert.equal((await bench.apply(first)).state, 'succeeded')
  t.assert.match(JSON.stringify(bench.state.state), /correct horse/, 'it got there')
  // By now Terraform has lost the mark of some of it, and would say it aloud.
  const more = { ...resources[0]!, spec: { ...spec, password: 'x${blueprint.self.secrets.DB_PASSWORD}' } }
  const second = made(await bench.plan([more, ...resources.slice(1)], { allow_destroy: true }))
  const broken: Resource = {
    key: 'task/bad',
    spec: { command: 'echo ${blueprint.self.secrets.DB_PASSWORD}; exit 1' },
  }
  const third = made(await bench.plan([...resources, broken]))
  const ending = await bench.apply(third)
  t.assert.equal(ending.state, 'failed')
  const kept = [first, second, third].map(({ made: { kept, changes } }) => [kept, changes])
  const said = JSON.stringify([bench.log, first.made, second.made, third.made, ending, kept])
  t.assert.deepEqual(said.match(/.{0,60}(?:correct horse|battery|staple|generated-t).{0,30}/g), null)
  t.assert.doesNotMatch(said, /password-d\d-1/)
  t.assert.match(bench.log.join('\n'), /it is •••, and •••/)
  const [change] =
    second.made.effects[0]?.attributes.filter(({ attribute }) => attribute === 'input.plain') ?? []
  t.assert.deepEqual(change, { attribute: 'input.plain', before: null, after: null, sensitive: true })
})

test('a secret without a value is missed before Terraform is asked', async (t: TestContext) => {
  const bench = await openSmallBench(t, { secrets: {} })
  const { made: plan } = await bench.plan([
    { key: 'thing/a', spec: { x: '${blueprint.self.secrets.toString}' } },
  ])
  t.assert.deepEqual(plan, {
    ...{ state: 'failed', code: 'root_invalid' },
    detail: 'The secret toString has no value in this environment.',
  })
})

/** Texts that would be something else to Terraform. */
const odd = fc.oneof(
  fc.constantFrom(
    '${file("/etc/passwd")}',
    '%{ for x in y }%{ endfor }',
    ...[
      '$${',
      '%%{',
      '$',
      '%',
      '$%{',
      '%$${a}',
      '$$$${b}',
      '\r',
      '\r\n',
      '\n',
      '"',
      '\\',
      '\\u0024{x}',
      '~}',
      '//',
    ],
    ...[
      '${',
      '%{',
      '}',
      '<<EOF\nx\nEOF\n',
      'é',
      '😀',
      '\u2028',
      '\u007f',
      '\u0001',
      '${self}',
      '${each.key}',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 10 }),
)
// Terraform itself brings all text into the normal form C.
const text = fc.array(odd, { maxLength: 5 }).map((parts) => parts.join('').normalize('NFC').toWellFormed())
// With one `$` more a reference is text: a rule of the blueprint, not of Terraform.
const before = text.map((each) => each.replace(/\$+$/, ''))
const key = fc.oneof(
  text,
  fc.constantFrom(
    'count',
    'for_each',
    'provisioner',
    'lifecycle',
    'dynamic',
    'source',
    'providers',
    '__proto__',
    '//',
    '',
  ),
)
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3 }),
  ),
})).value

test('whatever stands in a blueprint arrives as it stands there', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t, { secrets })
  const says = 'thing.a.out.attributes.said'
  const law = fc.asyncProperty(
    fc.array(fc.record({ spec: fc.dictionary(key, value, { maxKeys: 4 }), before, after: text }), {
      ...{ minLength: 20, maxLength: 40 },
    }),
    async (samples) => {
      const resources = samples.map(({ spec, before, after }, at): Resource => {
        const mixed = {
          one: `${before}\${${says}}${after}`,
          two: `\${${says}}${before}\${blueprint.self.secrets.SHORT}\${${says}}`,
        }
        const plain = Object.fromEntries(Object.entries(spec)) as JsonObject
        return { key: `thing/t${at}`, spec: { plain, mixed }, environment: { name: before, plain } }
      })
      await bench.release([{ key: 'thing/a', spec: { says: 'A' } }, ...resources], { allow_destroy: true })
      for (const [at, { spec, before, after }] of samples.entries()) {
        const [{ input } = {}] = rememberedOf(bench.state.state, `thing__t${at}`)
        t.assert.deepEqual(input?.value.spec.plain, spec)
        t.assert.deepEqual(input?.value.environment, { name: before, plain: spec })
        const mixed = { one: `${before}A${after}`, two: `A${before}abcA` }
        const composed = Object.entries(mixed).map(([name, each]) => [name, each.normalize('NFC')])
        t.assert.deepEqual(input?.value.spec.mixed, Object.fromEntries(composed))
      }
    },
  )
  await fc.assert(law, { numRuns: 2, endOnFailure: true })
})
