import { test, type TestContext } from 'node:test'
import { bulk_version, api_version, entryOf, releaseOf, itemsOf, reference } from './bulk-steps.ts'
import { openStack, upload, type Answer } from './open-stack.ts'

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
