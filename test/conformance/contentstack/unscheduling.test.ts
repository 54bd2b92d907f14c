import { test, type TestContext } from 'node:test'
import { eventually, openStack, upload } from './open-stack.ts'
import { type Row, hour, entryOf, queue } from './queue-steps.ts'

test('what is scheduled can be unscheduled by its rows, once', async (t: TestContext) => {
  const stack = await openStack(t)
  const { ask, house } = stack
  const [one, two] = [await entryOf(stack, 'One'), await entryOf(stack, 'Two')]
  const scheduled_at = new Date(house.clock.now.getTime() + hour).toISOString()
  const item = (uid: string) => ({ uid, content_type_uid: 'page', locale: 'en-us', action: 'publish' })
  const releaseOf = async (name: string) => {
    const { release } = (await ask('POST', '/releases', { release: { name } })).body
    await ask('POST', `/releases/${release.uid}/items`, { items: [item(one), item(two)] })
    return release.uid as string
  }
  const lockOf = async (uid: string) => {
    const { release } = (await ask('GET', `/releases/${uid}`)).body
    return [release.locked, release.sys_locked]
  }
  const unschedule = (row: Row | undefined) => ask('GET', `/publish-queue/${row?.uid}/unschedule`)

  await t.test('a release by its row, environment by environment; with the last its lock goes', async () => {
    const uid = await releaseOf('R')
    const release = { environments: ['production', 'staging'], scheduledAt: scheduled_at }
    await ask('POST', `/releases/${uid}/deploy`, { release })
    const rows = await queue(stack)
    t.assert.deepEqual(
      [rows.length, ...new Set(rows.map(({ publish_details: { status } }) => status))],
      [6, 'scheduled'],
    )
    t.assert.equal(new Date(rows[0]!['scheduled_at'] as string).toISOString(), scheduled_at)
    t.assert.deepEqual(await lockOf(uid), [true, true])
    const wholes = rows.filter(({ type }) => type === 'release')
    t.assert.deepEqual((await unschedule(wholes[0])).body, {
      notice: 'Release unscheduled successfully.',
      unscheduled_items: 2,
    })
    t.assert.deepEqual(await lockOf(uid), [true, true], 'the other environment still waits')
    const item = (await queue(stack)).find(
      ({ type, publish_details }) => type === 'entry' && publish_details.status === 'scheduled',
    )
    t.assert.equal((await unschedule(item)).body.notice, 'Release unscheduled successfully.')
    t.assert.deepEqual(await lockOf(uid), [false, false])
    const left = await queue(stack)
    t.assert.deepEqual([...new Set(left.map(({ publish_details: { status } }) => status))], ['canceled'])
    t.assert.deepEqual(
      left.map((row) => row.uid),
      rows.map((row) => row.uid),
      'rows keep their uids',
    )
    const { body } = await ask('GET', `/bulk/jobs/${rows[0]!['bulkJobId'] as string}`, undefined, {
      api_version: '3.2',
    })
    t.assert.deepEqual([body.body.published_at, body.body.scheduled_at], ['', scheduled_at])
    const again = await unschedule(wholes[0])
    t.assert.deepEqual([again.status, again.body.error_code], [422, 141])
    t.assert.match(again.body.error_message, /canceled/)
  })

  await t.test('the lock of one that was deployed before stays', async () => {
    const uid = await releaseOf('Deployed')
    await ask('POST', `/releases/${uid}/deploy`, { release: { environments: ['production'] } })
    await eventually(async () => t.assert.deepEqual(await lockOf(uid), [true, false]))
    await ask('POST', `/releases/${uid}/deploy`, { release: { environments: ['production'], scheduled_at } })
    t.assert.equal((await unschedule((await queue(stack))[0])).status, 200)
    t.assert.deepEqual(await lockOf(uid), [true, false])
  })

  await t.test('an entry, an asset, and what is published already', async () => {
    const body = {
      entry: { environments: ['production'], locales: ['en-us'] },
      locale: 'en-us',
      scheduled_at,
    }
    await ask('POST', `/content_types/page/entries/${one}/publish`, body)
    t.assert.deepEqual((await unschedule((await queue(stack))[0])).body, {
      notice: 'Entry unscheduled successfully.',
      unscheduled_items: 1,
    })
    const headers = { authtoken: stack.authtoken, api_key: stack.api_key }
    const { asset } = (await upload(house.url, headers)).body
    const sent = await ask('POST', `/assets/${asset.uid}/publish`, {
      ...{ asset: { environments: ['production'], locales: ['en-us'] }, scheduled_at },
    })
    t.assert.equal(sent.body.notice, 'Asset sent for publishing.')
    t.assert.equal((await unschedule((await queue(stack))[0])).body.notice, 'Asset unscheduled successfully.')
    await ask('POST', `/content_types/page/entries/${two}/unpublish`, {
      entry: { environments: ['production'], locales: ['en-us'] },
    })
    const row = await eventually(async () => {
      const [first] = await queue(stack)
      if (first?.publish_details.status !== 'success') throw new Error('not yet')
      return first
    })
    t.assert.equal(row.action, 'unpublish')
    const late = await unschedule(row)
    t.assert.deepEqual([late.status, late.body.error_code], [422, 141])
  })
})

