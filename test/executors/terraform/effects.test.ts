import { test, type TestContext } from 'node:test'
import { attributeChanges } from '#executors/terraform/attribute-changes.ts'
import { describeDiagnostic, linesOf, readMessage } from '#executors/terraform/message.ts'
import { readEffects } from '#executors/terraform/read-effects.ts'
import type { ShownPlan, ValueChange } from '#executors/terraform/shown-plan.ts'

const as = (text: string) => text.replaceAll('hush', '•••')
const changes = (change: Partial<ValueChange>) =>
  attributeChanges({ actions: ['update'], before: null, after: null, ...change }, as)

test('what differs is named as deep as both sides have a shape in common', (t: TestContext) => {
  const before = {
    same: 1,
    spec: { ports: [{ port: 80 }, { port: 81 }], tags: { 'a.b': 'x', old: 'y' } },
    shape: [1],
  }
  const after = { same: 1, spec: { ports: [{ port: 8080 }], tags: { 'a.b': 'z' } }, shape: { one: 1 } }
  t.assert.deepEqual(changes({ before, after }), [
    { attribute: 'shape', before: [1], after: { one: 1 } },
    { attribute: 'spec.ports[0].port', before: 80, after: 8080 },
    { attribute: 'spec.ports[1].port', before: 81, after: null },
    { attribute: 'spec.tags["a.b"]', before: 'x', after: 'z' },
    { attribute: 'spec.tags.old', before: 'y', after: null },
  ])
  t.assert.deepEqual(changes({ before: { a: [], b: {} }, after: { a: null, b: {} } }), [
    { attribute: 'a', before: [], after: null },
  ])
})

test('what is secret is named and not said, also where only one side, or a part of it, is marked', (t: TestContext) => {
  const found = changes({
    before: { whole: { a: 1 }, part: ['x', 'y'], fresh: 'was', text: 'say hush', hush: 1 },
    after: { whole: { a: 2 }, part: ['x', 'z'], fresh: 'is', text: 'hush!', hush: 2 },
    before_sensitive: { whole: true, part: [false, true] },
    after_sensitive: { fresh: true },
  })
  t.assert.deepEqual(found, [
    { attribute: 'fresh', before: null, after: null, sensitive: true },
    { attribute: '•••', before: 1, after: 2 },
    { attribute: 'part[1]', before: null, after: null, sensitive: true },
    { attribute: 'text', before: 'say •••', after: '•••!' },
    { attribute: 'whole', before: null, after: null, sensitive: true },
  ])
})

test('what is known only later is said to be so', (t: TestContext) => {
  const found = changes({
    before: { id: 'i', tags: { a: 1 } },
    after: { tags: { a: 1 } },
    after_unknown: { id: true, tags: { b: true }, list: [true], token: true },
    after_sensitive: { token: true },
  })
  t.assert.deepEqual(found, [
    { attribute: 'id', before: 'i', after: null, unknown: true },
    { attribute: 'list[0]', before: null, after: null, unknown: true },
    { attribute: 'tags.b', before: null, after: null, unknown: true },
    { attribute: 'token', before: null, after: null, sensitive: true, unknown: true },
  ])
})

test('texts are cut, and hold nothing that cannot be kept', (t: TestContext) => {
  const [change] = changes({ before: null, after: { text: `a\0${'x'.repeat(3000)}` } })
  t.assert.match(JSON.stringify(change?.after), /^"a\uFFFDx{1998} …"$/)
})

test('each thing belongs to the item whose module it is in, known or not', (t: TestContext) => {
  const change = (actions: string[]): ValueChange => ({ actions, before: { a: 1 }, after: { a: 2 } })
  const at = (address: string, actions: string[], more = {}) => ({
    ...{ address, mode: 'managed' as const, change: change(actions) },
    ...more,
  })
  const plan: ShownPlan = {
    resource_changes: [
      at('module.service__api.x.y', ['delete', 'create']),
      at('module.service__api.module.inner["a"].x.y', ['no-op']),
      at('module.odd__name__0123.x.y', ['create']),
      at('module.gone__one.x.y', ['delete']),
      at('module.strange.x.y', ['forget']),
      at('x.root', ['update'], { deposed: 'abc' }),
      at('module.moved__m.x.new', ['no-op'], { previous_address: 'module.moved__m.x.old' }),
      at('module.service__api.data.d.e', ['read'], { mode: 'data' }),
    ],
  }
  const keys = new Map([
    ['service__api', 'service/api'],
    ['odd__name__0123', 'odd/na me'],
  ])
  const found = readEffects(plan, { keys, redact: (text) => text })
  t.assert.deepEqual(
    found.map(({ effect: { item_key, address, action } }) => [item_key, address, action]),
    [
      ['service/api', 'module.service__api.x.y', 'replace'],
      ['odd/na me', 'module.odd__name__0123.x.y', 'create'],
      ['gone/one', 'module.gone__one.x.y', 'delete'],
      ['terraform/strange', 'module.strange.x.y', 'forget'],
      ['terraform/root', 'x.root (deposed abc)', 'update'],
      ['moved/m', 'module.moved__m.x.new', 'update'],
      ['service/api', 'module.service__api.data.d.e', 'read'],
    ],
  )
})

test('a message is one line or several, and what is none is none', (t: TestContext) => {
  const folders = new Map([['modules/0123456789abcdef', 'service/0.1']])
  const said = {
    '@message': 'Error: No',
    type: 'diagnostic',
    diagnostic: {
      ...{ severity: 'error', summary: 'No', detail: 'not\nso \u0000 nice' },
      range: { filename: 'modules/0123456789abcdef/main.tf', start: { line: 7 } },
    },
  }
  const message = readMessage(JSON.stringify(said), folders)
  t.assert.deepEqual(message && linesOf(message), [
    'Error: No (service/0.1/main.tf:7): not',
    'so \uFFFD nice',
  ])
  t.assert.equal(describeDiagnostic({ severity: 'warning', summary: 'Hm', detail: '' }), 'Warning: Hm')
  for (const line of ['', 'plain', '{', '[]', '{"@message": 1}', 'null'])
    t.assert.equal(readMessage(line, folders), undefined)
})
