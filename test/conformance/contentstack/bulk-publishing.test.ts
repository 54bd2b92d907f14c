import { test, type TestContext } from 'node:test'
import { bulk_version, api_version, inProgress, entryOf, releaseOf, reference, over } from './bulk-steps.ts'
import { eventually, openStack, upload } from './open-stack.ts'

test('entries and assets are published, taken away and deleted in bulk', async (t: TestContext) => {
  const stack = await openStack(t)
  const { ask, deliver, house } = stack
  const bulk = stack.stack.bulkOperation()
  const { asset } = (await upload(house.url, { authtoken: stack.authtoken, api_key: stack.api_key })).body
  const leaf = await entryOf(stack, 'Leaf', { picture: asset.uid })
  const root = await entryOf(stack, 'Root', reference(leaf))
  const plain = await entryOf(stack, 'Plain')
  await ask('PUT', `/content_types/page/entries/${plain}`, { entry: { title: 'Plain 2' } })
  await ask('PUT', `/content_types/page/entries/${plain}?locale=fr-fr`, { entry: { title: 'Uni' } })
  const environments = ['production', 'staging']
  const entry = (uid: string, more: object = {}) => ({ uid, content_type: 'page', locale: 'en-us', ...more })
  const titleOf = async (uid: string, locale = 'en-us', environment = 'production') =>
    (await deliver(environment, `/content_types/page/entries/${uid}?locale=${locale}`)).body.entry?.title

  await t.test('each in each language and environment, as one job', async () => {
    const details = {
      entries: [entry(plain, { version: 1 })],
      ...{ assets: [{ uid: asset.uid }], locales: ['en-us', 'fr-fr'], environments },
    }
    const { notice, job_id } = await bulk.publish({ details, api_version })
    t.assert.equal(notice, inProgress('publish'))
    const job = await over(stack, job_id)
    t.assert.partialDeepStrictEqual(job, {
      ...{ uid: job_id, action: 'publish', status: 'complete', type: 'bulk_publish' },
      body: { branch: 'main', locales: ['en-us', 'fr-fr'], scheduled_at: '' },
      summary: { state: 'completed', total_processed: 8, success: 8, unsuccess: 0, skip: 0, approvals: 0 },
    })
    t.assert.equal(job.body.environments.length, 2)
    t.assert.deepEqual(
      [await titleOf(plain), await titleOf(plain, 'fr-fr', 'staging')],
      ['Plain', 'Uni'],
      'the version belongs to its language',
    )
    const { items, total_count } = await bulk.getJobItems(job_id, { include_count: true })
    t.assert.deepEqual([items.length, total_count], [8, 8])
    const rest = await bulk.getJobItems(job_id, { include_count: true, skip: 5 })
    t.assert.deepEqual([rest.items.length, rest.skip, rest.total_count], [3, 5, 8])
    t.assert.partialDeepStrictEqual(
      items.find((one: Record<string, string>) => one['type'] === 'asset'),
      { uid: asset.uid, locale: '', version: 1, publish_details: { status: 'success' }, depth: 0 },
    )
    const { queue, jobDetails } = (
      await ask('GET', `/publish-queue?bulkJobId=${job_id}&include_job_details=true`)
    ).body
    t.assert.equal(queue.length, 8)
    t.assert.partialDeepStrictEqual(jobDetails, {
      ...{ uid: job_id, type: 'bulk-job', publish_details: { status: 'complete', recordsCount: 8 } },
    })
  })

  await t.test('with all that they refer to, nested or by word', async () => {
    const details = { entries: [entry(root)], locales: ['en-us'], environments: ['production'] }
    const nested = await bulk.publish({ details, is_nested: true, api_version })
    const job = await over(stack, nested.job_id)
    t.assert.deepEqual(
      [job.summary.top_level_items, job.summary.success, job.summary.skip],
      [1, 2, 1],
      'the asset was there already',
    )
    const { items } = await bulk.getJobItems(nested.job_id, { include_reference: true })
    t.assert.deepEqual(
      items.map((one: Record<string, unknown>) => [one['uid'], one['depth']]),
      [
        [root, 0],
        [leaf, 1],
        [asset.uid, 2],
      ],
    )
    t.assert.equal((await bulk.getJobItems(nested.job_id)).items.length, 1)
    const worded = await ask('POST', '/bulk/publish', {
      ...{ entries: [entry(root)], environments: ['staging'], publish_with_reference: true },
    })
    t.assert.equal((await over(stack, worded.body.job_id)).summary.total_processed, 3)
    t.assert.equal(await titleOf(leaf, 'en-us', 'staging'), 'Leaf')
  })

  await t.test('what they refer to and cannot be brought is told last', async () => {
    const half = await entryOf(stack, 'Half')
    await ask('PUT', `/content_types/page/entries/${half}`, { entry: { title: 'Half', _in_progress: true } })
    const whole = await entryOf(stack, 'Whole', reference(half))
    const details = { entries: [entry(whole)], locales: ['en-us'], environments }
    const { job_id } = await bulk.publish({ details, is_nested: true, api_version })
    const { summary } = await over(stack, job_id)
    t.assert.deepEqual([summary.success, summary.unsuccess, summary.total_processed], [2, 1, 3])
    t.assert.equal(summary.state, 'partially_completed')
    const told = async (params: object) => {
      const { items, total_count } = await bulk.getJobItems(job_id, { include_count: true, ...params })
      return [total_count, ...items.map(({ uid }: { uid: string }) => uid)]
    }
    const include_reference = true
    t.assert.deepEqual(await told({ include_reference }), [3, whole, whole, half])
    t.assert.deepEqual(await told({ include_reference, status: 'failed' }), [1, half])
    t.assert.deepEqual(await told({ include_reference, limit: 1, skip: 2 }), [3, half])
    t.assert.deepEqual(await told({}), [2, whole, whole])
  })

  await t.test(
    'in all languages that an entry is written in; approvals and stages are nobody’s',
    async () => {
      const details = {
        entries: [entry(plain), entry(root)],
        locales: ['en-us'],
        environments: ['production'],
      }
      const flags = { skip_workflow_stage: true, approvals: true }
      const { job_id } = await bulk.publish({ details, ...flags, publishAllLocalized: true, api_version })
      const job = await over(stack, job_id)
      t.assert.deepEqual([job.summary.total_processed, job.body.locales], [3, ['en-us', 'fr-fr']])
      t.assert.equal(await titleOf(plain), 'Plain 2')
    },
  )

  await t.test('and taken away again', async () => {
    const details = {
      ...{ entries: [entry(root), entry(leaf)], assets: [{ uid: asset.uid }], locales: ['en-us'] },
      environments: ['production'],
    }
    const { notice, job_id } = await bulk.unpublish({ details })
    t.assert.equal(notice, inProgress('unpublish'))
    const job = await over(stack, job_id)
    t.assert.deepEqual([job.action, job.summary.success], ['unpublish', 3])
    t.assert.equal(await titleOf(root), undefined)
    t.assert.equal(await titleOf(root, 'en-us', 'staging'), 'Root')
  })

  await t.test('later, and then not at all', async () => {
    const scheduled_at = new Date(house.clock.now.getTime() + 3_600_000).toISOString()
    const body = { entries: [entry(root), entry(leaf)], locales: ['en-us'], environments: ['production'] }
    const { job_id } = (await ask('POST', '/bulk/publish', { ...body, scheduled_at })).body
    const { job } = await bulk.jobStatus({ job_id, bulk_version })
    t.assert.deepEqual([job.status, job.body.scheduled_at], [1, scheduled_at])
    const { queue } = (await ask('GET', `/publish-queue?bulkJobId=${job_id}`)).body
    t.assert.equal(queue.length, 2)
    t.assert.deepEqual((await ask('GET', `/publish-queue/${queue[1].uid}/unschedule`)).body, {
      notice: 'Entry unscheduled successfully.',
      unscheduled_items: 2,
    })
    t.assert.equal((await over(stack, job_id)).summary.unsuccess, 2)
  })

  await t.test('deleted together, and told one by one', async () => {
    const details = {
      entries: [
        entry(leaf),
        entry(plain, { locale: 'fr-fr' }),
        entry('blt0000000000000000'),
        entry(root, { content_type: 'news' }),
      ],
      assets: [{ uid: asset.uid }, { uid: 'blt0000000000000001' }],
    }
    const { notice, job_id } = await bulk.delete({ details })
    t.assert.equal(
      notice,
      'Your bulk delete request is in progress. Please check bulk task queue for more details.',
    )
    const job = await bulk.jobStatus({ job_id, api_version })
    t.assert.deepEqual(
      [job.action, job.summary.success, job.summary.unsuccess, job.summary.state],
      ['delete', 3, 3, 'partially_completed'],
    )
    const { items } = await bulk.getJobItems(job_id, { status: 'failed' })
    t.assert.deepEqual(
      items.map((one: Record<string, string>) => one['uid']),
      ['blt0000000000000000', root, 'blt0000000000000001'],
    )
    const status = async (uid: string, query = '') =>
      (await ask('GET', `/content_types/page/entries/${uid}${query}`)).status
    t.assert.deepEqual([await status(leaf), await status(root), await status(plain)], [422, 200, 200])
    t.assert.equal(
      (await ask('GET', `/content_types/page/entries/${plain}?locale=fr-fr`)).body.entry.locale,
      'en-us',
    )
    t.assert.equal((await ask('GET', `/assets/${asset.uid}`)).status, 422)
    await eventually(async () => {
      t.assert.equal(await titleOf(leaf, 'en-us', 'staging'), undefined)
      t.assert.notEqual(await titleOf(plain, 'fr-fr', 'staging'), 'Uni')
    })
    const deleted = `query=${encodeURIComponent(JSON.stringify({ action: 'delete' }))}`
    t.assert.ok((await ask('GET', `/publish-queue?${deleted}`)).body.queue.length >= 3)
    const again = await bulk.delete({ details })
    t.assert.equal((await bulk.jobStatus({ job_id: again.job_id, api_version })).status, 'failed')
  })

  await t.test('a deploy’s job can be read, and after thirty days no job can', async () => {
    const release = await releaseOf(stack, 'Deployed')
    await ask('POST', `/releases/${release}/item`, { item: { uid: root, content_type_uid: 'page' } })
    await ask('POST', `/releases/${release}/deploy`, { release: { environments } })
    const status = await eventually(async () => {
      const found = (await ask('GET', `/releases/${release}`)).body.release.status
      if (found.length < 2) throw new Error('not yet')
      return found
    })
    const [{ job_id }] = status
    const job = await over(stack, job_id)
    t.assert.deepEqual(
      [job.action, job.type, job.release, job.summary.total_processed],
      ['deploy', 'release_deploy', release, 2],
    )
    t.assert.equal((await bulk.getJobItems(job_id)).items.length, 2)
    const { body } = await ask(
      ...([
        'POST',
        `/assets/${(await upload(house.url, { authtoken: stack.authtoken, api_key: stack.api_key })).body.asset.uid}/publish`,
      ] as const),
      { asset: { environments: ['staging'] } },
      { api_version },
    )
    t.assert.equal((await over(stack, body.job_id)).action, 'publish')
    house.clock.now = new Date(house.clock.now.getTime() + 31 * 86_400_000)
    t.assert.equal((await ask('GET', `/bulk/jobs/${job_id}`)).status, 404)
    t.assert.deepEqual((await ask('GET', '/bulk/jobs')).body.jobItems, [])
  })
})

