import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { earliest, evaluateGates, type GateFacts, type Shut } from '#domain/gates.ts'
import { holds } from './holds.ts'

const now = new Date('2026-11-21T09:00:00Z')
const later = new Date('2026-11-21T10:00:00.500Z')
const open: GateFacts = { now, due_at: null, release: { name: 'Spring', lock: null, locked_by: null } }
const userLocked = { name: 'Spring', lock: 'user' as const, locked_by: 'Ada' }

const time = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
const facts = fc.record<GateFacts>({
  now: time,
  due_at: fc.option(time),
  release: fc.record({
    name: fc.string(),
    lock: fc.constantFrom(null, 'user', 'deployment'),
    locked_by: fc.option(fc.string()),
  }),
})

test('every shut gate is listed, the schedule before the lock', (t: TestContext) => {
  holds(
    fc.property(facts, (given) => {
      const expected: string[] = []
      if (given.due_at && given.due_at > given.now) expected.push('schedule')
      if (given.release.lock === 'user') expected.push('lock')
      t.assert.deepStrictEqual(
        evaluateGates(given).map(({ code }) => code),
        expected,
      )
    }),
  )
})

test('each shut gate says why and who can open it', () => {
  holds(
    fc.property(facts, (given) =>
      evaluateGates(given).every(({ detail, who }) => /^[A-Z][\s\S]*\.$/.test(detail) && who.length > 10),
    ),
  )
})

test("a user's lock is a gate, that of a deployment is not", (t: TestContext) => {
  t.assert.deepStrictEqual(evaluateGates(open), [])
  t.assert.deepStrictEqual(evaluateGates({ ...open, release: { ...userLocked, lock: 'deployment' } }), [])
  t.assert.deepStrictEqual(evaluateGates({ ...open, release: userLocked }), [
    {
      code: 'lock',
      detail: 'Release Spring was locked by Ada.',
      who: 'an approver or an admin can unlock the release',
      opens_at: null,
    },
  ])
})

test('a schedule says when it opens, and opens at that moment', (t: TestContext) => {
  const [shut] = evaluateGates({ ...open, due_at: later })
  t.assert.strictEqual(shut?.code, 'schedule')
  t.assert.strictEqual(shut.opens_at, '2026-11-21T10:00:00.500Z')
  t.assert.match(shut.detail, /2026-11-21T10:00:00\.500Z/)
  t.assert.deepStrictEqual(evaluateGates({ ...open, now: later, due_at: later }), [])
  t.assert.strictEqual(
    evaluateGates({ ...open, now: new Date(later.getTime() - 1), due_at: later }).length,
    1,
  )
})

test('all can be open when the last of them is, unless one opens by hand only', () => {
  const shut = fc
    .option(time)
    .map((at): Shut => ({ code: 'freeze', detail: '', who: '', opens_at: at?.toISOString() ?? null }))
  holds(
    fc.property(fc.array(shut, { minLength: 1 }), (blockers) => {
      const times = blockers.map(({ opens_at }) => opens_at)
      const expected = times.includes(null)
        ? null
        : new Date(Math.max(...times.map((at) => Date.parse(at ?? '')))).toISOString()
      return earliest(blockers) === expected
    }),
  )
})

test('with a schedule and a lock, no time can be told', (t: TestContext) => {
  t.assert.strictEqual(earliest(evaluateGates({ ...open, due_at: later, release: userLocked })), null)
  t.assert.strictEqual(earliest(evaluateGates({ ...open, due_at: later })), later.toISOString())
  t.assert.strictEqual(earliest([]), null)
})

test('what lacks a pick of what is live is kept back, a rollback is not', (t: TestContext) => {
  const fix = { pull_request: 3, title: 'Fix the till', commit: 'c'.repeat(40) }
  const bare = { pull_request: null, title: '', commit: 'd'.repeat(40) }
  const picks = { live: '1.2.0-rc2', missing: 3, some: [fix, bare] }
  const lacking: GateFacts = { ...open, environment: 'production', picks }
  t.assert.deepStrictEqual(evaluateGates(lacking), [
    {
      code: 'pick',
      detail:
        'It lacks what was picked and is live in production with 1.2.0-rc2: PR #3 “Fix the till”, commit dddddddddd and 1 more.',
      who: 'picking that into this release too opens it; an approver or an admin can override it with a reason',
      opens_at: null,
    },
  ])
  t.assert.deepStrictEqual(evaluateGates({ ...lacking, rolls_back: true }), [])
  t.assert.deepStrictEqual(evaluateGates({ ...lacking, overridden: ['pick'] }), [])
  t.assert.deepStrictEqual(evaluateGates({ ...lacking, picks: { ...picks, missing: 0, some: [] } }), [])
})

test('what is not proven in the parent is said item by item, or of a blueprint as a whole', (t: TestContext) => {
  const detail = (parent: GateFacts['parent']) =>
    evaluateGates({ ...open, ...(parent && { parent }) }).map((shut) => shut.detail)
  const lacking = { name: 'staging', missing: 2, of: 3, some: ['api'] }
  t.assert.deepStrictEqual(detail(lacking), [
    'It has not been proven in staging: 2 of 3 items are not live there as they are here (“api” and 1 more).',
  ])
  t.assert.deepStrictEqual(detail({ ...lacking, source: 'failed' }), [
    'It has not been proven in staging: the newest release there from this blueprint and these modules did not succeed.',
  ])
  // A blueprint without any resource.
  t.assert.strictEqual(detail({ ...lacking, missing: 0, of: 0, some: [], source: 'never' }).length, 1)
  t.assert.deepStrictEqual(detail({ ...lacking, missing: 0, some: [] }), [])
})
