import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { approversOf, cannotApprove, type Voice } from '#domain/approval.ts'
import { thawsAt, type Freeze } from '#domain/freeze.ts'
import { evaluateGates, gateCodes, judgeGates, opensAt, type GateFacts } from '#domain/gates.ts'
import { causeOf, renameHold, type Cause } from '#domain/hold.ts'
import { holds } from './holds.ts'

const moment = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
const freeze = fc.record<Freeze>({
  id: fc.constant('f'),
  name: fc.constantFrom('weekend', 'night'),
  reason: fc.option(fc.constantFrom('fire', 'The shop is down.')),
  set_by: fc.option(fc.constant('Ada')),
  created_at: moment,
  expires_at: fc.option(moment),
  rule: fc.option(
    fc.record({
      rrule: fc.constantFrom(
        'FREQ=DAILY',
        'FREQ=WEEKLY;BYDAY=FR',
        'FREQ=MONTHLY;BYMONTHDAY=-1',
        'FREQ=DAILY;COUNT=9',
      ),
      start: fc.constantFrom('00:00', '02:30', '17:00'),
      duration_minutes: fc.constantFrom(30, 600, 1440, 3780),
      time_zone: fc.constantFrom('Europe/Paris', 'America/New_York', 'UTC'),
      starts_on: fc.constant('2026-01-01'),
    }),
  ),
})
const cause = fc.constantFrom<Cause>('person', 'schedule', 'agent', 'automation')
const hold = fc.record({
  ...{
    id: fc.constant('h'),
    reason: fc.option(fc.constant('broken')),
    set_by: fc.option(fc.constant('Ada')),
  },
  ...{ created_at: moment, names_it: fc.boolean() },
})
const facts = fc.record<GateFacts>({
  now: moment,
  due_at: fc.option(moment),
  release: fc.record({
    ...{ name: fc.constant('Spring'), locked_by: fc.constant(null) },
    lock: fc.constantFrom(null, 'user', 'deployment'),
  }),
  environment: fc.constant('production'),
  cause,
  rolls_back: fc.boolean(),
  freezes: fc.array(freeze, { maxLength: 4 }),
  hold: fc.option(hold),
  parent: fc.option(
    fc.constantFrom(
      { name: 'staging', missing: 0, of: 0, some: [] },
      { name: 'staging', missing: 5, of: 9, some: ['One', 'Two'] },
      'gone' as const,
    ),
  ),
  approval: fc.option(fc.record({ needed: fc.nat(3), given: fc.nat(3), expires_at: fc.option(moment) })),
  ahead: fc.nat(2),
  overridden: fc.subarray([...gateCodes]),
})

test('the earliest time is one at which every gate is really open, and none is open before', () => {
  holds(
    fc.property(facts, (given) => {
      const opens = opensAt(given)
      if (opens === null) return evaluateGates(given).length > 0
      const then = new Date(opens)
      const justBefore = new Date(then.getTime() - 1)
      return (
        then >= given.now &&
        evaluateGates({ ...given, now: then }).length === 0 &&
        (then.getTime() === given.now.getTime() || evaluateGates({ ...given, now: justBefore }).length > 0)
      )
    }),
  )
})

test('no time is told where somebody’s hand is needed', () => {
  holds(
    fc.property(facts, (given) => {
      const byHand = evaluateGates(given).some(({ code }) => code !== 'schedule' && code !== 'freeze')
      return !byHand || opensAt(given) === null
    }),
  )
})

test('every gate is told, the shut ones with a reason code, a sentence and who can open it', () => {
  holds(
    fc.property(facts, (given) => {
      const all = judgeGates(given)
      return (
        all.map(({ code }) => code).join() === gateCodes.join() &&
        all.every(({ open, detail, who }) => /^[A-Z0-9].*\.$/.test(detail) && (open || who.length > 10))
      )
    }),
  )
})

