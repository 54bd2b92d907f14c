import { test, type TestContext } from 'node:test'
import { terraformOrSkip } from '../../infra-house.ts'
import { sharedDesk } from './open-desk.ts'

const shared = sharedDesk()
const config = (name: string, content: string) => ({ type: 'config', name, spec: { content } })
const busy = { status: 403, message: 'A deployment is already in progress', code: '403' }

test('what waits for approval keeps the cluster busy; approved, it becomes two logs', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const environments = [{ name: 'prod', approvals_needed: 1 }]
  const platform = await desk.house.platform({ resources: [config('a', 'one')], environments })
  const path = desk.deployments(platform)
  const pending = await desk.released('PUT', `${path}/release`, {}, ['PENDING_APPROVAL'])
  t.assert.deepEqual(
    [pending.status, pending.changesApplied?.length, pending.finishedOn],
    ['PENDING_APPROVAL', 1, undefined],
  )
  t.assert.deepEqual(await desk.errorOf('PUT', `${path}/release`), busy)
  t.assert.equal(platform.real('prod/a.config'), undefined)

  // Neither the author nor somebody who may not.
  for (const as of ['releaser', 'viewer'] as const)
    t.assert.equal((await desk.errorOf('POST', `${path}/${pending.id}/approveRelease`, { as })).status, 403)
  platform.write(config('a', 'changed since'))
  const { body } = await desk.call('POST', `${path}/${pending.id}/approveRelease`, { as: 'approver' })
  t.assert.deepEqual(
    [body.id, body.status, body.releaseReviewedBy, body.triggeredBy],
    [pending.id, 'APPROVED', 'approver@example.com', 'releaser@example.com'],
  )
  t.assert.match(body.approvedReleaseId!, /^[0-9a-f]{12}b[0-9a-f]{11}$/)
  const done = await desk.ended(path, body.approvedReleaseId!)
  t.assert.deepEqual([done.status, done.triggeredBy, done.changesApplied?.length], ['SUCCEEDED', '', 1])
  t.assert.equal((await desk.call('GET', `${path}/${pending.id}`)).body.status, 'APPROVED')
  // Exactly the plan that was looked at.
  t.assert.equal(platform.real('prod/a.config'), 'one')

  const found = async (query: string) =>
    (await desk.call<{ content: { id: string }[] }>('GET', `${path}/search?${query}`)).body.content.map(
      ({ id }) => id,
    )
  t.assert.deepEqual(await found(''), [done.id, pending.id])
  t.assert.deepEqual(await found('status=APPROVED'), [pending.id])
  t.assert.deepEqual(await found('status=SUCCEEDED'), [done.id])
  t.assert.deepEqual(await found('triggeredBy=Bot'), [done.id])
  t.assert.equal(
    (await desk.errorOf('POST', `${path}/${done.id}/approveRelease`, { as: 'approver' })).status,
    409,
  )
  t.assert.equal((await desk.errorOf('POST', `${path}/${pending.id}/abort`)).status, 409)
  await signsOff(t, desk, path, done.id!)
})

/** A mark that people look at, and nothing else. */
async function signsOff(t: TestContext, desk: ReturnType<typeof shared>, path: string, id: string) {
  t.assert.equal((await desk.errorOf('PUT', `${path}/${id}/signoff`)).status, 403)
  const { body } = await desk.call('PUT', `${path}/${id}/signoff`, { as: 'approver' })
  t.assert.deepEqual([body.id, body.signedOff], [id, true])
  const { body: list } = await desk.call<{ currentSignedOffDeployment: { id: string } }>('GET', path)
  t.assert.equal(list.currentSignedOffDeployment.id, id)
}

test('what is rejected changes nothing, and lets the next one in', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const environments = [{ name: 'prod', approvals_needed: 1 }]
  const platform = await desk.house.platform({ resources: [config('a', 'one')], environments })
  const path = desk.deployments(platform)
  const { id } = await desk.released('PUT', `${path}/release`, {}, ['PENDING_APPROVAL'])
  const { body: queued } = await desk.call('PUT', `${path}/release?canQueue=true`)
  t.assert.equal(queued.status, 'QUEUED')
  const { body } = await desk.call('POST', `${path}/${id}/rejectRelease`, { as: 'approver' })
  t.assert.deepEqual([body.id, body.status, body.releaseReviewedBy], [id, 'REJECTED', 'approver@example.com'])
  t.assert.equal((await desk.ended(path, queued.id!, ['PENDING_APPROVAL'])).status, 'PENDING_APPROVAL')
  t.assert.equal((await desk.call('POST', `${path}/${queued.id}/abort`)).status, 200)
  t.assert.equal((await desk.ended(path, queued.id!)).status, 'STOPPED')
  t.assert.equal(
    (await desk.errorOf('POST', `${path}/${queued.id}/rejectRelease`, { as: 'approver' })).status,
    409,
  )
  t.assert.equal(platform.real('prod/a.config'), undefined)
})

