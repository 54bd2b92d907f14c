import { mkdirSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { getCandidate } from '#app/candidates/get-candidate.ts'
import { requestPick } from '#app/picks/request-pick.ts'
import { cancelRun } from '#app/runs/cancel-run.ts'
import { sharedCodeHouse, until } from '../../code-house.ts'

const house = sharedCodeHouse()

/** A pick whose push does not come to an end. */
async function pushing() {
  const { ctx, ...open } = house()
  const shop = await open.shop({ settings: { push: true } })
  const { folder, commit, git } = shop.repository
  const [hooks, begun] = [join(folder, '.git/slow'), join(folder, '.git/begun')]
  mkdirSync(hooks)
  writeFileSync(join(hooks, 'pre-receive'), `#!/bin/sh\ntouch ${begun}\nexec sleep 60\n`, { mode: 0o755 })
  git('config', 'core.hooksPath', hooks)
  const { version: base } = await shop.cut()
  const fix = commit('fix', { 'b.txt': 'b\n' })
  const [asked] = await requestPick(ctx, { project_id: shop.project.id, base, commit: fix })
  const { id, pick_run_id } = asked!.candidate!
  await until(
    async () => existsSync(begun),
    (there) => there,
    'the push',
  )
  return { ctx, id, pick_run_id }
}

test('a pick that is canceled while it pushes ends', async (t: TestContext) => {
  const { ctx, id, pick_run_id } = await pushing()
  await cancelRun(ctx, { run_id: pick_run_id! })
  t.assert.equal((await house().settled(id)).state, 'pick_failed')
})

test('a pick whose push is called off by the end of the process is left to the next one', async (t: TestContext) => {
  const { ctx, id, pick_run_id } = await pushing()
  house().house.mirrors.close()
  const dispatch = await until(
    () => ctx.db.selectFrom('dispatch').selectAll().where('run_id', '=', pick_run_id).executeTakeFirst(),
    (row) => row?.state !== 'begun',
    'the end of the push',
  )
  t.assert.equal(dispatch?.state, 'pausing')
  t.assert.equal((await getCandidate(ctx, { candidate_id: id })).state, 'picking')
})