test('a rollback always passes the hold; automation and what it names do not, a person’s other wishes do', () => {
  holds(
    fc.property(facts, (given) => {
      const shut = evaluateGates(given).some(({ code }) => code === 'hold')
      const stopped = given.hold && !given.rolls_back && (given.hold.names_it || given.cause !== 'person')
      return shut === (Boolean(stopped) && !given.overridden!.includes('hold'))
    }),
  )
})

test('several freezes are one gate, which opens when all of them have', () => {
  holds(
    fc.property(facts, (given) => {
      const shut = evaluateGates({ ...given, overridden: [] }).find(({ code }) => code === 'freeze')
      const thaw = thawsAt(given.freezes!, given.now)
      return shut === undefined
        ? thaw?.getTime() === given.now.getTime()
        : shut.opens_at === (thaw?.toISOString() ?? null)
    }),
  )
})

const voice = fc.record<Voice>({
  user_id: fc.constantFrom('ada', 'bob', 'eve', 'author'),
  plan_digest: fc.constantFrom('one', 'two'),
  verdict: fc.constantFrom('approved', 'rejected'),
})

test('approvers are distinct people who approved this very plan, and never its author', () => {
  holds(
    fc.property(fc.array(voice), (voices) => {
      const counted = approversOf(voices, { plan_digest: 'one', author: 'author' })
      const said = (user_id: string) =>
        voices.some(
          (one) => one.user_id === user_id && one.plan_digest === 'one' && one.verdict === 'approved',
        )
      return (
        new Set(counted).size === counted.length &&
        counted.every((user) => user !== 'author' && said(user)) &&
        ['ada', 'bob', 'eve'].every((user) => counted.includes(user) === said(user))
      )
    }),
  )
})

test('a plan that is none has no approvers', (t: TestContext) => {
  const voices: Voice[] = [{ user_id: 'ada', plan_digest: 'one', verdict: 'approved' }]
  t.assert.deepStrictEqual(approversOf(voices, { plan_digest: null, author: null }), [])
})

test('the author’s own token cannot approve either', (t: TestContext) => {
  const token = { kind: 'service' as const, user_id: 'ada', name: 'ci' }
  t.assert.match(cannotApprove(token, 'ada') ?? '', /somebody else/)
  t.assert.strictEqual(cannotApprove(token, 'bob'), undefined)
  t.assert.match(cannotApprove({ ...token, kind: 'agent' }, 'bob') ?? '', /agents never approve/)
  t.assert.match(cannotApprove({ ...token, user_id: null }, 'bob') ?? '', /belongs to nobody/)
  t.assert.ok(cannotApprove(null, 'bob'))
})

test('a rollback of a rollback lets the first revision in again and names the rollback instead', (t: TestContext) => {
  const first = renameHold([], ['r1'])
  t.assert.deepStrictEqual(first, ['r1'])
  const second = renameHold(first, ['back', 'r1'])
  t.assert.deepStrictEqual(second, ['back'])
  const third = renameHold(second, ['back again', 'back', 'r1'])
  t.assert.deepStrictEqual(third, ['back again', 'r1'])
  t.assert.deepStrictEqual(
    renameHold(['r0'], ['r1']),
    ['r0', 'r1'],
    'what was rolled back before stays named',
  )
})

test('what a rollback rolls back is always named after it, and nothing is named twice', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd')
  holds(
    fc.property(fc.uniqueArray(id), fc.array(id, { minLength: 1 }), (named, chain) => {
      const after = renameHold(named, chain)
      return after.includes(chain[0]!) && new Set(after).size === after.length
    }),
  )
})

test('whoever wants a deployment is a person, a schedule, an agent or automation', (t: TestContext) => {
  const person = { kind: 'user' as const }
  t.assert.strictEqual(causeOf({ principal: person, scheduled: false }), 'person')
  t.assert.strictEqual(causeOf({ principal: { kind: 'service' }, scheduled: true }), 'schedule')
  t.assert.strictEqual(causeOf({ principal: { kind: 'agent' }, scheduled: true }), 'agent')
  t.assert.strictEqual(causeOf({ principal: null, scheduled: false }), 'automation')
})