test('a token that only reads the queue unschedules nothing, though that is a GET', async (t: TestContext) => {
  const stack = await openStack(t)
  const { ask, house } = stack
  const scheduled_at = new Date(house.clock.now.getTime() + hour).toISOString()
  const one = await entryOf(stack, 'One')
  const entries = [{ uid: one, content_type: 'page', locale: 'en-us' }]
  const body = { entries, environments: ['production'], scheduled_at }
  await ask('POST', '/bulk/publish', body)
  const [row] = await queue(stack)
  const tokenOf = async (...modules: object[]) => {
    const scope = [...modules, { module: 'branch', branches: ['main'], acl: { read: true } }]
    const { token } = (await ask('POST', '/stacks/management_tokens', { token: { name: 'T', scope } })).body
    return (method: string, path: string, sent?: object) =>
      ask(method, path, sent, { authtoken: '', authorization: token.token })
  }
  const reader = await tokenOf({ module: 'publish_queue', acl: { read: true } })
  t.assert.equal((await reader('GET', '/publish-queue')).body.queue.length, 1)
  t.assert.equal((await reader('GET', `/publish-queue/${row!.uid}/unschedule`)).status, 403)
  t.assert.equal((await reader('POST', '/bulk/publish', body)).status, 403)
  t.assert.equal((await reader('POST', '/bulk/delete', { entries })).status, 403)
  const acl = { read: true, write: true }
  const writer = await tokenOf({ module: 'publish_queue', acl }, { module: 'entry', acl })
  const sent = await writer('POST', '/bulk/publish', { ...body, environments: ['staging'] })
  t.assert.equal(sent.status, 200, JSON.stringify(sent.body))
  const [own] = await queue(stack)
  const undone = await writer('GET', `/publish-queue/${own!.uid}/unschedule`)
  t.assert.deepEqual([undone.status, undone.body.notice], [200, 'Entry unscheduled successfully.'])

  // Both sorts are said in one request: the scope is asked about each.
  const assets = await tokenOf({ module: 'asset', acl })
  for (const [method, path, body] of [
    ['POST', '/bulk/publish', { entries, environments: ['staging'] }],
    ['POST', '/bulk/unpublish', { entries, environments: ['staging'] }],
    ['POST', '/bulk/delete', { entries }],
    ['GET', `/publish-queue/${row!.uid}/unschedule`],
  ] as const) {
    const answer = await assets(method, path, body)
    t.assert.deepEqual([answer.status, answer.body.error_code], [403, 316], path)
  }
  const theirs = await writer('POST', '/bulk/delete', { assets: [{ uid: 'blt0' }] })
  t.assert.equal(theirs.status, 403)
  t.assert.equal((await writer('POST', '/bulk/delete', { entries })).status, 200)
})

test('what waits for people says why', async (t: TestContext) => {
  const stack = await openStack(t)
  const { ask, house } = stack
  const one = await entryOf(stack, 'One')
  const key = (await house.client.listProjects()).items[0]!.key
  const publish = async () => {
    const sent = {
      entries: [{ uid: one, content_type: 'page', locale: 'en-us' }],
      environments: ['production'],
    }
    return (await ask('POST', '/bulk/publish', sent)).body.job_id as string
  }
  const rowOf = async (job: string) => (await queue(stack, `bulkJobId=${job}`))[0]!
  const json = { approvals: { count: 1 } }
  await house.ask(`/headgate/v1/projects/${key}/environments/production`, { method: 'PATCH', json })

  await t.test('for somebody to agree', async () => {
    const job = await publish()
    const row = await eventually(async () => {
      const found = await rowOf(job)
      if (found.publish_details.status !== 'pending') throw new Error(found.publish_details.status)
      return found
    })
    t.assert.deepEqual([row['approval'], row['approved'], row['rejected']], [true, false, false])
    t.assert.match(row.publish_details.message ?? '', /1.* Who: an approver/)
    const summary = (await ask('GET', `/bulk/jobs/${job}`, undefined, { api_version: '3.2' })).body.summary
    t.assert.deepEqual([summary.approvals, summary.state], [1, 'waiting'])
    const { id } = await house.store.db.selectFrom('deployment').select('id').executeTakeFirstOrThrow()
    const { plan_digest } = await house.client.getDeployment(`dep_${id.replaceAll('-', '')}`)
    await house.client.rejectDeployment(`dep_${id.replaceAll('-', '')}`, plan_digest!, 'not today')
    const rejected = await rowOf(job)
    t.assert.deepEqual(
      [rejected.publish_details.status, rejected['approval'], rejected['rejected']],
      ['failed', false, true],
    )
  })

  await t.test('for a freeze to end', async () => {
    await house.client.freeze(key, 'production', { kind: 'emergency', reason: 'The shop is full' })
    const row = await rowOf(await publish())
    t.assert.equal(row.publish_details.status, 'pending')
    t.assert.match(row.publish_details.message ?? '', /The shop is full/)
    const refused = await ask('GET', `/publish-queue/${row.uid}/unschedule`)
    t.assert.deepEqual([refused.status, refused.body.error_code], [422, 141], 'it was not scheduled')
  })
})
