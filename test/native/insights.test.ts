import { test, type TestContext } from 'node:test'
import type { Insights } from '#api/insights.ts'
import { openSite } from './site.ts'

test('insights count what changed something: frequency, lead time, failures, time to restore, rework', async (t: TestContext) => {
  const site = await openSite(t)
  const { client, clock, write, release, ended } = site
  const read = async (query: string): Promise<Insights> => {
    const response = await site.ask(`/headgate/v1/insights?${query}`)
    if (!response.ok) throw new Error(await response.text())
    return (await response.json()) as Insights
  }
  const later = (seconds: number) => (clock.now = new Date(clock.now.getTime() + seconds * 1000))
  clock.now = new Date('2026-12-07T22:30:00Z')
  const one = await write('blt1', 'One')
  const first = await release('First', [one])
  later(3600)
  await ended(await client.deploy('site', 'production', { release: first }))
  t.assert.equal(
    (await ended(await client.deploy('site', 'production', { release: first }))).state,
    'unchanged',
  )
  await ended(await client.deploy('site', 'production', { release: first, dry_run: true }))
  await write('blt1', 'One, again')
  const second = await release('Second', [one])
  later(86_400)
  await ended(await client.deploy('site', 'production', { release: second }))
  later(600)
  await ended((await client.rollBack('site', 'production', {})).deployment)

  const span = 'from=2026-12-07T00:00:00Z&to=2026-12-10T00:00:00Z'
  const all = await read(`project=site&environment=production&${span}`)
  t.assert.deepEqual(all.deployment_frequency, { count: 3, per_day: 1 })
  t.assert.deepEqual(all.change_failure_rate, { count: 1, of: 2, rate: 0.5 })
  t.assert.deepEqual(all.rework_rate, { count: 1, of: 3, rate: 0.3333 })
  t.assert.deepEqual([all.time_to_restore.count, all.time_to_restore.unrestored], [1, 0])
  t.assert.ok(Math.abs((all.time_to_restore.median ?? 0) - 600) < 30)
  t.assert.equal(all.lead_time.count, 2)
  t.assert.ok(Math.abs((all.lead_time.median ?? 0) - (3600 + 86_400) / 2) < 60)
  const counts = (found: Insights) => found.buckets.map((one) => one.deployment_frequency.count)
  t.assert.deepEqual(counts(all), [1, 2, 0])
  const inParis = await read(`${span}&time_zone=Europe/Paris`)
  t.assert.deepEqual(counts(inParis), [0, 1, 2, 0])
  t.assert.equal(inParis.buckets[1]?.from, '2026-12-07T23:00:00.000Z')
  t.assert.deepEqual(counts(await read(`${span}&interval=month`)), [3])
  t.assert.equal((await read(`project=site&environment=staging&${span}`)).change_failure_rate.rate, null)

  const status = async (query: string) => (await site.ask(`/headgate/v1/insights?${query}`)).status
  t.assert.equal(await status('environment=production'), 422)
  t.assert.equal(await status('time_zone=Mars/Olympus'), 422)
  // East of Greenwich for RFC 3339, and west of it for PostgreSQL.
  t.assert.equal(await status('time_zone=%2B05:00'), 422)
  t.assert.equal(await status('from=1990-01-01T00:00:00Z'), 422)
  t.assert.equal(await status('from=2026-12-07T00:00:00Z&to=2026-12-07T00:00:00Z'), 422)
  t.assert.equal(await status('project=nowhere'), 404)
})
