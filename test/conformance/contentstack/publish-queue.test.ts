import { test, type TestContext } from 'node:test'
import { eventually, openStack, upload, type TestStack } from './open-stack.ts'

type Row = {
  uid: string
  type: string
  action: string
  entry: { uid: string; title: string; version?: number; release?: { uid: string } }
  environment: string[]
  publish_details: { status: string; message?: string }
  [field: string]: unknown
}

const hour = 3_600_000

async function entryOf({ ask }: TestStack, title: string): Promise<string> {
  return (await ask('POST', '/content_types/page/entries', { entry: { title } })).body.entry.uid
}

async function queue({ ask }: TestStack, query = ''): Promise<Row[]> {
  return (await ask('GET', `/publish-queue?${query}`)).body.queue
}

const rowsAbout = (rows: readonly Row[]) =>
  rows.map(({ type, action, publish_details: { status } }) => `${type} ${action} ${status}`)

const asked = (query: object) => `query=${encodeURIComponent(JSON.stringify(query))}`

test('the publish queue tells of each deployment, and of each item what became of it', async (t: TestContext) => {
  const stack = await openStack(t)
  const { ask, house } = stack
  const [one, two, gone] = [
    await entryOf(stack, 'One'),
    await entryOf(stack, 'Two'),
    await entryOf(stack, 'Gone'),
  ]
  const asset = (await upload(house.url, { authtoken: stack.authtoken, api_key: stack.api_key })).body.asset
  const { release } = (await ask('POST', '/releases', { release: { name: 'Spring' } })).body
  const items = [
    { uid: one, content_type_uid: 'page', locale: 'en-us', action: 'publish' },
    { uid: asset.uid, content_type_uid: 'built_io_upload', locale: 'en-us', action: 'publish' },
    { uid: gone, content_type_uid: 'page', locale: 'fr-fr', action: 'publish' },
  ]
  t.assert.equal((await ask('POST', `/releases/${release.uid}/items`, { items })).status, 201)
  await ask('DELETE', `/content_types/page/entries/${gone}`)
  const { environment } = (await ask('GET', '/environments/production')).body

  await t.test('a release in two environments, newest first', async () => {
    const environments = ['production', 'staging']
    const { body } = await ask('POST', `/releases/${release.uid}/deploy`, { release: { environments } })
    t.assert.equal(body.notice, 'Release sent successfully for deployment.')
    const rows = await eventually(async () => {
      const found = await queue(stack)
      if (found.some(({ publish_details }) => publish_details.status === 'in_progress'))
        throw new Error('later')
      return found
    })
    t.assert.deepEqual(rowsAbout(rows.filter(({ environment: [uid] }) => uid === environment.uid)), [
      'release deploy partial',
      'entry publish success',
      'asset publish success',
      'entry publish failed',
    ])
    t.assert.equal(rows.length, 8)
    const [whole, entry, file, failed] = rows as [Row, Row, Row, Row]
    t.assert.deepEqual(
      [whole.entry.uid, whole.entry.title, whole.entry.release],
      [release.uid, 'Spring', { uid: release.uid, title: 'Spring' }],
    )
    t.assert.partialDeepStrictEqual(entry, {
      stack: stack.api_key,
      entry: { uid: one, title: 'One', locale: 'en-us', version: 1 },
      content_type: { uid: 'page', title: 'Page' },
      locale: ['en-us'],
      ...{ approval: false, approved: true, rejected: false },
    })
    t.assert.equal(file.entry.uid, asset.uid)
    t.assert.match(failed.publish_details.message ?? '', /deleted/)
    t.assert.equal(typeof entry['published_at'], 'string')
    t.assert.equal(failed['published_at'], null)
  })

  await t.test('a row can be looked up by its uid, which stays', async () => {
    for (const row of await queue(stack)) {
      t.assert.match(row.uid, /^blt[0-9a-f]{16}$/)
      const { status, body } = await ask('GET', `/publish-queue/${row.uid}`)
      t.assert.deepEqual([status, body], [200, { entry: row }])
    }
  })

  await t.test('what is there already is skipped', async () => {
    const { job_id } = (
      await ask(
        'POST',
        `/content_types/page/entries/${one}/publish`,
        { entry: { environments: ['production'], locales: ['en-us'] }, locale: 'en-us' },
        { api_version: '3.2' },
      )
    ).body
    const [row] = await eventually(async () => {
      const found = await queue(stack, `bulkJobId=${job_id}`)
      if (found[0]?.publish_details.status !== 'skipped') throw new Error('not yet')
      return found
    })
    t.assert.equal(row!['bulkJobId'], job_id)
    t.assert.match(row!.publish_details.message ?? '', /already published/)
    t.assert.equal((await queue(stack, `bulkJobId=${job_id}`)).length, 1, 'no row of a release')
  })

  await t.test('what goes because it was deleted is a delete', async () => {
    await ask('POST', `/content_types/page/entries/${two}/publish`, {
      entry: { environments: ['staging'], locales: ['en-us'] },
    })
    await eventually(async () => {
      const [row] = await queue(stack)
      if (row?.entry.uid !== two || row.publish_details.status !== 'success') throw new Error('not yet')
    })
    await ask('DELETE', `/content_types/page/entries/${two}`)
    await eventually(async () => {
      const [row] = await queue(stack)
      t.assert.deepEqual(
        [row?.entry.uid, row?.action, row?.publish_details.status, row?.entry.version],
        [two, 'delete', 'success', 1],
      )
    })
  })

  await t.test('it is filtered, ordered, paged and counted', async () => {
    const all = await queue(stack, 'include_branch=true')
    t.assert.deepEqual([...new Set(all.map(({ _branch }) => _branch))], ['main'])
    const count = (query: object) => queue(stack, asked(query)).then((rows) => rowsAbout(rows))
    const entries = all.filter(({ type }) => type === 'entry')
    t.assert.equal((await count({ type: 'entry' })).length, entries.length)
    t.assert.deepEqual(await count({ type: { $in: ['release'] } }), [
      'release deploy partial',
      'release deploy partial',
    ])
    t.assert.deepEqual(await count({ 'publish_details.status': 'skipped' }), ['entry publish skipped'])
    t.assert.deepEqual(
      await count({ 'publish_details.status': 'success', type: 'release' }),
      [],
      'a release that came in part is no success',
    )
    t.assert.equal((await count({ 'entry.uid': one })).length, 3)
    t.assert.equal((await count({ 'entry.uid': release.uid })).length, 2)
    t.assert.equal((await count({ environment: environment.uid })).length, 5)
    t.assert.equal((await count({ environment: 'production' })).length, 5)
    t.assert.equal((await count({ environment: { $nin: ['production'] } })).length, all.length - 5)
    t.assert.equal((await count({ $or: [{ action: 'delete' }, { action: 'deploy' }] })).length, 3)
    t.assert.equal((await count({ 'content_type.uid': 'page' })).length, entries.length)
    const { user } = (await ask('GET', '/user')).body
    t.assert.equal((await count({ user: user.uid })).length, all.length)
    t.assert.equal((await count({ user: 'blt0000000000000000' })).length, 0)
    const later = new Date(house.clock.now.getTime() + hour).toISOString()
    t.assert.equal((await count({ created_at: { $gt: later } })).length, 0)
    t.assert.equal((await count({ created_at: { $lt: later } })).length, all.length)
    t.assert.equal((await count({ scheduled_at: { $exists: true } })).length, 0)

    t.assert.equal((await count({ uid: { $in: [all[1]!.uid, all[3]!.uid, 'x'] } })).length, 2)
    t.assert.deepEqual(await queue(stack, 'skip=2147483647'), [])
    t.assert.deepEqual((await ask('GET', '/publish-queue?count=true')).body, { queue: all.length })
    const counted = (await ask('GET', `/publish-queue?include_count=true&limit=3&skip=2`)).body
    t.assert.equal(counted.count, all.length)
    t.assert.deepEqual(
      counted.queue.map(({ uid }: Row) => uid),
      all.slice(2, 5).map(({ uid }) => uid),
    )
    const filtered = (
      await ask('GET', `/publish-queue?include_count=true&limit=1&${asked({ type: 'entry' })}`)
    ).body
    t.assert.deepEqual([filtered.count, filtered.queue.length], [entries.length, 1])
    const oldest = (await queue(stack, 'asc=created_at'))[0]
    t.assert.equal(oldest?.type, 'release')
    t.assert.deepEqual(
      (await queue(stack, 'desc=entry.title')).map(({ entry }) => entry.title),
      all
        .map(({ entry }) => entry.title)
        .toSorted()
        .toReversed(),
    )
  })

  await t.test('what cannot be asked is refused with the field', async () => {
    for (const [query, field] of [
      [asked({ colour: 'red' }), 'colour'],
      [asked({ type: { $regex: 'x' } }), 'type.$regex'],
      [asked({ created_at: 'soon' }), 'created_at'],
      [asked({ type: { $in: 'entry' } }), 'type.$in'],
      [asked({ type: { $lt: 'entry' } }), 'type.$lt'],
      [asked({ $and: 'x' }), '$and'],
      [asked({ type: ['entry'] }), 'type'],
      ['query=[]', 'query'],
      ['limit=-1', 'limit'],
      ['asc=colour', 'asc'],
    ] as const) {
      const { status, body } = await ask('GET', `/publish-queue?${query}`)
      t.assert.deepEqual([status, body.error_code, Object.keys(body.errors)], [422, 141, [field]], query)
    }
    for (const uid of ['blt0000000000000000', 'x', 'bltfffffffffffffff0', release.uid])
      for (const rest of ['', '/unschedule']) {
        const { status, body } = await ask('GET', `/publish-queue/${uid}${rest}`)
        t.assert.deepEqual([status, body.error_code], [422, 141], uid)
      }
    t.assert.deepEqual(await queue(stack, 'bulkJobId=nothing'), [])
  })

  await t.test('another branch and another stack see nothing of it', async () => {
    const other = (await ask('POST', '/stacks', { stack: { name: 'Other', master_locale: 'en-us' } })).body
      .stack
    t.assert.deepEqual(
      (await ask('GET', '/publish-queue', undefined, { api_key: other.api_key })).body.queue,
      [],
    )
    const [row] = await queue(stack)
    const seen = await ask('GET', `/publish-queue/${row!.uid}`, undefined, { api_key: other.api_key })
    t.assert.equal(seen.status, 422)
  })

  await t.test('after thirty days it is forgotten', async () => {
    house.clock.now = new Date(house.clock.now.getTime() + 31 * 24 * hour)
    t.assert.deepEqual(await queue(stack), [])
    t.assert.deepEqual((await ask('GET', '/publish-queue?count=true')).body, { queue: 0 })
  })
})

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
    t.assert.match(row.publish_details.message ?? '', /1/)
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
