import { test, type TestContext } from 'node:test'
import { openDesk, type Answer } from './open-desk.ts'

const build = '/api/v1/sync-build-github-action'
const deploy = '/api/v1/sync-deploy-github-action'

test('a workflow says which of its runs does what was dispatched', async (t: TestContext) => {
  // No engine: it would take what is only written down here for its own, and end it.
  const { house, call, open } = await openDesk(t, { HEADGATE_ROLE: 'api' })
  const { db, now, newId } = house.ctx
  const project = await open({ build: { executor: 'none' } })
  await project.create('1.0.0-rc1')
  const [candidate] = await db.selectFrom('candidate').selectAll().execute()
  const json = { release_candidate_version: '1.0.0-rc1' }
  const { id } = (await call('POST', project.deployments(), { json })).body as { id: number }
  const deployment = await db
    .selectFrom('deployment')
    .selectAll()
    .where('number', '=', id)
    .executeTakeFirstOrThrow()
  /** What was handed out to an executor, as the engine would write it down. */
  const handOut = async (subject: { deployment_id: string } | { run_id: string }, executor: string) => {
    const at = now()
    await db.deleteFrom('dispatch').execute()
    const beginning = { id: newId(), attempt: 1, executor, state: 'waiting' as const, begun_at: at }
    const deadline_at = new Date(at.getTime() + 3_600_000)
    const rest = { settings: '{}', progress: '{}', reported: 'null', tokens_sha256: [], deadline_at }
    await db
      .insertInto('dispatch')
      .values({ ...beginning, ...rest, ...subject })
      .execute()
    return async () => {
      const query = db.selectFrom('dispatch').select('outside_id').where('id', '=', beginning.id)
      return (await query.executeTakeFirstOrThrow()).outside_id
    }
  }
  const said = ({ status, body }: Answer) => [status, body]

  await t.test('where nothing was handed out there is nothing to keep, and the step goes on', async () => {
    const bound = { deployment_id: String(id), workflow_run_id: '11' }
    t.assert.deepEqual(said(await call('POST', deploy, { json: bound })), [200, { status: 'ok' }])
    const cut = { release_cut_id: candidate!.ordinal, workflow_run_id: 11 }
    t.assert.deepEqual(said(await call('POST', build, { json: cut })), [200, { status: 'ok' }])
  })

  await t.test('ids come as text and as numbers, and may be larger than 32 bit', async () => {
    for (const [deployment_id, workflow_run_id] of [
      [String(id), '30433642'],
      [id, 98_765_432_101],
      [` ${id} `, '18446744073709551615'],
      [id, '18446744073709551615'],
    ] as const) {
      const kept = await handOut({ deployment_id: deployment.id }, 'github-actions')
      const answer = await call('POST', deploy, { json: { deployment_id, workflow_run_id, more: [] } })
      t.assert.deepEqual(said(answer), [200, { status: 'ok' }])
      t.assert.equal(await kept(), String(workflow_run_id))
    }
    // A run of another executor is called by that one's own names.
    const kept = await handOut({ deployment_id: deployment.id }, 'webhook')
    t.assert.equal(
      (await call('POST', deploy, { json: { deployment_id: id, workflow_run_id: 7 } })).status,
      200,
    )
    t.assert.equal(await kept(), null)
  })

  await t.test('what is none is refused, and what is not there is not found', async () => {
    const one = { deployment_id: id, workflow_run_id: '7' }
    const bad = [undefined, null, '', 'x', 0, -1, 1.5, 1e300, '0x10', '01', '9'.repeat(40), [7], {}, true]
    for (const value of bad) {
      t.assert.equal((await call('POST', deploy, { json: { ...one, deployment_id: value } })).status, 400)
      t.assert.equal((await call('POST', deploy, { json: { ...one, workflow_run_id: value } })).status, 400)
      const cut = { release_cut_id: value, workflow_run_id: '7' }
      t.assert.equal((await call('POST', build, { json: cut })).status, 400)
    }
    for (const absent of [999_999, '9007199254740991']) {
      const cut = { release_cut_id: absent, workflow_run_id: '7' }
      t.assert.deepEqual(said(await call('POST', build, { json: cut })), [
        404,
        { error: 'Release cut not found' },
      ])
      const gone = { ...one, deployment_id: absent }
      t.assert.deepEqual(said(await call('POST', deploy, { json: gone })), [
        404,
        { error: 'Deployment not found' },
      ])
    }
  })

  await t.test('who may not deploy or cut here binds nothing', async () => {
    const bound = { deployment_id: id, workflow_run_id: '7' }
    const cut = { release_cut_id: candidate!.ordinal, workflow_run_id: '7' }
    const { viewer: token } = house.tokens
    t.assert.equal((await call('POST', deploy, { json: bound, token })).status, 403)
    t.assert.equal((await call('POST', build, { json: cut, token })).status, 403)
    t.assert.equal((await call('POST', deploy, { json: bound, token: null })).status, 401)
  })
})
