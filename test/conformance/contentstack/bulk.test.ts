import { test, type TestContext } from 'node:test'
import { eventually, openStack, upload, type Answer, type TestStack } from './open-stack.ts'

const bulk_version = '2.0'
const api_version = '3.2'
const inProgress = (what: string) =>
  `Your bulk ${what} request is in progress. Please check publish queue for more details.`

async function entryOf({ ask }: TestStack, title: string, fields: object = {}): Promise<string> {
  const { status, body } = await ask('POST', '/content_types/page/entries', { entry: { title, ...fields } })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body.entry.uid
}

async function releaseOf({ ask }: TestStack, name: string): Promise<string> {
  return (await ask('POST', '/releases', { release: { name } })).body.release.uid
}

async function itemsOf({ ask }: TestStack, release: string): Promise<string[]> {
  const { items } = (await ask('GET', `/releases/${release}/items`)).body
  return items.map(
    (item: Record<string, string>) =>
      `${item['uid']} ${item['locale']} ${item['action']} ${item['version']} ${item['content_type_uid']}`,
  )
}

const reference = (...uids: string[]) => ({
  related: uids.map((uid) => ({ uid, _content_type_uid: 'page' })),
})

/** Waits until nothing of a job is on its way. */
function over({ stack }: TestStack, job_id: string) {
  return eventually(async () => {
    const job = await stack.bulkOperation().jobStatus({ job_id, api_version })
    if (!['complete', 'failed'].includes(job.status)) throw new Error(job.status)
    return job
  })
}

