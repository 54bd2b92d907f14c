import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listPicksOfCandidates } from '#app/picks/list-picks.ts'
import { previewPick } from '#app/picks/preview-pick.ts'
import { requestPick, type PickRequest } from '#app/picks/request-pick.ts'
import { sharedCodeHouse, type CodeHouse, type Shop } from '../../code-house.ts'

const open = sharedCodeHouse()

/** Asks for a pick as the releaser, and waits for what becomes of it. */
async function pick(house: CodeHouse, shop: Shop, request: Omit<PickRequest, 'project_id'>) {
  const answers = await requestPick(house.as.releaser, { project_id: shop.project.id, ...request })
  const settled = []
  for (const { candidate, included } of answers)
    settled.push(candidate ? await house.settled(candidate.id) : included)
  return settled
}

test('a pick becomes the next candidate of its release, ready to be deployed', async () => {
  const house = await open()
  const shop = await house.shop()
  const { repository } = shop
  const rc1 = await shop.cut({ release: '1.0.0' })
  repository.commit('feat: more', { 'more.txt': 'more\n' })
  const fix = repository.commit('Fix the till (#3)', { 'README.md': 'A better shop.\n' })
  const [rc2] = await pick(house, shop, { base: rc1.version, commit: fix.slice(0, 8) })
  assert.ok(rc2 && typeof rc2 === 'object')
  assert.deepEqual(
    [rc2.version, rc2.state, rc2.base_version, rc2.number, rc2.picks, rc2.failure_detail],
    ['1.0.0-rc2', 'ready', '1.0.0-rc1', 2, 1, null],
  )
  assert.notEqual(rc2.commit_sha, fix)
  const [row] = await listPicksOfCandidates(house.as.viewer, [rc2.id])
  assert.deepEqual(
    [row?.source_sha, row?.outcome, row?.commit_sha, row?.pull_request, row?.title],
    [fix, 'picked', rc2.commit_sha, 3, 'Fix the till'],
  )
})
