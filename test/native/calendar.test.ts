import { test, type TestContext } from 'node:test'
import ICAL from 'ical.js'
import type { CalendarItem } from '#api/calendar.ts'
import { openSite } from './site.ts'

test('the calendar shows schedules, freezes, holds and what was deployed; a calendar client reads it as a feed', async (t: TestContext) => {
  const site = await openSite(t)
  const { client, clock, write, release, ended } = site
  clock.now = new Date('2026-10-20T10:00:00Z')
  const post = async (path: string, json: object) => {
    const response = await site.ask(`/headgate/v1${path}`, { json })
    if (response.status !== 201) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as { id: string }
  }
  const one = await write('blt1', 'One')
  await ended(await client.deploy('site', 'production', { release: await release('First', [one]) }))
  await write('blt1', 'One, again')
  await ended(await client.deploy('site', 'production', { release: await release('Second', [one]) }))
  await ended((await client.rollBack('site', 'production', { reason: 'too early' })).deployment)
  const due = '2026-10-22T08:00:00.000Z'
  await client.deploy('site', 'staging', { release: await release('Third', [one]), scheduled_at: due })
  await post('/projects/site/environments/production/freeze', {
    kind: 'window',
    name: 'weekend',
    ...{ rrule: 'FREQ=WEEKLY;BYDAY=FR', start: '17:00', duration_minutes: 3780, time_zone: 'Europe/Paris' },
  })

  const response = await site.ask(
    '/headgate/v1/calendar?project=site&from=2026-10-19T00:00:00Z&to=2026-11-02T00:00:00Z',
  )
  if (!response.ok) throw new Error(await response.text())
  const { items } = (await response.json()) as { items: CalendarItem[] }
  const shown = (kind: string) => items.filter((item) => item.kind === kind)
  t.assert.deepEqual(
    shown('freeze').map(({ from, to }) => [from, to]),
    // The clocks go back on the 25th: the window stays 63 hours long.
    [
      ['2026-10-23T15:00:00.000Z', '2026-10-26T06:00:00.000Z'],
      ['2026-10-30T16:00:00.000Z', '2026-11-02T07:00:00.000Z'],
    ],
  )
  t.assert.deepEqual(
    shown('scheduled').map(({ from, title, state }) => [from, title, state]),
    [[due, 'Third to staging', 'requested']],
  )
  t.assert.deepEqual(
    shown('deployment').map(({ state }) => state),
    ['succeeded', 'succeeded', 'succeeded'],
  )
  t.assert.deepEqual(
    shown('hold').map(({ to, environment }) => [to, environment?.name]),
    [[null, 'production']],
  )

  const made = await site.ask('/headgate/v1/tokens', {
    json: { name: 'feed', scopes: ['deployment.read', 'project.read'] },
  })
  const { secret } = (await made.json()) as { secret: string }
  const feed = async (query: string) => fetch(`${site.url}/headgate/v1/calendar.ics${query}`)
  const answer = await feed(`?project=site&token=${secret}`)
  t.assert.equal(answer.headers.get('content-type'), 'text/calendar; charset=utf-8')
  const text = await answer.text()
  const calendar = new ICAL.Component(ICAL.parse(text) as never)
  const events = calendar.getAllSubcomponents('vevent').map((one) => new ICAL.Event(one))
  const uids = events.map(({ uid }) => uid)
  t.assert.equal(new Set(uids).size, uids.length)
  const freeze = events.find(({ summary }) => summary === 'Freeze weekend of production')
  t.assert.equal(freeze?.startDate.toJSDate().toISOString(), '2026-10-23T15:00:00.000Z')
  t.assert.equal(freeze?.endDate.toJSDate().toISOString(), '2026-10-26T06:00:00.000Z')
  t.assert.ok(events.some(({ summary }) => summary === 'Third to staging'))
  const again = await (await feed(`?project=site&token=${secret}`)).text()
  const uidsOf = (ics: string) => [...ics.matchAll(/^UID:(.*)$/gm)].map(([, uid]) => uid)
  t.assert.deepEqual(uidsOf(again), uidsOf(text))

  t.assert.equal((await feed('')).status, 401)
  t.assert.equal((await feed('?token=nobody')).status, 401)
  t.assert.equal(
    (await feed(`?token=${site.credentials.token}`)).status,
    401,
    'a token that can do more is not for URLs',
  )
  t.assert.equal((await site.ask('/headgate/v1/calendar.ics')).status, 200)
  t.assert.equal(
    (await site.ask('/headgate/v1/calendar?from=2026-01-01T00:00:00Z&to=2028-01-01T00:00:00Z')).status,
    422,
  )
})
