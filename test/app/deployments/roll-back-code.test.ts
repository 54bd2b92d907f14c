import { test, type TestContext } from 'node:test'
import { getHold } from '#app/holds/get-hold.ts'
import { requestRollback, type RollbackRequest } from '#app/deployments/request-rollback.ts'
import { reportCandidate } from '#app/deployments/report-candidate.ts'
import { rollBackCode } from '#app/deployments/roll-back-code.ts'
import type { ReportedStatus } from '#domain/reported-status.ts'
import { openCodeHouse } from '../../code-house.ts'
import { answerOf } from '../refusal.ts'

const rc = (number: number) => `1.0.0-rc${number}`

test('taking an environment of code back', async (t: TestContext) => {
  const { ctx, as, shop: openShop } = await openCodeHouse(t)
  const names = Array.from({ length: 12 }, (_, index) => `place-${index}`)
  const shop = await openShop({ environments: names.map((name) => ({ name })) })
  for (const number of [1, 2, 3]) await shop.cut({ version: rc(number), commit: shop.repository.head() })

  /** An environment in which these words were reported of candidates. */
  const place = async (...words: [candidate: number, word: ReportedStatus][]) => {
    const name = names.pop()!
    const here = { project_id: shop.project.id, environment_id: shop.environments[name]!.id }
    const report = (candidate: number, status: ReportedStatus) =>
      reportCandidate(as.releaser, { ...here, version: rc(candidate), status })
    const ids: string[] = []
    for (const [candidate, word] of words) ids.push(await report(candidate, word))
    const rollBack = async (request: Partial<RollbackRequest> = {}) => {
      const { deployment } = await requestRollback(as.releaser, { ...here, ...request })
      return { id: deployment.id, version: `${deployment.release_name}-rc${deployment.revision_number}` }
    }
    const named = async () => {
      const { revision_ids = [] } = (await getHold(ctx, here)) ?? {}
      if (revision_ids.length === 0) return []
      const query = ctx.db.selectFrom('candidate').select('version').where('revision_id', 'in', revision_ids)
      return (await query.orderBy('version').execute()).map(({ version }) => version)
    }
    return { ...here, name, ids, report, rollBack, named }
  }
  const goes = async (at: Awaited<ReturnType<typeof place>>, request?: Partial<RollbackRequest>) => {
    const { version } = await at.rollBack(request)
    await at.report(Number(version.slice(-1)), 'success')
    return version
  }

  await t.test('asked for twice it goes two steps back, and holds what it came from', async () => {
    const at = await place([1, 'success'], [2, 'success'], [3, 'success'])
    t.assert.equal(await goes(at), rc(2))
    t.assert.deepEqual(await at.named(), [rc(3)])
    t.assert.equal(await goes(at), rc(1))
    t.assert.deepEqual(await at.named(), [rc(2), rc(3)])
    t.assert.equal(await answerOf(() => at.rollBack()), 'not_found')
  })

  await t.test('a rollback can be put back by its name', async () => {
    const at = await place([1, 'success'], [2, 'success'])
    const { id } = await at.rollBack()
    await at.report(1, 'success')
    t.assert.equal(await goes(at, { deployment_id: id }), rc(2))
    t.assert.deepEqual(await at.named(), [rc(1)])
  })

  await t.test('what failed or is under way is what it leads away from', async () => {
    const failed = await place([1, 'success'], [2, 'failure'])
    t.assert.equal((await failed.rollBack()).version, rc(1))
    t.assert.deepEqual(await failed.named(), [rc(2)])
    const begun = await place([1, 'success'], [2, 'in_progress'], [3, 'pending'])
    t.assert.equal((await begun.rollBack()).version, rc(1))
    t.assert.deepEqual(await shop.deployments(begun.name), [
      [rc(1), 'queued', 'person'],
      [rc(3), 'canceled', 'person'],
      [rc(2), 'canceled', 'person'],
      [rc(1), 'succeeded', 'person'],
    ])
  })

  await t.test('what failed the second time is not named for what succeeded the first time', async () => {
    const at = await place([1, 'success'], [1, 'in_progress'], [1, 'failure'])
    t.assert.equal((await at.rollBack()).version, rc(1))
    t.assert.deepEqual([await at.named(), (await getHold(ctx, at)) === undefined], [[], false])
  })

  await t.test('what is only looked at, or to come later, cancels and holds nothing', async () => {
    for (const terms of [{ dry_run: true }, { due_at: new Date(ctx.now().getTime() + 3_600_000) }]) {
      const at = await place([1, 'success'], [2, 'success'], [3, 'pending'])
      t.assert.equal((await at.rollBack(terms)).version, rc(1))
      t.assert.equal((await shop.deployments(at.name)).find(([version]) => version === rc(3))?.[1], 'queued')
      t.assert.equal(await getHold(ctx, at), undefined)
    }
  })

  await t.test('a deployment that is not the newest leads to what was before it', async () => {
    const at = await place([1, 'success'], [2, 'success'], [3, 'success'])
    t.assert.equal((await at.rollBack({ deployment_id: at.ids[1]! })).version, rc(1))
    const other = await place([1, 'success'])
    t.assert.equal(await answerOf(() => at.rollBack({ deployment_id: other.ids[0]! })), 'not_found')
  })

  await t.test('a candidate that is named is where it leads to', async () => {
    const at = await place([1, 'success'], [2, 'success'], [3, 'success'])
    t.assert.equal((await at.rollBack({ version: rc(1) })).version, rc(1))
    t.assert.deepEqual(await at.named(), [rc(3)])
    t.assert.equal(await answerOf(() => at.rollBack({ version: rc(9) })), 'not_found')
  })

  await t.test('what never ran there is not brought in past the hold as a rollback', async () => {
    const at = await place([1, 'success'], [2, 'failure'])
    for (const number of [2, 3])
      t.assert.equal(await answerOf(() => at.rollBack({ version: rc(number) })), 'not_found')
    t.assert.equal(await answerOf(() => rollBackCode(as.releaser, { ...at, version: rc(3) })), 'not_found')
    t.assert.equal(await getHold(ctx, at), undefined)
  })

  await t.test('nobody rolls back where they may not', async () => {
    const at = await place([1, 'success'], [2, 'success'])
    t.assert.equal(await answerOf(() => rollBackCode(as.viewer, at)), 'forbidden')
    t.assert.equal(
      await answerOf(() => rollBackCode(as.releaser, { ...at, environment_id: ctx.newId() })),
      'not_found',
    )
  })
})
