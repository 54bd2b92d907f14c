import { test, type TestContext } from 'node:test'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import { openDesk, type Answer } from './open-desk.ts'

interface Deployment {
  id: number
  status: string
  release_candidate_version: string
  from_release_candidate_version: string | null
  [key: string]: unknown
}

/** An environment's paths. */
interface Place {
  name: string
  deployments: string
  rollback: string
}

const nothing = [404, { error: 'No previous deployment to roll back from' }]
const rc = (number: number) => `1.0.0-rc${number}`

test('POST …/rollback', async (t: TestContext) => {
  const { house, call, open } = await openDesk(t)
  const said = ({ status, body }: Answer) => [status, body]
  const names = Array.from({ length: 20 }, (_, index) => `place-${index}`)
  const shop = await open({ environments: names.map((name) => ({ name })) })
  const commit = shop.commit()
  for (const number of [1, 2, 3, 4, 5]) await shop.create(rc(number), commit)

  /** An environment of its own, in which these words were reported of candidates, one after the other. */
  const history = async (...words: [candidate: number, word: string][]): Promise<Place> => {
    const name = names.pop()!
    const place = { name, deployments: shop.deployments(name), rollback: shop.rollback(name) }
    for (const [candidate, word] of words) await report(place, rc(candidate), word)
    return place
  }
  const report = async ({ deployments }: Place, release_candidate_version: string, status: string) => {
    const answer = await call('PATCH', deployments, { json: { release_candidate_version, status } })
    t.assert.equal(answer.status, 200)
    return answer.body as Deployment
  }
  const rollBack = ({ rollback }: Place, json?: object) => call('POST', rollback, { json })
  const goesTo = async (place: Place, json?: object) =>
    ((await rollBack(place, json)).body as Deployment).release_candidate_version
  const shown = async ({ deployments }: Place) =>
    ((await call('GET', deployments)).body as Deployment[]).map((one) => [
      one.release_candidate_version,
      one.status,
    ])

  await t.test('deploys what ran before the newest, and a rollback of it goes forward again', async () => {
    const place = await history([1, 'success'], [2, 'success'], [3, 'success'])
    for (const [to, from] of [
      [rc(2), rc(3)],
      [rc(3), rc(2)],
      [rc(2), rc(3)],
    ] as const) {
      const { status, body } = await rollBack(place)
      const made = body as Deployment
      t.assert.equal(status, 201)
      t.assert.equal(Object.keys(made).length, 11)
      const { release_candidate_version, from_release_candidate_version } = made
      t.assert.deepEqual(
        [release_candidate_version, from_release_candidate_version, made.status],
        [to, from, 'pending'],
      )
      t.assert.deepEqual([made.deploy_end_at, made.error_message], [null, null])
      t.assert.equal((await report(place, to, 'success')).id, made.id)
    }
  })

  await t.test('skips what is the same candidate deployed again', async () => {
    const place = await history([1, 'success'], [2, 'success'], [2, 'in_progress'], [2, 'success'])
    t.assert.equal(await goesTo(place), rc(1))
  })

  await t.test('deploys what succeeded last where the newest failed, though it was the same', async () => {
    t.assert.equal(await goesTo(await history([1, 'success'], [2, 'failure'])), rc(1))
    t.assert.equal(await goesTo(await history([1, 'success'], [1, 'in_progress'], [1, 'error'])), rc(1))
  })

  await t.test('cancels all that is under way, and counts only what had begun', async () => {
    const begun = await history(
      [1, 'success'],
      [2, 'success'],
      [3, 'pending'],
      [4, 'in_progress'],
      [5, 'pending'],
    )
    // The fourth may have been half done: what succeeded last is what is wanted.
    t.assert.equal(await goesTo(begun), rc(2))
    t.assert.deepEqual(await shown(begun), [
      [rc(2), 'pending'],
      [rc(5), 'canceled'],
      [rc(4), 'canceled'],
      [rc(3), 'canceled'],
      [rc(2), 'success'],
      [rc(1), 'success'],
    ])
    const waiting = await history([1, 'success'], [2, 'success'], [3, 'pending'])
    t.assert.equal(await goesTo(waiting), rc(1))
    // The rollback itself is under way: asked for once more, it is begun anew.
    t.assert.equal(await goesTo(waiting), rc(1))
    t.assert.deepEqual((await shown(waiting)).slice(0, 3), [
      [rc(1), 'pending'],
      [rc(1), 'canceled'],
      [rc(3), 'canceled'],
    ])
  })

  await t.test('has nothing to go back to where nothing succeeded before', async () => {
    t.assert.deepEqual(said(await rollBack(await history())), nothing)
    t.assert.deepEqual(said(await rollBack(await history([1, 'success']))), nothing)
    t.assert.deepEqual(said(await rollBack(await history([1, 'failure'], [2, 'error']))), nothing)
    const pending = await history([1, 'pending'])
    t.assert.deepEqual(said(await rollBack(pending)), nothing)
    // Refused as a whole: nothing was canceled.
    t.assert.deepEqual(await shown(pending), [[rc(1), 'pending']])
  })

  await t.test('goes to the candidate that is named', async () => {
    const place = await history([1, 'success'], [2, 'success'], [3, 'success'])
    t.assert.equal(await goesTo(place, { release_candidate_version: rc(1) }), rc(1))
    const unknown = await rollBack(place, { release_candidate_version: rc(9) })
    t.assert.deepEqual(said(unknown), [404, { error: 'Release not found' }])
    const wrong = await rollBack(place, { release_candidate_version: '1.0.0' })
    t.assert.deepEqual(said(wrong), [400, { error: 'Invalid release candidate version' }])
  })

  await t.test('leaves a hold, against what comes by itself and what it led away from', async () => {
    const held = await open({ deploy_to: 'production' })
    const place = { name: 'production', deployments: held.deployments(), rollback: held.rollback() }
    for (const version of [rc(1), rc(2)]) {
      await held.create(version)
      t.assert.deepEqual((await shown(place))[0], [version, 'pending'])
      await report(place, version, 'success')
    }
    t.assert.equal(await goesTo(place), rc(1))
    await report(place, rc(1), 'success')
    const before = await shown(place)
    await held.create(rc(3))
    t.assert.deepEqual(await shown(place), before)

    const ask = (release_candidate_version: string) =>
      call('POST', place.deployments, { json: { release_candidate_version } })
    const { status, body } = await ask(rc(2))
    t.assert.equal(status, 409)
    t.assert.match(
      (body as { error: string }).error,
      /^Environment production is held .* rolled back from\.$/,
    )
    // What is better comes in by hand.
    t.assert.equal((await ask(rc(3))).status, 201)
    // What is reported is a fact all the same, and whoever looks is told.
    await report(place, rc(2), 'in_progress')
    const kinds = await house.ctx.db
      .selectFrom('event')
      .select('kind')
      .where('project_id', '=', held.shop.project.id)
      .where('kind', 'in', ['deployment.reported_despite', 'promotion.skipped'])
      .orderBy('kind')
      .execute()
    t.assert.deepEqual(
      kinds.map(({ kind }) => kind),
      ['deployment.reported_despite', 'promotion.skipped'],
    )
  })

  await t.test('a frozen environment refuses it, unless by force of who may', async () => {
    const place = await history([1, 'success'], [2, 'success'])
    const { id: project_id } = shop.shop.project
    const environment_id = shop.shop.environments[place.name]!.id
    await setFreeze(house.ctx, { project_id, environment_id, reason: 'Nobody is at home.' })
    const frozen = [400, { error: 'Environment is frozen' }]
    t.assert.deepEqual(said(await rollBack(place)), frozen)
    t.assert.deepEqual(said(await rollBack(place, { force: false })), frozen)
    t.assert.equal((await rollBack(place, { force: true })).status, 403)
    t.assert.equal((await rollBack(place, { force: 1 })).status, 400)
    const { admin: token } = house.tokens
    t.assert.equal((await call('POST', place.rollback, { json: { force: true }, token })).status, 201)
  })

  await t.test('asks for a project and an environment, and for no body', async () => {
    const place = await history([1, 'success'], [2, 'success'])
    const nowhere = '/api/releases/nowhere/environments/production/rollback'
    t.assert.deepEqual(said(await call('POST', nowhere)), [404, { error: 'Release project not found' }])
    const absent = shop.rollback('nothing')
    t.assert.deepEqual(said(await call('POST', absent)), [404, { error: 'Release environment not found' }])
    for (const text of ['[]', '7', '{'])
      t.assert.equal((await call('POST', place.rollback, { text })).status, 400)
    const { viewer: token } = house.tokens
    t.assert.equal((await call('POST', place.rollback, { token })).status, 403)
    t.assert.equal((await call('POST', place.rollback, { token: null })).status, 401)
    // As curl sends it with the documented headers and nothing else.
    const headers = { 'content-type': 'application/json' }
    t.assert.equal((await call('POST', place.rollback, { headers })).status, 201)
  })
})
