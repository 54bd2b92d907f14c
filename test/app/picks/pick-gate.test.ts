import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainGates } from '#app/deployments/explain-gates.ts'
import { listLive } from '#app/live/list-live.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { overrideGates } from '#app/overrides/override-gates.ts'
import { isDomainError } from '#domain/errors.ts'
import type { Deploy } from '#app/configuration/deploy-settings.ts'
import { sharedCodeHouse, type CodeHouse, type Shop } from '../../code-house.ts'
import { pickOne } from './picking.ts'

const open = sharedCodeHouse()
const command: Deploy = { executor: 'command', command: ['true'] }

/** What is live in production has a fix that was picked, and a release that was cut before is on its way there. */
async function fixed(house: CodeHouse) {
  const shop = await house.shop({ environments: [{ name: 'production', deploy: command }] })
  const { repository } = shop
  const rc1 = await shop.cut({ release: '1.0.0' })
  repository.commit('feat: more', { 'more.txt': 'more\n' })
  const next = await shop.cut({ release: '1.1.0' })
  const fix = repository.commit('Fix the till (#3)', { 'README.md': 'A better shop.\n' })
  assert.equal((await house.ended(await shop.deploy(rc1, 'production'))).state, 'succeeded')
  const rc2 = await pickOne(house, shop, { base: rc1.version, commit: fix })
  assert.equal((await house.ended(await shop.deploy(rc2, 'production'))).state, 'succeeded')
  return { shop, repository, rc1, rc2, next, fix }
}

const shutPick = (error: unknown) =>
  isDomainError(error, 'blocked') && error.details.blockers.map(({ code }) => code).join() === 'pick'

const setAside = (house: CodeHouse, deployment_id: string) =>
  overrideGates(house.as.approver, { deployment_id, gates: ['pick'], reason: 'the till is closed today' })

const gateOf = async (house: CodeHouse, shop: Shop, deployment_id: string) => {
  const environment_id = shop.environments.production!.id
  const { gates } = await explainGates(house.as.viewer, {
    project_id: shop.project.id,
    environment_id,
    deployment_id,
  })
  return gates.find(({ code }) => code === 'pick')!
}

test('what lacks a fix that is live waits until it has it, or until somebody takes that upon them', async () => {
  const house = open()
  const { shop, next, rc2, fix } = await fixed(house)
  await assert.rejects(shop.deploy(next, 'production', { when_shut: 'refuse' }), shutPick)
  const waiting = await shop.deploy(next, 'production')
  const gate = await gateOf(house, shop, waiting)
  assert.equal(gate.open, false)
  assert.equal(
    gate.detail,
    `It lacks what was picked and is live in production with ${rc2.version}: PR #3 “Fix the till”.`,
  )
  // Picked into that release too, it goes.
  const also = await pickOne(house, shop, { base: next.version, commit: fix })
  assert.equal(
    (await house.ended(await shop.deploy(also, 'production', { when_shut: 'refuse' }))).state,
    'succeeded',
  )
  assert.equal((await gateOf(house, shop, waiting)).open, false)
  await setAside(house, waiting)
  assert.equal((await house.ended(waiting)).state, 'succeeded')
})

test('what was cut with the fix in it passes, and so does what is live, and a rollback', async () => {
  const house = open()
  const { shop, rc1, rc2 } = await fixed(house)
  const refuse = { when_shut: 'refuse' } as const
  assert.equal((await house.ended(await shop.deploy(rc2, 'production', refuse))).state, 'succeeded')
  const cut = await shop.cut({ release: '1.2.0' })
  // Of the same commit, and nowhere.
  await shop.cut({ release: '1.1.5' })
  const id = await shop.deploy(cut, 'production', refuse)
  assert.equal((await house.ended(id)).state, 'succeeded')
  // It has the fix without a pick, and the fix is to stay.
  await assert.rejects(shop.deploy(rc1, 'production', refuse), (error) => {
    const [blocker] = isDomainError(error, 'blocked') ? error.details.blockers : []
    assert.match(blocker?.detail ?? '', /in production with 1\.2\.0-rc1: PR #3 “Fix the till”\.$/)
    return shutPick(error)
  })
  const again = await shop.deploy(rc2, 'production', refuse)
  assert.equal((await house.ended(again)).state, 'succeeded')
  await rollBack(house, shop, again)
  assert.deepEqual((await shop.deployments('production'))[0]?.slice(0, 2), [cut.version, 'succeeded'])
})

async function rollBack(house: CodeHouse, shop: Shop, deployment_id: string): Promise<void> {
  const environment_id = shop.environments.production!.id
  const { deployment } = await requestRollback(house.as.releaser, { environment_id, deployment_id })
  assert.equal((await house.ended(deployment.id)).state, 'succeeded')
}

test('one that waits for a fix goes once what has the fix is not live any more', async () => {
  const house = open()
  const { shop, next, rc1 } = await fixed(house)
  const waiting = await shop.deploy(next, 'production')
  assert.equal((await gateOf(house, shop, waiting)).open, false)
  const away = await shop.deploy(rc1, 'production')
  await setAside(house, away)
  assert.equal((await house.ended(away)).state, 'succeeded')
  assert.equal((await house.ended(waiting)).state, 'succeeded')
  const environment_id = shop.environments.production!.id
  const live = await listLive(house.as.viewer, { environment_id, limit: 1 })
  assert.equal(live[0]?.version, next.commit_sha)
})
