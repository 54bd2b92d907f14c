import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { checkRule, inForceAt, readable, thawsAt, type Freeze } from '#domain/freeze.ts'
import type { FreezeRule } from '#domain/freeze-rule.ts'
import { spanAt, windowsBetween } from '#domain/freeze-window.ts'
import { holds } from './holds.ts'

const weekend: FreezeRule = {
  rrule: 'FREQ=WEEKLY;BYDAY=FR',
  start: '17:00',
  duration_minutes: 3780,
  time_zone: 'Europe/Paris',
  starts_on: '2026-01-01',
}
const daily = (start: string, duration_minutes: number, time_zone: string): FreezeRule => ({
  ...{ rrule: 'FREQ=DAILY', start, duration_minutes, time_zone, starts_on: '2026-01-01' },
})
const at = (iso: string) => new Date(iso)
const span = (rule: FreezeRule, iso: string) => {
  const found = spanAt(rule, Date.parse(iso))
  return found && [found.from, found.until].map((ms) => (ms === null ? null : new Date(ms).toISOString()))
}
const freeze = (more: Partial<Freeze>): Freeze => ({
  ...{ id: 'f', name: 'f', rule: null, reason: null, set_by: null },
  ...{ created_at: at('2026-01-01T00:00:00Z'), expires_at: null, ...more },
})

test('a window is frozen from its start on, its end not included', (t: TestContext) => {
  t.assert.deepStrictEqual(span(weekend, '2026-11-21T09:00:00Z'), [
    '2026-11-20T16:00:00.000Z',
    '2026-11-23T07:00:00.000Z',
  ])
  t.assert.ok(span(weekend, '2026-11-20T16:00:00.000Z'))
  t.assert.ok(span(weekend, '2026-11-23T06:59:59.999Z'))
  t.assert.strictEqual(span(weekend, '2026-11-20T15:59:59.999Z'), undefined)
  t.assert.strictEqual(span(weekend, '2026-11-23T07:00:00.000Z'), undefined)
})

test('a freeze across daylight saving keeps its local start and its elapsed length, both ways', (t: TestContext) => {
  // Spring: the clocks of Paris go from 02:00 to 03:00 on 29 March, those of New York on 8 March.
  t.assert.deepStrictEqual(span(weekend, '2026-03-28T12:00:00Z'), [
    '2026-03-27T16:00:00.000Z',
    '2026-03-30T07:00:00.000Z',
  ])
  // 63 hours later the clocks show 09:00, not 08:00: the hour that was skipped is not made up for.
  t.assert.strictEqual(readable(at('2026-03-30T07:00:00Z'), 'Europe/Paris'), '2026-03-30 09:00 Europe/Paris')
  // Autumn: 25 October there, 1 November in New York.
  t.assert.deepStrictEqual(span(weekend, '2026-10-24T12:00:00Z'), [
    '2026-10-23T15:00:00.000Z',
    '2026-10-26T06:00:00.000Z',
  ])
  const york = { ...weekend, time_zone: 'America/New_York' }
  t.assert.deepStrictEqual(span(york, '2026-03-07T12:00:00Z')?.[0], '2026-03-06T22:00:00.000Z')
  t.assert.deepStrictEqual(span(york, '2026-03-14T12:00:00Z')?.[0], '2026-03-13T21:00:00.000Z')
  t.assert.deepStrictEqual(span(york, '2026-10-31T12:00:00Z')?.[0], '2026-10-30T21:00:00.000Z')
  t.assert.deepStrictEqual(span(york, '2026-11-07T12:00:00Z')?.[0], '2026-11-06T22:00:00.000Z')
  // And one that knows no daylight saving.
  const tokyo = { ...weekend, time_zone: 'Asia/Tokyo' }
  for (const day of ['2026-03-28', '2026-10-24'])
    t.assert.match(span(tokyo, `${day}T00:00:00Z`)?.[0] ?? '', /T08:00:00\.000Z$/)
})

test('a local time that is skipped takes the offset before the gap, one that comes twice is the first', (t: TestContext) => {
  const paris = daily('02:30', 30, 'Europe/Paris')
  t.assert.deepStrictEqual(span(paris, '2026-03-29T01:30:00Z')?.[0], '2026-03-29T01:30:00.000Z')
  t.assert.deepStrictEqual(span(paris, '2026-10-25T00:30:00Z')?.[0], '2026-10-25T00:30:00.000Z')
  t.assert.strictEqual(span(paris, '2026-10-25T01:30:00Z'), undefined, 'not a second time')
  const york = daily('02:30', 30, 'America/New_York')
  t.assert.deepStrictEqual(span(york, '2026-03-08T07:30:00Z')?.[0], '2026-03-08T07:30:00.000Z')
})

