import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { isCutCron, nextCut } from '#domain/cut-time.ts'

const paris = 'Europe/Paris'

function times(cron: string, from: string, count: number, zone = paris): string[] {
  const found: string[] = []
  for (let at = new Date(from); found.length < count;) {
    at = nextCut(cron, zone, at)!
    found.push(at.toISOString().slice(0, 16))
  }
  return found
}

test('a cut is at its time of the day where the project is, summer and winter', (t: TestContext) => {
  t.assert.deepEqual(times('0 9 * * 1-5', '2026-10-22T12:00:00Z', 3), [
    '2026-10-23T07:00',
    '2026-10-26T08:00',
    '2026-10-27T08:00',
  ])
})

test('a time that daylight saving skips is made up for when the clocks go on', (t: TestContext) => {
  t.assert.deepEqual(times('30 2 * * *', '2026-03-28T12:00:00Z', 2), ['2026-03-29T01:00', '2026-03-30T00:30'])
})

test('a time that daylight saving repeats counts once', (t: TestContext) => {
  t.assert.deepEqual(times('30 2 * * *', '2026-10-24T12:00:00Z', 2), ['2026-10-25T00:30', '2026-10-26T01:30'])
})

test('whatever is no expression of five fields that is ever reached is refused', (t: TestContext) => {
  const now = new Date('2026-11-21T09:00:00Z')
  const no = [
    '',
    'foo',
    '0 9 * *',
    '0 0 9 * * *',
    '60 9 * * *',
    '0 9 30 2 *',
    '@daily',
    '2026-12-01T00:00:00',
  ]
  for (const cron of no) t.assert.equal(isCutCron(cron, 'UTC', now), false, cron)
  for (const cron of ['0 9 * * 1-5', '*/15 * * * *', '0 0 1 * MON'])
    t.assert.equal(isCutCron(cron, paris, now), true, cron)
  t.assert.equal(isCutCron('0 9 * * *', 'Europe/Nowhere', now), false)
})

test('the next cut is always later, and no cut lies in between', (t: TestContext) => {
  const minutes = fc.integer({ min: 0, max: 59 })
  const hours = fc.integer({ min: 0, max: 23 })
  const zones = fc.constantFrom('UTC', paris, 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe')
  const moments = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(minutes, hours, zones, moments, (minute, hour, zone, after) => {
      const next = nextCut(`${minute} ${hour} * * *`, zone, after)!
      const again = nextCut(`${minute} ${hour} * * *`, zone, new Date(next.getTime() - 1))!
      t.assert.ok(next > after)
      t.assert.ok(next.getTime() - after.getTime() <= 26 * 3600 * 1000)
      t.assert.equal(again.getTime(), next.getTime())
    }),
  )
})
