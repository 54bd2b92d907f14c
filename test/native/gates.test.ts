import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deployment } from '#api/deployment.ts'
import { createClient } from '#client/client.ts'
import type { ProblemError } from '#client/problem-error.ts'
import { asPrincipal } from '#app/context.ts'
import { createToken } from '#app/identity/create-token.ts'
import { createUser } from '#app/identity/create-user.ts'
import { gateCodes } from '#domain/gates.ts'
import type { Role } from '#domain/roles.ts'
import { openSite, type Site } from './site.ts'

/** Somebody who signs in with a token of their own. */
async function somebody({ house, url }: Site, name: string, role: Role, agent = false) {
  const ctx = asPrincipal(house, null)
  const { id: user_id } = await createUser(ctx, {
    ...{ email: `${name.toLowerCase()}@example.com`, name, agent },
    grants: [{ project_id: null, role }],
  })
  const { secret } = await createToken(ctx, { kind: 'service', name, user_id, scopes: ['*'] })
  return createClient({ url, token: secret })
}

async function until(site: Site, id: string, state: Deployment['state']): Promise<Deployment> {
  for (let n = 0; n < 1000; n += 1) {
    const deployment = await site.client.getDeployment(id)
    if (deployment.state === state) return deployment
    await sleep(20)
  }
  throw new Error(`deployment ${id} does not come to be ${state}`)
}

const refused = (status: number, code: string) => (error: ProblemError) =>
  error.problem.status === status && error.problem.code === code

