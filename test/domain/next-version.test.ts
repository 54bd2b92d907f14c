import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { isReleaseVersion, readCandidateVersion, showCandidateVersion } from '#domain/candidate-version.ts'
import { calendarDay, nextCalendarVersion, nextSemanticVersion } from '#domain/next-version.ts'

const never = () => false

test('the day of a cut is the day where the project is', (t: TestContext) => {
  const at = new Date('2026-11-20T23:30:00Z')
  t.assert.equal(calendarDay(at, 'UTC'), '2026.11.20')
  t.assert.equal(calendarDay(at, 'Europe/Paris'), '2026.11.21')
  t.assert.equal(calendarDay(at, 'America/Los_Angeles'), '2026.11.20')
  t.assert.equal(calendarDay(new Date('2026-01-05T09:00:00Z'), 'Asia/Bangkok'), '2026.01.05')
})

test('the counter of a day goes on after the highest that was ever given', (t: TestContext) => {
  t.assert.equal(nextCalendarVersion('2026.11.21', []), '2026.11.21-1')
  t.assert.equal(nextCalendarVersion('2026.11.21', ['2026.11.21-1', '2026.11.21-7']), '2026.11.21-8')
  const foreign = ['2026.11.20-9', '2026.11.21-x', '2026.11.21-04', '2026.11.21-2-beta', '2026.11.211-5']
  t.assert.equal(nextCalendarVersion('2026.11.21', foreign), '2026.11.21-1')
})

test('a semantic version is followed by its next patch, from 0.1.0 on', (t: TestContext) => {
  t.assert.equal(nextSemanticVersion([], never), '0.1.0')
  t.assert.equal(nextSemanticVersion(['1.4.9', '2.0.0'], never), '1.4.10')
  t.assert.equal(nextSemanticVersion(['v1.2.0'], never), 'v1.2.1')
  t.assert.equal(nextSemanticVersion(['1.2.0-beta'], never), '1.2.0')
  t.assert.equal(nextSemanticVersion(['2026.11.21-1', 'spring', '3.0.0'], never), '2026.11.21')
  t.assert.equal(nextSemanticVersion(['spring', '3.0.0'], never), '3.0.1')
})

test('a version that is used is passed over, and where none is left nothing is invented', (t: TestContext) => {
  const used = new Set(['1.0.1', '1.0.2'])
  t.assert.equal(
    nextSemanticVersion(['1.0.0'], (version) => used.has(version)),
    '1.0.3',
  )
  t.assert.equal(nextSemanticVersion([`1.0.${Number.MAX_SAFE_INTEGER}`], never), undefined)
})

test('whatever is cut next reads as a candidate, and no two counts of a day are alike', (t: TestContext) => {
  const days = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 30 }), (at, count) => {
      const used: string[] = []
      const day = calendarDay(at, 'Europe/Paris')
      for (let n = 0; n < count; n += 1) used.push(nextCalendarVersion(day, used))
      t.assert.equal(new Set(used).size, count)
      const release = used.at(-1)!
      const version = showCandidateVersion({ release, number: count })
      t.assert.deepEqual(readCandidateVersion(version), { release, number: count })
    }),
  )
})

test('a candidate’s version has one spelling, and what it is made of can be part of a branch’s name', (t: TestContext) => {
  for (const text of ['1.2.0', '1.2.0.rc1', '1.2.0-rc', '1.2.0-RC1', '-rc1', '1.2.0-rc1.2', '1.2.0-rc-1'])
    t.assert.equal(readCandidateVersion(text), undefined, text)
  for (const text of [
    '1.2.0-rc0',
    '1.2.0-rc01',
    'a b-rc1',
    'a/b-rc1',
    'a..b-rc1',
    '.a-rc1',
    '--upload-pack=x-rc1',
  ])
    t.assert.equal(readCandidateVersion(text), undefined, text)
  t.assert.deepEqual(readCandidateVersion('1.0.0-beta-rc2'), { release: '1.0.0-beta', number: 2 })
  t.assert.deepEqual(readCandidateVersion('1.0.0-rc1-rc2'), { release: '1.0.0-rc1', number: 2 })
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      (release, number) => {
        const read = readCandidateVersion(showCandidateVersion({ release, number }))
        t.assert.deepEqual(read, isReleaseVersion(release) ? { release, number } : undefined)
      },
    ),
  )
})