test('items are added to a release in bulk, with all that they refer to', async (t: TestContext) => {
  const stack = await openStack(t)
  const { ask, house } = stack
  const bulk = stack.stack.bulkOperation()
  const { asset } = (await upload(house.url, { authtoken: stack.authtoken, api_key: stack.api_key })).body
  const leaf = await entryOf(stack, 'Leaf', { picture: asset.uid })
  const branch = await entryOf(stack, 'Branch', reference(leaf))
  const root = await entryOf(stack, 'Root', reference(branch))
  await ask('PUT', `/content_types/page/entries/${leaf}`, {
    entry: { title: 'Leaf again', picture: asset.uid },
  })
  const release = await releaseOf(stack, 'R')
  const item = { version: 1, uid: root, content_type_uid: 'page', locale: 'en-us', title: 'Root' }
  const data = { release, action: 'publish', locale: ['en-us'], reference: true, items: [item] }

  const added = await bulk.addItems({ data, bulk_version })
  t.assert.equal(added.notice, 'Your add to release request is in progress.')
  t.assert.deepEqual(await itemsOf(stack, release), [
    `${root} en-us publish 1 page`,
    `${branch} en-us publish 1 page`,
    `${leaf} en-us publish 2 page`,
    `${asset.uid} en-us publish 1 built_io_upload`,
  ])

  await t.test('the job is done, in each shape', async () => {
    const { job_id } = added
    const numbered = await bulk.jobStatus({ job_id, bulk_version })
    t.assert.deepEqual([numbered.job._id, numbered.job.status], [job_id, 4])
    t.assert.partialDeepStrictEqual(await bulk.jobStatus({ job_id, api_version }), {
      uid: job_id,
      api_key: stack.api_key,
      ...{ action: 'publish', status: 'complete', type: 'add_to_release', release },
      body: { branch: 'main', locales: ['en-us'], environments: [] },
      summary: {
        state: 'completed',
        top_level_items: 1,
        total_processed: 4,
        success: 4,
        unsuccess: 0,
        skip: 0,
      },
    })
    const both = await bulk.jobStatus({ job_id })
    t.assert.deepEqual([both.uid, both.job._id], [job_id, job_id])
    t.assert.equal((await ask('GET', `/bulk/jobs/cs-${job_id}`)).status, 200)

    const asked = await bulk.getJobItems(job_id)
    t.assert.deepEqual(
      [asked.items.length, asked.skip, asked.limit, 'total_count' in asked],
      [1, 0, 100, false],
    )
    const all = await bulk.getJobItems(job_id, { include_count: true, include_reference: true })
    t.assert.equal(all.total_count, 4)
    t.assert.deepEqual(
      all.items.map((one: Record<string, unknown>) => [one['uid'], one['type'], one['depth']]),
      [
        [root, 'entry', 0],
        [branch, 'entry', 1],
        [leaf, 'entry', 2],
        [asset.uid, 'asset', 3],
      ],
    )
    const some = async (params: object) =>
      (await bulk.getJobItems(job_id, { include_reference: true, ...params })).items.length
    t.assert.deepEqual(
      [await some({ type: 'asset' }), await some({ type: 'entry' }), await some({ ct: ['page'] })],
      [1, 3, 3],
    )
    t.assert.deepEqual(
      [await some({ status: 'failed' }), await some({ status: 'success', limit: 2, skip: 1 })],
      [0, 2],
    )
  })

  await t.test('what is there already is an error of its own', async () => {
    const other = await entryOf(stack, 'Other')
    const items = [
      { uid: root, content_type_uid: 'page' },
      { uid: other, content_type_uid: 'page', action: 'unpublish', locale: 'fr-fr' },
      { uid: asset.uid, content_type_uid: 'sys_assets', locale: 'fr-fr' },
      { uid: 'blt0000000000000000', content_type_uid: 'page' },
      { uid: other, content_type_uid: 'page', locale: 'xx' },
      { uid: other, content_type_uid: 'news' },
      { uid: other, content_type_uid: 'page', version: 9 },
    ]
    const { job_id } = await bulk.addItems({ data: { ...data, items }, bulk_version })
    t.assert.deepEqual((await itemsOf(stack, release)).slice(4), [
      `${other} fr-fr unpublish null page`,
      `${asset.uid} fr-fr publish 1 built_io_upload`,
    ])
    const { job } = await bulk.jobStatus({ job_id, bulk_version })
    t.assert.deepEqual([job.status, job.summary.success, job.summary.unsuccess], [5, 2, 5])
    const { items: told } = await bulk.getJobItems(job_id, { status: 'failed' })
    t.assert.deepEqual(
      told.map((one: { errors: { path: string }[] }) => one.errors[0]!.path),
      ['uid', 'uid', 'locale', 'content_type_uid', 'uid'],
    )
    t.assert.deepEqual(told[0].errors, [
      { path: 'uid', errorKey: 'This item has already been added to the release' },
    ])
    const { body } = await ask('GET', '/bulk/jobs?include_count=true', undefined, { bulk_version })
    t.assert.deepEqual([body.count, body.jobItems.length], [11, 11])
    t.assert.partialDeepStrictEqual(body.jobItems[0], {
      ...{ job_id, uid: root, content_type_uid: 'page', locale: 'en-us', status: 6, errored: true },
      errors: told[0].errors,
    })
    t.assert.equal(body.jobItems[2].content_type_uid, 'sys_assets')
    const count = async (query: string) => (await ask('GET', `/bulk/jobs?${query}`)).body.jobItems.length
    t.assert.deepEqual(
      [await count('status=6'), await count('status=4,2'), await count('status=1')],
      [5, 6, 0],
    )
    const { user } = (await ask('GET', '/user')).body
    t.assert.deepEqual([await count(`users=${user.uid}`), await count('users=blt0000000000000000')], [11, 0])
    const today = house.clock.now.toISOString().slice(0, 10)
    t.assert.deepEqual([await count(`from=${today}&to=${today}`), await count('to=2020-01-01')], [11, 0])
    t.assert.deepEqual([await count('limit=3&skip=9'), await count('asc=created_at&limit=1')], [2, 1])
  })

  await t.test('each language of the list, where an item names none of its own', async () => {
    const plain = await releaseOf(stack, 'Plain')
    await bulk.addItems({
      data: { release: plain, locale: ['en-us', 'fr-fr'], items: [{ uid: root, content_type: 'page' }] },
    })
    t.assert.deepEqual(await itemsOf(stack, plain), [
      `${root} en-us publish 1 page`,
      `${root} fr-fr publish 1 page`,
    ])
  })

  await t.test('what is in progress does not come along, and the job says so', async () => {
    const half = await entryOf(stack, 'Half')
    await ask('PUT', `/content_types/page/entries/${half}`, { entry: { title: 'Half', _in_progress: true } })
    const whole = await entryOf(stack, 'Whole', reference(half))
    const other = await releaseOf(stack, 'Careful')
    const items = [{ uid: whole, content_type_uid: 'page', locale: 'en-us' }]
    const { job_id } = await bulk.addItems({ data: { ...data, release: other, items }, bulk_version })
    t.assert.deepEqual(await itemsOf(stack, other), [`${whole} en-us publish 1 page`])
    const { items: told } = await bulk.getJobItems(job_id, { status: 'failed', include_reference: true })
    t.assert.deepEqual([told.length, told[0].uid], [1, half])
    t.assert.match(told[0].publish_details.failure_reason, /in progress/)
  })

  await t.test('all are updated, or those that are named; what is new by reference comes along', async () => {
    const late = await entryOf(stack, 'Late')
    const update = (uid: string, entry: object) => ask('PUT', `/content_types/page/entries/${uid}`, { entry })
    await update(root, { title: 'Root 2', ...reference(branch, late) })
    await update(branch, { title: 'Branch 2', ...reference(leaf) })
    const named = {
      release,
      items: [
        { uid: branch, locale: 'en-us' },
        { uid: late, locale: 'en-us' },
      ],
    }
    const one = await bulk.updateItems({ data: named, bulk_version })
    t.assert.equal(one.notice, 'Your update release items to latest version request is in progress.')
    const { summary } = await bulk.jobStatus({ job_id: one.job_id, api_version })
    t.assert.deepEqual([summary.success, summary.unsuccess], [1, 1], 'one of them is not in the release')
    t.assert.equal((await itemsOf(stack, release))[0], `${root} en-us publish 1 page`)
    const all = await bulk.updateItems({ data: { ...data, items: ['$all'] }, bulk_version })
    const items = await itemsOf(stack, release)
    t.assert.deepEqual(items[0], `${root} en-us publish 2 page`)
    t.assert.ok(items.includes(`${late} en-us publish 1 page`))
    const job = await bulk.jobStatus({ job_id: all.job_id, api_version })
    t.assert.deepEqual([job.type, job.summary.success, job.summary.skip], ['update_release_items', 2, 5])
  })

  await t.test('an event says which job added what', async () => {
    const told = await house.store.db
      .selectFrom('event')
      .select('data')
      .where('kind', '=', 'release.items_added')
      .orderBy('ordinal')
      .executeTakeFirstOrThrow()
    t.assert.partialDeepStrictEqual(told.data, { job_id: added.job_id, count: 4 })
  })
})

