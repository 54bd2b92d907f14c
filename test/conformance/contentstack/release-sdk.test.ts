import { test, type TestContext } from 'node:test'
import { eventually, openStack } from './open-stack.ts'
import { sdkOf, type Instance } from './sdk.ts'

// Every release and release-item call that the vendor's client has (section 2.3), 1.0 and 2.0 mixed on the same
// releases, each answer read by the client's own classes.

const later = (milliseconds: number) => new Date(Date.now() + milliseconds)

test('every release call of the vendor’s client, 1.0 and 2.0 mixed', async (t: TestContext) => {
  const { stack, ask, sdk, house, api_key, reader } = await openStack(t)
  const entry = async (title: string): Promise<string> =>
    (await ask('POST', '/content_types/page/entries', { entry: { title } })).body.entry.uid
  const [one, two, three] = [await entry('One'), await entry('Two'), await entry('Three')]
  const item = (uid: string, more: object = {}) => ({
    ...{ uid, version: 1, locale: 'en-us', content_type_uid: 'page', action: 'publish', ...more },
  })
  const named = (uid: string) => ({ uid, locale: 'en-us' })
  const v2 = { release_version: '2.0' }
  /** An instance that can do what a release does, with these fields. */
  const isRelease = (instance: Instance, fields: Record<string, unknown> = {}) => {
    for (const [field, value] of Object.entries(fields)) t.assert.deepEqual(instance[field], value, field)
    t.assert.equal(typeof instance.uid, 'string')
    t.assert.equal(typeof instance.name, 'string')
    for (const call of ['update', 'delete', 'fetch', 'deploy', 'clone', 'item'])
      t.assert.equal(typeof instance[call], 'function', call)
  }
  const titles = (instance: Instance) => instance.items.map(({ title }: { title: string }) => title)

  const first = await stack.release().create({
    release: { name: 'First', description: 'one', locked: false, archived: false },
  })
  isRelease(first, { name: 'First', description: 'one', locked: false, sys_locked: false, status: [] })
  t.assert.equal(first.notice ?? 'Release created successfully.', 'Release created successfully.')
  const second = await stack.release().create({ release: { name: 'Second' } }, { include_branch: true })
  isRelease(second, { name: 'Second', _branch: 'main' })

  await t.test('query, find, findOne, count, fetch', async () => {
    const found = await stack
      .release()
      .query({ include_count: true, include_items_count: true, limit: 5, skip: 0 })
      .find()
    t.assert.deepEqual([found.count, found.items.length], [2, 2])
    for (const each of found.items) isRelease(each, { items_count: 0 })
    t.assert.equal((await stack.release().query().find()).items.length, 2)
    const byName = await stack
      .release()
      .query({ query: { name: 'First' } })
      .find()
    t.assert.deepEqual(
      byName.items.map(({ uid }) => uid),
      [first.uid],
    )
    t.assert.equal((await stack.release().query().findOne()).items.length, 1)
    t.assert.deepEqual(await stack.release().query().count(), { releases: 2 })
    isRelease(await stack.release(first.uid).fetch(), { name: 'First', items: [] })
    isRelease(await stack.release(first.uid).fetch({ include_branch: true }), { _branch: 'main' })
  })

  await t.test('items are added, listed, moved and taken out, by either version', async () => {
    const items = () => stack.release(first.uid).item()
    isRelease(await items().create({ item: item(one) }), { uid: first.uid })
    const added: Instance = await items().create({ items: [item(two), item(three)], ...v2 })
    isRelease(added, { name: 'First' })
    t.assert.deepEqual(titles(added), ['One', 'Two', 'Three'])
    t.assert.equal(typeof added.items[0].delete, 'function', 'its items are instances, too')
    isRelease(await items().create({ item: item(two, { title: 'Two' }), ...v2 }))
    const all = await items().findAll({ include_count: true, limit: 2, skip: 1 })
    t.assert.deepEqual([all.count, titles(all)], [3, ['Two', 'Three']])
    t.assert.equal((await items().findAll(v2)).items.length, 3)
    t.assert.equal((await items().findAll()).items.length, 3)

    const moved = await items().move({ param: { release_uid: second.uid, items: [named(two)] }, ...v2 })
    t.assert.equal(moved.notice, 'Release items moved successfully!')
    const back = await stack
      .release(second.uid)
      .item()
      .move({ param: { release_uid: first.uid, items: ['$all'] } })
    t.assert.equal(back.notice, 'Release items moved successfully!')
    t.assert.deepEqual(titles(await stack.release(first.uid).fetch()), ['One', 'Three', 'Two'])

    const single = await items().delete({ item: named(three), ...v2 })
    t.assert.equal(single.notice, 'Item deleted from release successfully!')
    const several = await items().delete({ items: [named(two)], ...v2 })
    t.assert.equal(several.notice, 'Items deleted from release successfully!')
    const old = await items().delete({ items: [item(one)] })
    t.assert.equal(old.notice, 'Item(s) send to remove from release successfully.')
    t.assert.deepEqual((await stack.release(first.uid).fetch()).items, [])
    for (const everything of [{}, v2]) {
      await items().create({ items: [item(one), item(two)] })
      t.assert.match((await items().delete(everything)).notice!, /success/)
      t.assert.deepEqual((await stack.release(first.uid).fetch()).items, [])
    }

    // One instance used again falls into the singular address.
    const again = items()
    await again.create({ item: item(one) })
    t.assert.equal((await again.findAll()).items.length, 1)
    await again.move({ param: { release_uid: second.uid, items: [named(one)] } })
    await stack
      .release(second.uid)
      .item()
      .move({ param: { release_uid: first.uid, items: ['$all'] } })
    await again.delete({ items: [item(one)] })
    const own = (await items().create({ item: item(one) })).items[0]
    t.assert.match((await own.delete({ items: [item(one)] })).notice, /success/)
    await t.assert.rejects(items().delete({ item: { ...named(one), variant_id: 'cs1' }, ...v2 }), {
      status: 422,
    })
  })

  await t.test('a fetched one is put back whole, renamed, locked and unlocked', async () => {
    await stack
      .release(first.uid)
      .item()
      .create({ item: item(one) })
    const fetched = await stack.release(first.uid).fetch()
    fetched.name = 'Renamed'
    isRelease(await fetched.update(), { name: 'Renamed', description: 'one', locked: false })
    t.assert.deepEqual(titles(await stack.release(first.uid).fetch()), ['One'], 'with its items')
    const locked = await Object.assign(stack.release(first.uid), { locked: true }).update()
    isRelease(locked, { name: 'Renamed', locked: true })
    await t.assert.rejects(
      stack
        .release(first.uid)
        .item()
        .create({ item: item(two) }),
      { status: 422 },
    )
    await t.assert.rejects(
      stack.release(first.uid).deploy({ environments: ['production'] }),
      (error: Instance) => {
        t.assert.deepEqual([error.status, error.errorCode], [422, 141])
        t.assert.match(error.errorMessage, /lock/i)
        return true
      },
    )
    isRelease(await Object.assign(stack.release(first.uid), { locked: false }).update(), { locked: false })
  })

  await t.test('clone, deploy, schedule', async () => {
    const clone = await stack.release(first.uid).clone({ name: 'Copy', description: 'of it' })
    isRelease(clone, { name: 'Copy', description: 'of it', locked: false })
    t.assert.deepEqual(titles(clone), ['One'])
    const deployed = await stack.release(first.uid).deploy({
      ...{ environments: ['production', 'staging'], locales: ['en-us'], action: 'publish' },
      scheduledAt: later(-3_600_000).toISOString(),
    })
    t.assert.equal(deployed.notice, 'Release sent successfully for deployment.')
    t.assert.equal(typeof deployed.job_id, 'string')
    const after = await eventually(async () => {
      const release = await stack.release(first.uid).fetch()
      if (release.status.length < 2) throw new Error('not over')
      return release
    })
    isRelease(after, { locked: true })
    for (const { status, job_id } of after.status)
      t.assert.deepEqual([status, job_id], ['success', deployed.job_id])
    const live = await (await reader('production')).ContentType('page').Entry(one).toJSON().fetch()
    t.assert.equal((live as unknown as Instance).title, 'One')
    // The client drops `scheduled_at` and sends `scheduledAt`: read as nothing it would deploy at once.
    const scheduledAt = new Date(house.clock.now.getTime() + 3_600_000).toISOString()
    await stack.release(clone.uid).deploy({ environments: ['production'], scheduledAt })
    isRelease(await stack.release(clone.uid).fetch(), { sys_locked: true, status: [] })
    await t.assert.rejects(stack.release(clone.uid).deploy({ environments: ['staging'] }), { status: 422 })
    t.assert.equal((await stack.release(clone.uid).delete()).notice, 'Release deleted successfully.')
  })

  await t.test('headers may say the version, and a branch and a management token come along', async () => {
    const versioned = stack.release(second.uid) as Instance
    versioned.addHeader('release_version', '2.0')
    isRelease(await versioned.fetch(), { name: 'Second' })
    const dictionary = stack.release(second.uid) as Instance
    dictionary.addHeaderDict({ release_version: '2.0' })
    isRelease(await dictionary.fetch(), { name: 'Second' })
    const onMain = sdk.stack({ api_key, branch_uid: 'main' })
    isRelease(await onMain.release(second.uid).fetch())
    const scope = [
      { module: 'release', acl: { read: true, write: true } },
      { module: 'branch', branches: ['main'], acl: { read: true } },
    ]
    const token = await stack.managementToken().create({ token: { name: 'M', description: '', scope } })
    const byToken = sdkOf(house.url).stack({ api_key, management_token: token.token })
    isRelease(await byToken.release(second.uid).fetch(), { name: 'Second' })
    isRelease(await byToken.release().create({ release: { name: 'By token' } }))
  })

  await t.test('what is wrong arrives as the error that the client makes of it', async () => {
    const made = () => stack.release(second.uid)
    const nowhere = stack.release('blt0000000000000000')
    const wrong: [string, () => Promise<unknown>, number, string | undefined][] = [
      ['no name', () => stack.release().create({ release: { description: 'x' } }), 422, 'name'],
      ['a long name', () => stack.release().create({ release: { name: 'x'.repeat(51) } }), 422, 'name'],
      [
        'deploy({release})',
        () => made().deploy({ release: { environments: ['production'] } }),
        422,
        undefined,
      ],
      ['no environment', () => made().deploy({ environments: [] }), 422, 'environments'],
      ['an unknown environment', () => made().deploy({ environments: ['nowhere'] }), 422, 'environments'],
      ['an empty release', () => made().deploy({ environments: ['production'] }), 422, 'items'],
      ['clone({release})', () => made().clone({ release: { name: 'x' } }), 422, 'name'],
      [
        'an unknown entry',
        () =>
          made()
            .item()
            .create({ item: item('blt1') }),
        422,
        'uid',
      ],
      [
        'more than 25 items',
        () =>
          made()
            .item()
            .create({ items: Array.from({ length: 26 }, () => item(one)) }),
        ...([422, 'items'] as const),
      ],
      ['fetch nowhere', () => nowhere.fetch(), 404, 'uid'],
      ['delete nowhere', () => nowhere.delete(), 404, 'uid'],
      ['deploy nowhere', () => nowhere.deploy({ environments: ['production'] }), 404, 'uid'],
      ['clone nowhere', () => nowhere.clone({ name: 'x' }), 404, 'uid'],
      ['items nowhere', () => nowhere.item().findAll(), 404, 'uid'],
      [
        'move nowhere',
        () => nowhere.item().move({ param: { release_uid: first.uid, items: ['$all'] } }),
        404,
        'uid',
      ],
    ]
    for (const [what, call, status, field] of wrong)
      await t.assert.rejects(
        call,
        (error: Instance) => {
          t.assert.deepEqual([error.status, error.errorCode], [status, 141], what)
          if (field !== undefined)
            t.assert.ok(field in error.errors, `${what}: ${JSON.stringify(error.errors)}`)
          return true
        },
        what,
      )
  })

  await t.test('delete', async () => {
    t.assert.equal((await stack.release(second.uid).delete()).notice, 'Release deleted successfully.')
    await t.assert.rejects(stack.release(second.uid).fetch(), { status: 404 })
  })
})
