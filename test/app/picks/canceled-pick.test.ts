import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getCandidate } from '#app/candidates/get-candidate.ts'
import { dropCandidate } from '#app/picks/drop-candidate.ts'
import { pickAgain } from '#app/picks/pick-again.ts'
import { requestPick } from '#app/picks/request-pick.ts'
import { cancelRun } from '#app/runs/cancel-run.ts'
import { isDomainError } from '#domain/errors.ts'
import { sharedCodeHouse } from '../../code-house.ts'

/** Nobody works there: what is asked for stays asked for. */
const open = sharedCodeHouse({ HEADGATE_ROLE: 'api' })

test('who asks again while it is picked gets the same; what was canceled can be picked again, or dropped', async () => {
  const { as, ctx, ...house } = open()
  const shop = await house.shop()
  const rc1 = await shop.cut({ release: '1.0.0' })
  const commit = shop.repository.commit('fix', { 'b.txt': 'b\n' })
  const other = shop.repository.commit('other', { 'c.txt': 'c\n' })
  const asked = { project_id: shop.project.id, base: rc1.version, commit }
  const pick = async () => (await requestPick(as.releaser, asked))[0]!.candidate!
  const [first, second] = await Promise.all([pick(), pick()])
  assert.equal(second.id, first.id)
  assert.deepEqual([first.version, first.state, first.pick_state], ['1.0.0-rc2', 'picking', 'queued'])
  const notNow = (error: unknown) => isDomainError(error, 'not_possible_now')
  await assert.rejects(requestPick(ctx, { ...asked, commit: other }), notNow)
  await assert.rejects(pickAgain(ctx, { candidate_id: first.id }), notNow)
  await assert.rejects(dropCandidate(ctx, { candidate_id: first.id }), notNow)

  await cancelRun(as.releaser, { run_id: first.pick_run_id! })
  const failed = await getCandidate(ctx, { candidate_id: first.id })
  assert.deepEqual([failed.state, failed.allowed_actions], ['pick_failed', ['drop', 'pick_again']])
  const again = await pickAgain(as.releaser, { candidate_id: first.id })
  assert.deepEqual([again.state, again.pick_state, again.failure_detail], ['picking', 'queued', null])
  assert.notEqual(again.pick_run_id, first.pick_run_id)
  await cancelRun(as.releaser, { run_id: again.pick_run_id! })
  assert.equal((await dropCandidate(as.releaser, { candidate_id: first.id })).state, 'dropped')
  assert.equal((await pick()).version, '1.0.0-rc3')
})