test('windows that touch are one, and one that is always on says so', (t: TestContext) => {
  const days = { ...daily('00:00', 1440, 'UTC'), rrule: 'FREQ=WEEKLY;BYDAY=SA,SU' }
  t.assert.deepStrictEqual(span(days, '2026-11-22T12:00:00Z')?.[1], '2026-11-23T00:00:00.000Z')
  t.assert.deepStrictEqual(span(days, '2026-11-21T00:00:00Z')?.[1], '2026-11-23T00:00:00.000Z')
  const always = freeze({ rule: daily('00:00', 1440, 'UTC') })
  const [force] = inForceAt([always], at('2026-11-21T09:00:00Z'))
  t.assert.deepStrictEqual([force?.until, thawsAt([always], at('2026-11-21T09:00:00Z'))], [null, null])
})

test('a freeze that begins before another ends keeps it shut', (t: TestContext) => {
  const night = freeze({ rule: daily('22:00', 480, 'UTC') })
  const stop = freeze({ expires_at: at('2026-11-21T23:00:00Z'), reason: 'fire' })
  t.assert.deepStrictEqual(thawsAt([night, stop], at('2026-11-21T21:00:00Z')), at('2026-11-22T06:00:00Z'))
  t.assert.deepStrictEqual(thawsAt([stop], at('2026-11-21T21:00:00Z')), at('2026-11-21T23:00:00Z'))
  t.assert.strictEqual(thawsAt([freeze({ reason: 'fire' })], at('2026-11-21T21:00:00Z')), null)
})

test('UNTIL takes the last day whole, COUNT counts, INTERVAL counts from the first day', (t: TestContext) => {
  const rule = (rrule: string) => ({ ...daily('23:00', 30, 'America/New_York'), rrule })
  const found = (rrule: string) =>
    windowsBetween(rule(rrule), Date.parse('2026-01-01T00:00:00Z'), Date.parse('2026-02-01T00:00:00Z'))
  t.assert.strictEqual(found('FREQ=DAILY;UNTIL=20260103').length, 3)
  t.assert.strictEqual(found('FREQ=DAILY;UNTIL=20260104T040000Z').length, 3, 'the moment itself is in')
  t.assert.strictEqual(found('FREQ=DAILY;UNTIL=20260104T035959Z').length, 2)
  t.assert.strictEqual(found('FREQ=DAILY;COUNT=2').length, 2)
  t.assert.strictEqual(found('FREQ=DAILY;INTERVAL=10').length, 3)
})