test('publishing and deleting in bulk refuse what is wrong', async (t: TestContext) => {
  const stack = await openStack(t)
  const { ask } = stack
  const uid = await entryOf(stack, 'One')
  const entries = [{ uid, content_type: 'page', locale: 'en-us' }]
  const environments = ['production']
  for (const path of ['/bulk/publish', '/bulk/unpublish']) {
    const many = (length: number) => Array.from({ length }, (_, n) => ({ ...entries[0], uid: `blt${n}` }))
    const names = (length: number) => Array.from({ length }, (_, n) => `n${n}`)
    const cases: [unknown, number, number, string?][] = [
      [{}, 422, 141, 'environments'],
      [{ environments }, 422, 141, 'entries'],
      [{ environments, entries: [], assets: [] }, 422, 141, 'entries'],
      [{ environments, entries: 'x' }, 422, 141, 'entries'],
      [{ environments: [], entries }, 422, 141, 'environments'],
      [{ environments: 'production', entries }, 422, 141, 'environments'],
      [{ environments: ['nowhere'], entries }, 401, 161, 'environments'],
      [{ environments, entries: [{ content_type: 'page' }] }, 422, 141, 'entries.0.uid'],
      [{ environments, entries: [{ uid }] }, 422, 141, 'entries.0.content_type'],
      [{ environments, assets: [{ uid: '' }] }, 412, 141, 'assets.0.uid'],
      [{ environments, assets: [{}] }, 412, 141, 'assets.0.uid'],
      [{ environments, entries, locales: 'en-us' }, 422, 141, 'locales'],
      [{ environments, entries, locales: ['xx'] }, 422, 141, 'entries.0.locale'],
      [{ environments, entries: [{ ...entries[0], version: 'x' }] }, 422, 141, 'entries.0.version'],
      [{ environments, entries, scheduled_at: 'soon' }, 422, 141, 'scheduled_at'],
      [{ environments, entries, scheduledAt: '2990-01-01T00:00:00Z' }, 422, 141, 'scheduled_at'],
      [{ environments, entries: many(11) }, 422, 141, 'entries'],
      [{ environments, entries, locales: names(11) }, 422, 141, 'locales'],
      [{ environments: names(11), entries }, 422, 141, 'environments'],
      [{ environments, entries: many(1) }, 422, 141, 'entries.0.uid'],
      [{ environments, entries, assets: [{ uid }] }, 422, 141, 'assets.0.uid'],
      ['{', 400, 141],
      [[1], 422, 141],
    ]
    for (const [body, status, code, field] of cases) {
      const answer = await ask('POST', path, body)
      const said = `${path} ${JSON.stringify(body).slice(0, 200)} ${JSON.stringify(answer.body)}`
      t.assert.deepEqual([answer.status, answer.body.error_code], [status, code], said)
      if (field !== undefined) t.assert.ok(Object.hasOwn(answer.body.errors, field), said)
    }
  }
  await t.test('nothing of a refused request is published or kept', async () => {
    t.assert.deepEqual((await ask('GET', '/publish-queue')).body, { queue: [] })
    t.assert.deepEqual((await ask('GET', '/bulk/jobs')).body, { jobItems: [] })
  })
  for (const [body, field] of [
    [{}, 'entries'],
    [{ entries: [{ uid }] }, 'entries.0.content_type'],
    [{ assets: [{ uid: '' }] }, 'assets.0.uid'],
    [{ assets: 'x' }, 'assets'],
    [{ assets: Array.from({ length: 101 }, (_, n) => ({ uid: `blt${n}` })) }, 'entries'],
  ] as const) {
    const answer = await ask('POST', '/bulk/delete', body)
    t.assert.deepEqual([answer.status, answer.body.error_code], [422, 141], JSON.stringify(answer.body))
    t.assert.ok(Object.hasOwn(answer.body.errors, field), JSON.stringify(answer.body))
  }
  t.assert.equal((await ask('POST', '/bulk/workflow', { entries })).status, 404)
  t.assert.equal((await ask('GET', `/content_types/page/entries/${uid}`)).status, 200)
})
