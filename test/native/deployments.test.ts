import { test, type TestContext } from 'node:test'
import { ProblemError } from '#client/problem-error.ts'
import { openSite, sharedSite } from './site.ts'

const siteHere = sharedSite()

const refused = (status: number, code: string) => (error: unknown) =>
  error instanceof ProblemError && error.problem.status === status && error.problem.code === code

test('a release is planned, deployed, and rolled back', async (t: TestContext) => {
  const { key: project, client, write, release, ended, ask } = await siteHere()
  const live = async (name = 'production') =>
    (await client.listLive(project, name)).items.map(({ title, version }) => [title, version])
  const [one, two] = [await write('blt1', 'One'), await write('blt2', 'Two')]
  const first = await release('First', [one, two])

  const dry = await ended(await client.deploy(project, 'production', { release: first, dry_run: true }))
  t.assert.equal(dry.state, 'planned')
  const plan = await client.getPlan(dry.id)
  t.assert.deepEqual(
    plan.changes.map(({ key, action, before, after }) => [key, action, before, after]),
    [
      [one, 'publish', null, '1'],
      [two, 'publish', null, '1'],
    ],
  )
  t.assert.deepEqual(await live(), [])

  const done = await ended(
    await client.deploy(project, 'production', { release: first, reason: 'it is time' }),
  )
  t.assert.deepEqual(
    [done.state, done.environment_name, done.release_name, done.reason, done.allowed_actions],
    ['succeeded', 'production', 'First', 'it is time', ['roll_back']],
  )
  const outcomes = await client.listDeploymentItems(done.id)
  t.assert.deepEqual(
    outcomes.items.map(({ outcome, after }) => [outcome, after]),
    [
      ['done', '1'],
      ['done', '1'],
    ],
  )
  t.assert.deepEqual(await live(), [
    ['One', '1'],
    ['Two', '1'],
  ])
  t.assert.equal(
    (await ended(await client.deploy(project, 'production', { release: first }))).state,
    'unchanged',
  )
  t.assert.equal(
    (await ended(await client.deploy(project, 'production', { release: first, force: true }))).state,
    'succeeded',
  )

  await write('blt1', 'One, again')
  const three = await write('blt3', 'Three')
  const second = await release('Second', [one, three])
  await ended(await client.deploy(project, 'production', { release: second }))
  t.assert.deepEqual(await live(), [
    ['One, again', '2'],
    ['Two', '1'],
    ['Three', '1'],
  ])

  const { deployment, conflicts } = await client.rollBack(project, 'production', { reason: 'too early' })
  t.assert.deepEqual([(await ended(deployment)).state, conflicts], ['succeeded', []])
  t.assert.deepEqual(
    (await live()).map(([, version]) => version),
    ['1', '1'],
  )

  const listed = (await (
    await ask(`/headgate/v1/projects/${project}/environments/production/deployments?state=succeeded&limit=2`)
  ).json()) as { items: { id: string }[]; next: string | null }
  t.assert.ok(listed.items.length === 2 && listed.next !== null)
  const revisions = (await (await ask(`/headgate/v1/releases/${first}/revisions`)).json()) as {
    items: { number: number }[]
  }
  t.assert.deepEqual(
    revisions.items.map(({ number }) => number),
    [1],
  )
  t.assert.deepEqual(await live('staging'), [])
})

test('some of the items are deployed, and a name the release does not have is a mistake', async (t: TestContext) => {
  const { key: project, client, write, release, ended } = await siteHere()
  const keys = [await write('blt1', 'One'), await write('blt2', 'Two')]
  const id = await release('Both', keys)
  const some = await ended(await client.deploy(project, 'staging', { release: id, items: [keys[1]!] }))
  t.assert.deepEqual([some.selected, some.state], [1, 'succeeded'])
  t.assert.deepEqual(
    (await client.listLive(project, 'staging')).items.map(({ key }) => key),
    [keys[1]],
  )
  const wrong = client.deploy(project, 'staging', { release: id, items: [keys[0]!, 'main/none/en-us'] })
  await t.assert.rejects(wrong, (error: ProblemError) => error.problem.faults?.[0]?.field === 'items.1')
})

test('what is shut says why, who can open it and when', async (t: TestContext) => {
  const { key: project, client, ask, clock, write, release, ended } = await siteHere()
  const id = await release('Locked', [await write('blt1', 'One')])
  const free = await client.why(project, 'staging', id)
  t.assert.deepEqual([free.open, free.blockers, free.opens_at, free.place], [true, [], free.at, 0])
  await client.lockRelease(id, 'it is checked')
  const why = await client.why(project, 'staging', id)
  t.assert.deepEqual([why.open, why.blockers.map(({ code }) => code), why.opens_at], [false, ['lock'], null])
  t.assert.match(why.blockers[0]?.detail ?? '', /locked by Admin: it is checked\./i)

  const refusal = client.deploy(project, 'staging', { release: id, when_shut: 'refuse' })
  await t.assert.rejects(
    refusal,
    (error: ProblemError) => error.problem.status === 409 && error.problem.blockers?.[0]?.code === 'lock',
  )
  const waiting = await client.deploy(project, 'staging', { release: id })
  t.assert.deepEqual(
    [waiting.state, waiting.blockers.map(({ code }) => code), waiting.allowed_actions],
    ['requested', ['lock'], ['cancel', 'override']],
  )
  t.assert.equal((await client.cancelDeployment(waiting.id, 'no')).state, 'canceled')
  await t.assert.rejects(client.cancelDeployment(waiting.id), refused(409, 'not_possible_now'))

  await ask(`/headgate/v1/releases/${id}/lock`, { method: 'DELETE' })
  const at = new Date(clock.now.getTime() + 3_600_000)
  const later = await client.deploy(project, 'staging', { release: id, scheduled_at: at.toISOString() })
  t.assert.deepEqual([later.state, later.blockers[0]?.opens_at], ['requested', at.toISOString()])
  clock.now = new Date(at.getTime() + 1000)
  await ended(await client.deploy(project, 'production', { release: id }))
})

test('what happened can be read, and verifies', async (t: TestContext) => {
  // In a house of its own: all that happened there is read.
  const { client, ask, write, release, ended } = await openSite(t)
  const id = await release('Any', [await write('blt1', 'One')])
  await ended(await client.deploy('site', 'staging', { release: id, reason: 'because' }))
  const { items } = await client.listEvents({ project: 'site', limit: 200 })
  const kinds = items.map(({ kind }) => kind)
  for (const kind of [
    'project.created',
    'environment.created',
    'release.created',
    'deployment.requested',
    'deployment.succeeded',
  ])
    t.assert.ok(kinds.includes(kind), kind)
  const requested = items.find(({ kind }) => kind === 'deployment.requested')
  t.assert.deepEqual([requested?.reason, requested?.actor.name], ['because', 'first token (admin@localhost)'])
  const page = await client.listEvents({ limit: 2 })
  const next = await client.listEvents({ limit: 2, after: page.next! })
  t.assert.equal(new Set([...page.items, ...next.items].map((event) => event.id)).size, 4)
  t.assert.equal((await client.listEvents({ kind: 'release.created' })).items.length, 1)
  const verdict = (await (await ask('/headgate/v1/audit/verify')).json()) as { whole: boolean }
  t.assert.equal(verdict.whole, true)
})