test('a rule that freezes nothing, costs too much or is finer than a day is refused by name', (t: TestContext) => {
  const faults = (more: Partial<FreezeRule>) =>
    checkRule({ ...weekend, ...more }, at('2026-11-21T09:00:00Z')).map(
      ({ field, detail }) => `${field} ${detail}`,
    )
  const refused: [Partial<FreezeRule>, RegExp][] = [
    [{ rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, /^rrule never matches/],
    [{ rrule: 'FREQ=DAILY;UNTIL=20260101' }, /^rrule never matches from now on/],
    [{ rrule: 'FREQ=DAILY;COUNT=3' }, /^rrule never matches from now on/],
    [{ rrule: 'FREQ=HOURLY' }, /^rrule says FREQ=HOURLY/],
    [{ rrule: 'FREQ=MINUTELY;INTERVAL=1' }, /FREQ=MINUTELY/],
    [{ rrule: 'FREQ=DAILY;BYHOUR=3' }, /BYHOUR, which a freeze does not take/],
    [{ rrule: 'FREQ=DAILY\nEXRULE:FREQ=DAILY' }, /cannot be read/],
    [{ rrule: 'FREQ=DAILY;EXDATE=20260101' }, /EXDATE/],
    [{ rrule: 'RRULE:FREQ=DAILY' }, /cannot be read/],
    [{ rrule: 'FREQ=DAILY;FREQ=DAILY' }, /twice/],
    [{ rrule: 'FREQ=DAILY;UNTIL=20260231' }, /no date/],
    [{ rrule: 'FREQ=WEEKLY;BYDAY=1MO' }, /numbers its days/],
    [{ rrule: 'FREQ=YEARLY;BYWEEKNO=1;BYMONTHDAY=1' }, /BYMONTHDAY beside/],
    [{ rrule: 'FREQ=YEARLY;BYDAY=1FR;BYMONTHDAY=1' }, /BYMONTHDAY beside/],
    [{ rrule: '' }, /cannot be read/],
    [{ start: '24:00' }, /^start /],
    [{ duration_minutes: 0 }, /^duration_minutes /],
    [{ duration_minutes: 86_401 }, /^duration_minutes /],
    [{ duration_minutes: 1.5 }, /^duration_minutes /],
    [{ time_zone: 'Europe/Atlantis' }, /^time_zone Europe\/Atlantis is no time zone/],
    [{ time_zone: '+02:00' }, /^time_zone /],
    [{ starts_on: '2026-02-30' }, /^starts_on /],
  ]
  for (const [more, said] of refused) t.assert.match(faults(more).join('; '), said, JSON.stringify(more))
  const fine: Partial<FreezeRule>[] = [
    {},
    { rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU' },
    { rrule: 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1' },
    { rrule: 'FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU' },
    { starts_on: '2027-06-01' },
    { time_zone: 'UTC' },
  ]
  for (const more of fine) t.assert.deepStrictEqual(faults(more), [], JSON.stringify(more))
})

const days = fc.subarray(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], { minLength: 1 })
const numbers = (least: number, most: number) =>
  fc.uniqueArray(
    fc.integer({ min: least, max: most }).filter((n) => n !== 0),
    { minLength: 1, maxLength: 12 },
  )
const part = (name: string, values: fc.Arbitrary<(string | number)[]>) =>
  fc.option(
    values.map((list) => `;${name}=${list.join(',')}`),
    { nil: '' },
  )
/** Rules that may mean anything, most of them nothing, and some of them dear. */
const hostile = fc
  .tuple(
    fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY', 'HOURLY', 'SECONDLY', 'NEVER'),
    fc.option(
      fc.integer({ min: 0, max: 1200 }).map((n) => `;INTERVAL=${n}`),
      { nil: '' },
    ),
    part('BYDAY', days),
    part('BYMONTH', numbers(1, 12)),
    part('BYMONTHDAY', numbers(-31, 31)),
    part('BYYEARDAY', numbers(-366, 366)),
    part('BYWEEKNO', numbers(-53, 53)),
    part('BYSETPOS', numbers(-366, 366)),
    fc.constantFrom('', '', ';COUNT=999', ';UNTIL=20991231', ';BYHOUR=1,2,3', ';;'),
  )
  .map(([frequency, ...parts]) => `FREQ=${frequency}${parts.join('')}`)
const moment = fc.date({ min: at('2020-01-01'), max: at('2060-01-01'), noInvalidDate: true })
const anyRule = fc.record<FreezeRule>({
  rrule: hostile,
  start: fc.constantFrom('00:00', '02:30', '17:00', '23:59'),
  duration_minutes: fc.constantFrom(1, 60, 1440, 3780, 86_400),
  time_zone: fc.constantFrom('Europe/Paris', 'America/New_York', 'Asia/Tokyo', 'Pacific/Apia', 'UTC'),
  starts_on: fc.constantFrom('2000-02-29', '2020-01-01', '2026-11-21'),
})

test('no rule hangs: it is refused, or tells when it freezes', () => {
  holds(
    fc.property(anyRule, moment, (rule, now) => {
      if (checkRule(rule, now).length > 0) return
      const one = freeze({ rule })
      const thaw = thawsAt([one], now)
      if (thaw && inForceAt([one], thaw).length > 0) throw new Error(`frozen at ${thaw.toISOString()}`)
    }),
    100,
  )
})

test('a span holds its own windows: within it all is frozen, at its end nothing is', () => {
  holds(
    fc.property(anyRule, moment, (rule, now) => {
      if (checkRule(rule, now).length > 0) return true
      const found = spanAt(rule, now.getTime())
      const inside = windowsBetween(rule, now.getTime() - rule.duration_minutes * 60_000, now.getTime() + 1)
      const frozen = inside.some(({ from, until }) => from <= now.getTime() && now.getTime() < until!)
      if (frozen !== (found !== undefined)) return false
      return (
        !found?.until ||
        (spanAt(rule, found.until - 1) !== undefined && spanAt(rule, found.until) === undefined)
      )
    }),
    100,
  )
})