test('bulk requests about releases refuse what is wrong', async (t: TestContext) => {
  const stack = await openStack(t)
  const { ask } = stack
  const bulk = stack.stack.bulkOperation()
  const release = await releaseOf(stack, 'R')
  const uid = await entryOf(stack, 'One')
  const items = [{ uid, content_type_uid: 'page', locale: 'en-us' }]
  const post = (body: unknown) => ask('POST', '/bulk/release/items', body, { bulk_version })
  const put = (body: unknown) => ask('PUT', '/bulk/release/update_items', body, { bulk_version })
  const refused = ({ status, body }: Answer, field?: string) =>
    [
      status,
      body.error_code,
      ...(field === undefined ? [] : [Object.keys(body.errors).includes(field)]),
    ] as const
  const wrong = [422, 141, true] as const

  // The older shape names no release: nothing says where the items are to go.
  t.assert.deepEqual(refused(await post({ items: [{ uid, content_type: 'page' }] }), 'release'), wrong)
  for (const send of [post, put]) {
    t.assert.deepEqual(refused(await send({ release }), 'items'), wrong)
    t.assert.deepEqual(refused(await send({ release, items: [] }), 'items'), wrong)
    t.assert.deepEqual(refused(await send({ release, items: 'x' }), 'items'), wrong)
    t.assert.deepEqual(refused(await send({ release: 7, items }), 'release'), wrong)
    t.assert.deepEqual(refused(await send({ release, items, action: 'burn' }), 'action'), wrong)
    t.assert.deepEqual(refused(await send({ release, items, reference: 'yes' }), 'reference'), wrong)
    t.assert.deepEqual(refused(await send({ release, items, locale: 7 }), 'locale'), wrong)
    t.assert.deepEqual(refused(await send({ release, items: [{ locale: 'en-us' }] }), 'items.0.uid'), wrong)
    const variant = [{ ...items[0], variant_id: 'v' }]
    t.assert.deepEqual(refused(await send({ release, items: variant }), 'items.0.variant_id'), wrong)
    t.assert.deepEqual(refused(await send({ release: 'blt0000000000000000', items }), 'uid'), [
      404,
      141,
      true,
    ])
    const many = Array.from({ length: 101 }, (_, n) => ({ uid: `blt${n}` }))
    t.assert.deepEqual(refused(await send({ release, items: many }), 'items'), wrong)
    t.assert.deepEqual(refused(await send('{"release":')), [400, 141])
  }
  t.assert.deepEqual(refused(await put({ release, items: ['$some'] }), 'items.0'), wrong)
  t.assert.deepEqual(refused(await put({ release, items: ['$all', items[0]] }), 'items'), wrong)

  await t.test('of a release that is locked or deployed', async () => {
    await post({ release, items })
    await ask('PUT', `/releases/${release}`, { release: { locked: true } })
    const other = [{ uid: await entryOf(stack, 'Two') }]
    t.assert.deepEqual(refused(await post({ release, items: other }), 'locked'), wrong)
    t.assert.deepEqual(refused(await put({ release, items: ['$all'] }), 'locked'), wrong)
    await ask('PUT', `/releases/${release}`, { release: { locked: false } })
    await ask('POST', `/releases/${release}/deploy`, { release: { environments: ['staging'] } })
    t.assert.deepEqual(refused(await post({ release, items: other }), 'locked'), wrong)
    t.assert.deepEqual(refused(await put({ release, items: ['$all'] }), 'items'), wrong)
  })

  await t.test('and jobs that are not there', async () => {
    for (const id of ['job-1', 'x', '00000000-0000-7000-8000-000000000000', `${'a'.repeat(200)}`])
      for (const rest of ['', '/items'])
        t.assert.deepEqual(refused(await ask('GET', `/bulk/jobs/${id}${rest}`), 'job_id'), [404, 141, true])
    const { job_id } = (await post({ release: await releaseOf(stack, 'S'), items })).body
    for (const query of ['status=done', 'type=page', 'limit=x'])
      t.assert.deepEqual(
        refused(await ask('GET', `/bulk/jobs/${job_id}/items?${query}`), query.split('=')[0]),
        wrong,
      )
    for (const query of ['status=7', 'status=a', 'from=today', 'to=1', 'asc=colour'])
      t.assert.deepEqual(refused(await ask('GET', `/bulk/jobs?${query}`), query.split('=')[0]), wrong, query)
    const other = (await ask('POST', '/stacks', { stack: { name: 'Other', master_locale: 'en-us' } })).body
      .stack
    const elsewhere = { api_key: other.api_key }
    t.assert.equal((await ask('GET', `/bulk/jobs/${job_id}`, undefined, elsewhere)).status, 404)
    t.assert.deepEqual((await ask('GET', '/bulk/jobs', undefined, elsewhere)).body.jobItems, [])
  })

  await t.test('the SDK keeps quiet about it', async (t) => {
    t.mock.method(console, 'error', () => {})
    t.assert.equal(await bulk.addItems({ data: { items }, bulk_version }), undefined)
    t.assert.equal(await bulk.jobStatus({ job_id: 'none' }), undefined)
  })
})

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
    t.assert.deepEqual(await told({ include_reference, limit: 1, skip: 2 }), [undefined, half])
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
