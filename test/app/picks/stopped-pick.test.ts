import { mkdirSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { getCandidate } from '#app/candidates/get-candidate.ts'
import { requestPick } from '#app/picks/request-pick.ts'
import { openCodeHouse, until } from '../../code-house.ts'

test('a pick whose push is called off by the end of the process is left to the next one', async (t: TestContext) => {
  const house = await openCodeHouse(t)
  const { ctx } = house
  const shop = await house.shop({ settings: { push: true } })
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
  house.house.mirrors.close()
  const dispatch = await until(
    () => ctx.db.selectFrom('dispatch').selectAll().where('run_id', '=', pick_run_id).executeTakeFirst(),
    (row) => row?.state !== 'begun',
    'the end of the push',
  )
  t.assert.equal(dispatch?.state, 'pausing')
  t.assert.equal((await getCandidate(ctx, { candidate_id: id })).state, 'picking')
})
