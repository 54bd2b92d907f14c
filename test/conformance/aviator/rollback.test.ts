import { test, type TestContext } from 'node:test'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import { openDesk, type Answer, type OpenProject } from './open-desk.ts'

interface Deployment {
  id: number
  status: string
  release_candidate_version: string
  from_release_candidate_version: string | null
  [key: string]: unknown
}

const nothing = [404, { error: 'No previous deployment to roll back from' }]

test('POST …/rollback', async (t: TestContext) => {
  const { house, call, open } = await openDesk(t)
  const said = ({ status, body }: Answer) => [status, body]

  /** A project whose candidates 1 to `count` were reported with these words, one after the other. */
  const history = async (words: readonly [version: string, word: string][]) => {
    const project = await open()
    const commit = project.commit()
    for (const version of new Set(words.map(([one]) => one))) await project.create(version, commit)
    for (const [version, word] of words) await report(project, version, word)
    return project
  }
  const report = async (project: OpenProject, release_candidate_version: string, status: string) => {
    const json = { release_candidate_version, status }
    const answer = await call('PATCH', project.deployments(), { json })
    t.assert.equal(answer.status, 200)
    return answer.body as Deployment
  }
  const rollBack = (project: OpenProject, json?: object) => call('POST', project.rollback(), { json })
  const shown = async (project: OpenProject) =>
    ((await call('GET', project.deployments())).body as Deployment[]).map((one) => [
      one.release_candidate_version,
      one.status,
    ])

  await t.test('deploys what ran before the newest, and a rollback of it goes forward again', async () => {
    const project = await history([
      ['1.0.0-rc1', 'success'],
      ['1.1.0-rc1', 'success'],
      ['1.1.0-rc2', 'success'],
    ])
    for (const [to, from] of [
      ['1.1.0-rc1', '1.1.0-rc2'],
      ['1.1.0-rc2', '1.1.0-rc1'],
      ['1.1.0-rc1', '1.1.0-rc2'],
    ] as const) {
      const { status, body } = await rollBack(project)
      const made = body as Deployment
      t.assert.equal(status, 201)
      t.assert.equal(Object.keys(made).length, 11)
      t.assert.deepEqual(
        [made.release_candidate_version, made.from_release_candidate_version, made.status],
        [to, from, 'pending'],
      )
      t.assert.deepEqual([made.deploy_end_at, made.error_message], [null, null])
      t.assert.equal((await report(project, to, 'success')).id, made.id)
    }
  })

  await t.test('skips what is the same candidate deployed again', async () => {
    const project = await history([
      ['1.0.0-rc1', 'success'],
      ['1.0.0-rc2', 'success'],
      ['1.0.0-rc2', 'in_progress'],
      ['1.0.0-rc2', 'success'],
    ])
    t.assert.equal(((await rollBack(project)).body as Deployment).release_candidate_version, '1.0.0-rc1')
  })

  await t.test('deploys what succeeded last where the newest failed, though it was the same', async () => {
    const other = await history([
      ['1.0.0-rc1', 'success'],
      ['1.0.0-rc2', 'failure'],
    ])
    t.assert.equal(((await rollBack(other)).body as Deployment).release_candidate_version, '1.0.0-rc1')
    const same = await history([
      ['1.0.0-rc1', 'success'],
      ['1.0.0-rc1', 'in_progress'],
      ['1.0.0-rc1', 'error'],
    ])
    t.assert.equal(((await rollBack(same)).body as Deployment).release_candidate_version, '1.0.0-rc1')
  })

  await t.test('cancels all that is under way, and counts only what had begun', async () => {
    const begun = await history([
      ['1.0.0-rc1', 'success'],
      ['1.0.0-rc2', 'success'],
      ['1.0.0-rc3', 'pending'],
      ['1.0.0-rc4', 'in_progress'],
      ['1.0.0-rc5', 'pending'],
    ])
    // The fourth may have been half done: what succeeded last is what is wanted.
    t.assert.equal(((await rollBack(begun)).body as Deployment).release_candidate_version, '1.0.0-rc2')
    t.assert.deepEqual(await shown(begun), [
      ['1.0.0-rc2', 'pending'],
      ['1.0.0-rc5', 'canceled'],
      ['1.0.0-rc4', 'canceled'],
      ['1.0.0-rc3', 'canceled'],
      ['1.0.0-rc2', 'success'],
      ['1.0.0-rc1', 'success'],
    ])
    const waiting = await history([
      ['1.0.0-rc1', 'success'],
      ['1.0.0-rc2', 'success'],
      ['1.0.0-rc3', 'pending'],
    ])
    t.assert.equal(((await rollBack(waiting)).body as Deployment).release_candidate_version, '1.0.0-rc1')
    // The rollback itself is under way: asked for once more, it is begun anew.
    t.assert.equal(((await rollBack(waiting)).body as Deployment).release_candidate_version, '1.0.0-rc1')
    t.assert.deepEqual((await shown(waiting)).slice(0, 2), [
      ['1.0.0-rc1', 'pending'],
      ['1.0.0-rc1', 'canceled'],
    ])
    // `unknown` is neither: nobody knows, so it is under way until somebody does.
  })

  await t.test('has nothing to go back to where nothing succeeded before', async () => {
    const untouched = await history([])
    t.assert.deepEqual(said(await rollBack(untouched)), nothing)
    t.assert.deepEqual(said(await rollBack(await history([['1.0.0-rc1', 'success']]))), nothing)
    t.assert.deepEqual(said(await rollBack(await history([['1.0.0-rc1', 'failure']]))), nothing)
    const pending = await history([['1.0.0-rc1', 'pending']])
    t.assert.deepEqual(said(await rollBack(pending)), nothing)
    // Refused as a whole: nothing was canceled.
    t.assert.deepEqual(await shown(pending), [['1.0.0-rc1', 'pending']])
    const twice = await history([
      ['1.0.0-rc1', 'failure'],
      ['1.0.0-rc2', 'error'],
    ])
    t.assert.deepEqual(said(await rollBack(twice)), nothing)
  })

  await t.test('goes to the candidate that is named', async () => {
    const project = await history([
      ['1.0.0-rc1', 'success'],
      ['1.0.0-rc2', 'success'],
      ['1.0.0-rc3', 'success'],
    ])
    const to = (release_candidate_version: unknown) => rollBack(project, { release_candidate_version })
    t.assert.equal(((await to('1.0.0-rc1')).body as Deployment).release_candidate_version, '1.0.0-rc1')
    t.assert.deepEqual(said(await to('1.0.0-rc9')), [404, { error: 'Release not found' }])
    t.assert.deepEqual(said(await to('1.0.0')), [400, { error: 'Invalid release candidate version' }])
  })

  await t.test('leaves a hold, against what comes by itself and what it led away from', async () => {
    const project = await open({ deploy_to: 'production' })
    for (const version of ['1.0.0-rc1', '1.0.0-rc2']) {
      await project.create(version)
      t.assert.deepEqual((await shown(project))[0], [version, 'pending'])
      await report(project, version, 'success')
    }
    t.assert.equal(((await rollBack(project)).body as Deployment).release_candidate_version, '1.0.0-rc1')
    await report(project, '1.0.0-rc1', 'success')
    const before = await shown(project)
    await project.create('1.0.0-rc3')
    t.assert.deepEqual(await shown(project), before)

    const ask = (release_candidate_version: string) =>
      call('POST', project.deployments(), { json: { release_candidate_version } })
    const { status, body } = await ask('1.0.0-rc2')
    t.assert.equal(status, 409)
    t.assert.match(
      (body as { error: string }).error,
      /^Environment production is held .* rolled back from\.$/,
    )
    // What is better comes in by hand.
    t.assert.equal((await ask('1.0.0-rc3')).status, 201)
    // What is reported is a fact all the same, and whoever looks is told.
    await report(project, '1.0.0-rc2', 'in_progress')
    const kinds = await house.ctx.db
      .selectFrom('event')
      .select('kind')
      .where('project_id', '=', project.shop.project.id)
      .where('kind', 'in', ['deployment.reported_despite', 'promotion.skipped'])
      .orderBy('kind')
      .execute()
    t.assert.deepEqual(
      kinds.map(({ kind }) => kind),
      ['deployment.reported_despite', 'promotion.skipped'],
    )
  })

  await t.test('a frozen environment refuses it, unless by force of who may', async () => {
    const project = await history([
      ['1.0.0-rc1', 'success'],
      ['1.0.0-rc2', 'success'],
    ])
    const { id: project_id } = project.shop.project
    await setFreeze(house.ctx, { project_id, reason: 'Nobody is at home.' })
    t.assert.deepEqual(said(await rollBack(project)), [400, { error: 'Environment is frozen' }])
    t.assert.deepEqual(said(await rollBack(project, { force: false })), [
      400,
      { error: 'Environment is frozen' },
    ])
    t.assert.equal((await rollBack(project, { force: true })).status, 403)
    t.assert.equal((await rollBack(project, { force: 1 })).status, 400)
    const forced = await call('POST', project.rollback(), {
      json: { force: true },
      token: house.tokens.admin,
    })
    t.assert.equal(forced.status, 201)
  })

  await t.test('asks for a project and an environment, and for no body', async () => {
    const project = await history([
      ['1.0.0-rc1', 'success'],
      ['1.0.0-rc2', 'success'],
    ])
    const nowhere = '/api/releases/nowhere/environments/production/rollback'
    t.assert.deepEqual(said(await call('POST', nowhere)), [404, { error: 'Release project not found' }])
    const absent = project.rollback('nothing')
    t.assert.deepEqual(said(await call('POST', absent)), [404, { error: 'Release environment not found' }])
    for (const text of ['[]', '7', '{'])
      t.assert.equal((await call('POST', project.rollback(), { text })).status, 400)
    const { viewer: token } = house.tokens
    t.assert.equal((await call('POST', project.rollback(), { token })).status, 403)
    t.assert.equal((await call('POST', project.rollback(), { token: null })).status, 401)
    // As curl sends it with the documented headers and nothing else.
    const headers = { 'content-type': 'application/json' }
    t.assert.equal((await call('POST', project.rollback(), { headers })).status, 201)
  })
})