test('governance over HTTP', async (t: TestContext) => {
  const site = await openSite(t)
  const { client, ask, clock } = site
  const [ada, bob, robot] = [
    await somebody(site, 'Ada', 'approver'),
    await somebody(site, 'Bob', 'approver'),
    await somebody(site, 'Robot', 'admin', true),
  ]
  const key = await site.write('one', 'One')
  const release = await site.release('Spring', [key])

  await t.test('an environment says what it requires, and cannot require a parent it has not', async () => {
    const patch = (name: string, json: object) =>
      ask(`/headgate/v1/projects/site/environments/${name}`, { method: 'PATCH', json })
    t.assert.equal((await patch('staging', { requires_parent: true })).status, 422)
    const production = await patch('production', {
      requires_parent: true,
      approvals: { count: 2, timeout_seconds: 7200 },
    })
    const said = (await production.json()) as { requires_parent: boolean; approvals: object }
    t.assert.deepEqual([production.status, said.requires_parent], [200, true])
    t.assert.deepEqual(said.approvals, { count: 2, timeout_seconds: 7200 })
  })

  await t.test('a shut gate answers why: reason code, sentence, who can open it', async () => {
    const why = await client.why('site', 'production', release)
    t.assert.deepEqual([why.open, why.opens_at, why.place], [false, null, 0])
    t.assert.deepEqual(why.gates.map(({ code }) => code).length, gateCodes.length)
    t.assert.deepEqual(
      why.blockers.map(({ code }) => code),
      ['parent', 'approval'],
    )
    t.assert.match(why.blockers[0]!.detail, /not been proven in staging: 1 of 1 items/)
    t.assert.match(why.blockers[0]!.who, /Ada, Admin, Bob/)
    t.assert.doesNotMatch(why.blockers[0]!.who, /Robot/)
    await t.assert.rejects(
      client.deploy('site', 'production', { release, when_shut: 'refuse' }),
      (error: ProblemError) => error.problem.status === 409 && error.problem.blockers?.[0]?.code === 'parent',
    )
  })

  await t.test('two people approve a plan by its digest, the author and agents never', async () => {
    const staged = await client.deploy('site', 'staging', { release })
    await site.ended(staged)
    const { id } = await client.deploy('site', 'production', { release })
    const { plan_digest, approval } = await until(site, id, 'awaiting_approval')
    t.assert.deepEqual([approval?.needed, approval?.given], [2, 0])
    t.assert.equal((await client.getPlan(id)).digest, plan_digest)
    await t.assert.rejects(client.approveDeployment(id, plan_digest!), refused(403, 'forbidden'))
    await t.assert.rejects(robot.approveDeployment(id, plan_digest!), refused(403, 'forbidden'))
    await t.assert.rejects(ada.approveDeployment(id, `sha256:${'0'.repeat(64)}`), refused(409, 'plan_stale'))
    t.assert.equal((await ada.approveDeployment(id, plan_digest!, 'fine')).approval?.given, 1)
    t.assert.equal((await ada.approveDeployment(id, plan_digest!)).approval?.given, 1)
    await bob.approveDeployment(id, plan_digest!)
    t.assert.equal((await site.ended({ id })).state, 'succeeded')
    const { items } = await client.listApprovals(id)
    t.assert.deepEqual(
      items.map(({ user_name, verdict, current }) => [user_name, verdict, current]),
      [
        ['Ada', 'approved', true],
        ['Bob', 'approved', true],
      ],
    )
  })

  await t.test('a freeze window is checked, shown, and lifted with a reason', async () => {
    const night = {
      kind: 'window',
      start: '22:00',
      duration_minutes: 480,
      time_zone: 'Europe/Paris',
    } as const
    const never = { ...night, rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }
    await t.assert.rejects(
      client.freeze('site', 'staging', never),
      (error: ProblemError) => error.problem.status === 422 && error.problem.faults?.[0]?.field === 'rrule',
    )
    await t.assert.rejects(
      client.freeze('site', 'staging', { kind: 'window' }),
      (error: ProblemError) =>
        error.problem.faults?.map(({ field }) => field).join() === 'rrule,start,duration_minutes,time_zone',
    )
    await t.assert.rejects(client.freeze('site', 'staging', { kind: 'emergency' }), refused(422, 'invalid'))
    const stray = { kind: 'emergency', reason: 'x', start: '22:00' } as const
    await t.assert.rejects(client.freeze('site', 'staging', stray), refused(422, 'invalid'))
    clock.now = new Date('2027-01-15T23:00:00Z')
    const window = await client.freeze('site', 'staging', { ...night, name: 'night', rrule: 'FREQ=DAILY' })
    t.assert.deepEqual(
      [window.in_force, window.until, window.starts_on],
      [false, null, '2027-01-16'],
      'it starts today there, which is after midnight already',
    )
    clock.now = new Date('2027-01-16T22:00:00Z')
    const stop = await client.freezeProject('site', { kind: 'emergency', reason: 'The shop is down' })
    t.assert.deepEqual([stop.in_force, stop.until, stop.environment_id], [true, null, null])
    const listed = await client.listFreezes('site', 'staging')
    t.assert.deepEqual(
      listed.items.map(({ name, until }) => [name, until]),
      [
        ['emergency freeze', null],
        ['night', '2027-01-17T05:00:00.000Z'],
      ],
    )
    const waiting = await client.deploy('site', 'staging', { release, force: true })
    t.assert.match(
      waiting.blockers[0]!.detail,
      /An emergency stop .* set by Admin: The shop is down\. It ends when it is lifted\./,
    )
    await ada.liftFreeze('site', stop.id, 'It is up again')
    const { opens_at } = await client.why('site', 'staging', { deployment: waiting.id })
    t.assert.equal(opens_at, '2027-01-17T05:00:00.000Z')
    const then = await client.why('site', 'staging', { release, at: '2027-01-18T23:00:00Z' })
    t.assert.deepEqual([then.open, then.opens_at], [false, '2027-01-19T05:00:00.000Z'])
    const override = { gates: ['freeze' as const], reason: 'The fix has to go out' }
    await t.assert.rejects(robot.overrideGates(waiting.id, override), refused(403, 'forbidden'))
    await ada.overrideGates(waiting.id, override)
    t.assert.equal((await site.ended(waiting)).state, 'succeeded')
    await ada.liftFreeze('site', window.id, 'no more nights')
    t.assert.deepEqual((await client.listFreezes('site', 'staging')).items, [])
    t.assert.equal((await client.listFreezes('site', 'staging', { lifted: true })).items.length, 2)
  })

  await t.test('a rollback holds its environment until somebody releases it', async () => {
    await t.assert.rejects(client.getHold('site', 'staging'), refused(404, 'not_found'))
    const { deployment } = await client.rollBack('site', 'staging', { reason: 'typo' })
    await site.ended(deployment)
    const hold = await client.getHold('site', 'staging')
    t.assert.deepEqual(
      [hold.deployment_id, hold.reason, hold.revision_ids.length],
      [deployment.id, 'typo', 1],
    )
    const again = await client.deploy('site', 'staging', { release })
    t.assert.deepEqual(
      again.blockers.map(({ code }) => code),
      ['hold'],
    )
    t.assert.equal((await ada.releaseHold('site', 'staging', 'mended')).release_reason, 'mended')
    t.assert.equal((await site.ended(again)).state, 'unchanged', 'what was deployed twice is there still')
    const { items } = await client.listEvents({ kind: 'hold.released' })
    t.assert.deepEqual(
      items.map(({ reason }) => reason),
      ['mended'],
    )
  })
})
