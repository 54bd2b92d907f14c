import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { getCandidate } from '#app/candidates/get-candidate.ts'
import { rebuildCandidate } from '#app/candidates/rebuild-candidate.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { retryDeployment } from '#app/deployments/retry-deployment.ts'
import { readLog } from '#app/logs/read-log.ts'
import { cancelRun } from '#app/runs/cancel-run.ts'
import { sharedCodeHouse, until } from '../../code-house.ts'
import { refusal } from '../refusal.ts'

const open = sharedCodeHouse()
const sh = (script: string) => ({ executor: 'command', command: ['sh', '-c', script] })

/** A folder of the test's own. */
async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'headgate-build-'))
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

async function kindsOf(subject_id: string): Promise<string[]> {
  const query = open().ctx.db.selectFrom('event').select('kind').where('subject_id', '=', subject_id)
  return (await query.orderBy('id').execute()).map(({ kind }) => kind)
}

test('a candidate is built by a real command, which knows it, and is ready when that is done', async (t: TestContext) => {
  const house = open()
  const build = {
    ...sh('echo "built $HEADGATE_CANDIDATE of $HEADGATE_COMMIT for $WHO"'),
    environment: { WHO: 'Ada' },
  }
  const shop = await house.shop({ build })
  const cut = await shop.cut({ version: '1.0.0-rc1' })
  t.assert.deepEqual([cut.state, cut.build_state, cut.ready_at], ['building', 'queued', null])
  const ready = await house.settled(cut.id)
  t.assert.deepEqual([ready.state, ready.build_state, ready.failure_detail], ['ready', 'succeeded', null])
  t.assert.ok(ready.ready_at)
  const run_id = cut.build_run_id!
  const { lines } = await readLog(house.ctx, { run_id, after: 0, limit: 100 })
  const said = lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text)
  t.assert.deepEqual(said, [`built 1.0.0-rc1 of ${cut.commit_sha} for Ada`])
  t.assert.deepEqual(await kindsOf(cut.id), ['candidate.cut', 'candidate.ready'])
  const limit = await house.ctx.db
    .selectFrom('dispatch')
    .innerJoin('run', 'run.id', 'dispatch.run_id')
    .select(['deadline_at', 'started_at'])
    .where('run_id', '=', run_id)
    .executeTakeFirstOrThrow()
  t.assert.equal(
    limit.deadline_at.getTime() - limit.started_at!.getTime(),
    3_600_000,
    'an hour, where nothing is said',
  )
})

test('without a build, or where none is wanted, a candidate is ready at once', async (t: TestContext) => {
  const house = open()
  t.assert.equal((await (await house.shop()).cut()).state, 'ready')
  const shop = await house.shop({ build: sh('exit 1') })
  const cut = await shop.cut({ build: false })
  t.assert.deepEqual([cut.state, cut.build_run_id], ['ready', null])
})

test('a build that fails leaves a candidate that cannot be deployed until it is built again', async (t: TestContext) => {
  const house = open()
  const path = await folder(t)
  const shop = await house.shop({
    build: sh(`test -e ${path}/fixed || exit 1; until test -e ${path}/go; do sleep 0.05; done`),
  })
  const cut = await shop.cut({ version: '1.0.0-rc1' })
  const failed = await house.settled(cut.id)
  t.assert.equal(failed.state, 'build_failed')
  t.assert.match(failed.failure_detail!, /1/)
  const no = await refusal(() => shop.deploy(cut, 'staging'), 'not_possible_now')
  t.assert.deepEqual(no, { what: 'candidate', id: '1.0.0-rc1', state: 'build_failed', action: 'deploy' })
  const again = await shop.cut({ version: '1.0.0-rc1', commit: cut.commit_sha! })
  t.assert.deepEqual([again.id, again.state], [cut.id, 'build_failed'], 'cutting it again builds nothing')

  await writeFile(join(path, 'fixed'), '')
  const rebuilding = await rebuildCandidate(house.as.releaser, { candidate_id: cut.id })
  t.assert.deepEqual([rebuilding.state, rebuilding.build_run_id === cut.build_run_id], ['building', false])
  await refusal(() => rebuildCandidate(house.ctx, { candidate_id: cut.id }), 'not_possible_now')
  await writeFile(join(path, 'go'), '')
  t.assert.equal((await house.settled(cut.id)).state, 'ready')
  t.assert.deepEqual(await kindsOf(cut.id), ['candidate.cut', 'candidate.build_failed', 'candidate.ready'])
  await shop.deploy(cut, 'staging')
  await refusal(() => rebuildCandidate(house.as.viewer, { candidate_id: cut.id }), 'forbidden')
})

test('a build that is canceled has failed', async (t: TestContext) => {
  const house = open()
  const path = await folder(t)
  const shop = await house.shop({ build: sh(`touch ${path}/begun; sleep 600`) })
  const cut = await shop.cut()
  await until(
    async () => existsSync(join(path, 'begun')),
    (there) => there,
    'the build',
  )
  await cancelRun(house.ctx, { run_id: cut.build_run_id! })
  const ended = await house.settled(cut.id)
  t.assert.deepEqual([ended.state, ended.build_state], ['build_failed', 'canceled'])
})

test('what is deployed, or waits for it, is not built again under its hands', async (t: TestContext) => {
  const house = open()
  const environments = [{ name: 'staging', deploy: sh('exit 1') }]
  const shop = await house.shop({ build: sh('exit 1'), environments })
  const cut = await shop.cut({ build: false })
  const later = { due_at: new Date(house.clock.now.getTime() + 3_600_000) }
  const waiting = await shop.deploy(cut, 'staging', later)
  const rebuild = () => rebuildCandidate(house.ctx, { candidate_id: cut.id })
  t.assert.equal((await refusal(rebuild, 'in_use')).what, 'candidate')
  await cancelDeployment(house.ctx, { deployment_id: waiting })
  const failed = await shop.deploy(cut, 'staging')
  t.assert.equal((await house.ended(failed)).state, 'failed')
  await rebuild()
  t.assert.equal((await house.settled(cut.id)).state, 'build_failed')
  const retry = () => retryDeployment(house.ctx, { deployment_id: failed })
  t.assert.equal((await refusal(retry, 'not_possible_now')).state, 'build_failed')
})

test('what builds nothing is not built again, and an older build says nothing about a newer one', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop()
  const cut = await shop.cut()
  await refusal(() => rebuildCandidate(house.ctx, { candidate_id: cut.id }), 'invalid')
  t.assert.deepEqual((await getCandidate(house.ctx, { candidate_id: cut.id })).allowed_actions, [
    'deploy',
    'build',
  ])
})
