import { test, type TestContext } from 'node:test'
import { recordStatements } from '../../engine/record-statements.ts'
import { eventually, openStack, upload } from './open-stack.ts'
import { type Row, hour, entryOf, queue, rowsAbout, asked } from './queue-steps.ts'

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
    t.assert.deepEqual(entry.publish_details, { status: 'success' }, 'not what became of others')
    t.assert.match(whole.publish_details.message ?? '', /1 of 3 items could not be deployed/)
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

  await t.test('however many a query names, they are looked up together', async () => {
    const many = (letter: string) => Array.from({ length: 60 }, (_, n) => `blt${letter}${n}`)
    const sent = asked({ user: { $in: many('a') }, 'entry.uid': { $nin: many('b') }, environment: 'nowhere' })
    const all = await recordStatements(house.store.db, () => ask('GET', `/publish-queue?${sent}`))
    const lookups = all.filter((sql) => sql.includes('external_id'))
    t.assert.ok(lookups.length <= 4, lookups.join('\n'))
  })

  await t.test('after thirty days it is forgotten', async () => {
    house.clock.now = new Date(house.clock.now.getTime() + 31 * 24 * hour)
    t.assert.deepEqual(await queue(stack), [])
    t.assert.deepEqual((await ask('GET', '/publish-queue?count=true')).body, { queue: 0 })
  })
})