test('a busy cluster refuses, or queues in order; what waits can be aborted, and what runs be stopped', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const environments = [{ name: 'prod' }, { name: 'side' }]
  const platform = await desk.house.platform({ resources: [config('a', 'one')], environments })
  const path = desk.deployments(platform)
  const held = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  platform.onTouch = (operation, file) => {
    if (operation !== 'create' || !file.includes('prod')) return undefined
    begun.resolve()
    return held.promise
  }
  const { body: first } = await desk.call('PUT', `${path}/release`)
  await begun.promise
  t.assert.equal((await desk.call<string>('GET', `${path}/state`)).body, 'LAUNCHING')
  t.assert.deepEqual(await desk.errorOf('PUT', `${path}/release`), busy)
  t.assert.deepEqual(await desk.errorOf('PUT', `${path}/release?canQueue=False`), busy)
  const { body: second } = await desk.call('PUT', `${path}/release?canQueue=True&comment=second`)
  const { body: third } = await desk.call('PUT', `${path}/release?canQueue=true`)
  t.assert.deepEqual([second.status, third.status], ['QUEUED', 'QUEUED'])
  // Another cluster does not wait for this one.
  t.assert.equal(
    (await desk.released('PUT', `${desk.deployments(platform, 'side')}/release`)).status,
    'SUCCEEDED',
  )

  type Overview = {
    inProgressDeployments: { id: string }[]
    queuedReleases: { id: string; comment?: string }[]
  }
  const { body } = await desk.call<Overview>('GET', `${path}/overview`)
  t.assert.deepEqual(
    body.inProgressDeployments.map(({ id }) => id),
    [first.id],
  )
  t.assert.deepEqual(body.queuedReleases.map(({ id, comment }) => [id, comment]).toReversed(), [
    [second.id, 'second'],
    [third.id, undefined],
  ])
  t.assert.equal((await desk.call('POST', `${path}/${third.id}/abort`)).status, 200)
  t.assert.equal((await desk.call('GET', `${path}/${third.id}`)).body.status, 'STOPPED')
  const followed = desk.call<string>('GET', `${path}/${first.id}/logs/stream`)
  held.resolve()
  t.assert.equal((await desk.ended(path, first.id!)).status, 'SUCCEEDED')
  // Followed from the middle to the end.
  type Log = { logEventList: { message: string }[] }
  const { body: log } = await desk.call<Log>('GET', `${path}/${first.id}/logs`)
  t.assert.equal((await followed).body, log.logEventList.map(({ message }) => `${message}\n`).join(''))
  t.assert.equal((await desk.ended(path, second.id!)).status, 'FAULT')
  t.assert.equal((await desk.errorOf('POST', `${path}/${first.id}/abort`)).status, 409)
})

test('one resource goes back to what a release left, with a plan first', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one'), config('b', 'one')] })
  const path = desk.deployments(platform)
  const first = await desk.released('PUT', `${path}/release`)
  platform.write(config('a', 'two'))
  platform.write(config('b', 'two'))
  const simulated = await desk.call<object[]>('GET', `${path}/simulate`)
  t.assert.deepEqual(simulated.body, [
    ...['a', 'b'].map((resourceName) => ({
      ...{ changeType: 'BLUEPRINT_CHANGES', action: 'CHANGED', resourceType: 'config', resourceName },
      ...{ attribute: 'spec.content', oldValue: 'one', newValue: 'two' },
    })),
  ])
  await desk.released('PUT', `${path}/release`)
  t.assert.deepEqual((await desk.call<object[]>('GET', `${path}/simulate`)).body, [])
  const plan = await desk.released('POST', `${path}/${first.id}/config/a/rollback-plan`)
  t.assert.deepEqual(
    [
      plan.status,
      plan.releaseType,
      plan.deploymentType,
      plan.rollbackDeploymentId,
      plan.changesApplied?.length,
    ],
    ['SUCCEEDED', 'ROLLBACK_PLAN', 'ROLLBACK', first.id, 1],
  )
  t.assert.equal(platform.real('prod/a.config'), 'two')
  const json = { releaseType: 'APPLY_ROLLBACK_PLAN', planCodeBuildId: plan.id, overrideBuildSteps: [] }
  const applied = await desk.released('POST', path, { json })
  t.assert.deepEqual([applied.status, applied.releaseType], ['SUCCEEDED', 'APPLY_ROLLBACK_PLAN'])
  t.assert.equal(applied.rollbackDeploymentId, first.id)
  t.assert.deepEqual([platform.real('prod/a.config'), platform.real('prod/b.config')], ['one', 'two'])
  const request = { releaseType: 'ROLLBACK_PLAN', rollbackDeploymentId: first.id, overrideBuildSteps: [] }
  const b = [{ resourceName: 'b', resourceType: 'config' }]
  const again = await desk.released('POST', path, { json: { ...request, hotfixResources: b } })
  t.assert.deepEqual([again.status, again.releaseType], ['SUCCEEDED', 'ROLLBACK_PLAN'])
  const refused = await desk.errorOf('POST', path, { json: { ...request, hotfixResources: [...b, ...b] } })
  t.assert.match(refused.message, /^hotfixResources may name one resource/)
  t.assert.equal((await desk.errorOf('POST', `${path}/${first.id}/config/nowhere/rollback-plan`)).status, 404)
})
