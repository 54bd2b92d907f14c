import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { graceSeconds, misfired, type MisfirePolicy } from '#domain/misfire.ts'
import { holds } from './holds.ts'

const due = new Date('2026-11-21T09:00:00Z')
const late = (seconds: number) => new Date(due.getTime() + seconds * 1000)
const skip: MisfirePolicy = { policy: 'skip' }
const run = (most: number | null): MisfirePolicy => ({ policy: 'run', late_by_at_most_seconds: most })

test('what starts in time, or within a minute of it, is never missed', () => {
  const policy = fc.oneof(fc.constant(skip), fc.option(fc.nat(100_000)).map(run))
  holds(
    fc.property(
      policy,
      fc.integer({ min: -100_000, max: 60 }),
      (with_, seconds) => !misfired(with_, due, late(seconds)),
    ),
  )
})

test('skip misses whatever is later, run without a limit nothing', () => {
  holds(
    fc.property(
      fc.integer({ min: 61, max: 10_000_000 }),
      (seconds) => misfired(skip, due, late(seconds)) && !misfired(run(null), due, late(seconds)),
    ),
  )
})

test('run at most so late runs until then, to the second', () => {
  holds(
    fc.property(
      fc.integer({ min: 0, max: 100_000 }),
      fc.integer({ min: 0, max: 200_000 }),
      (most, seconds) => {
        const missed = seconds > 60 && seconds > most
        return misfired(run(most), due, late(seconds)) === missed
      },
    ),
  )
})

test('the grace is a minute', (t: TestContext) => {
  t.assert.strictEqual(graceSeconds, 60)
  t.assert.strictEqual(misfired(skip, due, new Date(due.getTime() + 60_000)), false)
  t.assert.strictEqual(misfired(skip, due, new Date(due.getTime() + 60_001)), true)
  t.assert.strictEqual(misfired(run(3600), due, late(3600)), false)
  t.assert.strictEqual(misfired(run(3600), due, new Date(late(3600).getTime() + 1)), true)
})
