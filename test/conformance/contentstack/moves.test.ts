import { test, type TestContext } from 'node:test'
import { openStack } from './open-stack.ts'

test('items move between releases, all that are named or none', async (t: TestContext) => {
  const { ask, house } = await openStack(t)
  const entry = async (title: string): Promise<string> =>
    (await ask('POST', '/content_types/page/entries', { entry: { title } })).body.entry.uid
  const [one, two, three] = [await entry('One'), await entry('Two'), await entry('Three')]
  const named = (uid: string, locale = 'en-us') => ({ uid, locale })
  const item = (uid: string, more: object = {}) => ({
    ...{ ...named(uid), version: 1, content_type_uid: 'page', action: 'publish', ...more },
  })
  const release = async (name: string, items: object[] = []): Promise<string> => {
    const made = await ask('POST', '/releases', { release: { name } })
    const { uid } = made.body.release
    if (items.length > 0) await ask('POST', `/releases/${uid}/items`, { items }, { release_version: '2.0' })
    return uid
  }
  const held = async (uid: string): Promise<string[]> =>
    (await ask('GET', `/releases/${uid}/items`)).body.items.map(
      (each: { uid: string; locale: string; action: string }) =>
        `${[one, two, three].indexOf(each.uid) + 1} ${each.locale} ${each.action}`,
    )
  const from = await release('From', [item(one), item(two), item(two, { locale: 'fr-fr' }), item(three)])
  const to = await release('To', [item(two, { action: 'unpublish' })])
  const move = (body: object, { path = `/releases/${from}/items/move`, method = 'PUT' } = {}) =>
    ask(method, path, body, { release_version: '2.0' })

  const moved = await move({ release_uid: to, items: [named(two)] })
  t.assert.deepEqual(moved, { status: 200, body: { notice: 'Release items moved successfully!' } })
  t.assert.deepEqual(await held(from), ['1 en-us publish', '2 fr-fr publish', '3 en-us publish'])
  t.assert.deepEqual(await held(to), ['2 en-us publish'], 'what comes takes the place of what is there')

  await t.test('by POST, by the singular address, and back', async () => {
    const byPost = await move(
      { release_uid: to, items: [{ uid: one, variant_id: null }] },
      { method: 'POST' },
    )
    t.assert.equal(byPost.status, 200, 'without a locale it is the master language')
    t.assert.deepEqual(await held(to), ['2 en-us publish', '1 en-us publish'])
    const single = await move({ release_uid: from, items: ['$all'] }, { path: `/releases/${to}/item/move` })
    t.assert.equal(single.status, 200)
    t.assert.deepEqual(await held(to), [])
    t.assert.equal((await held(from)).length, 4)
  })

  await t.test('what is wrong is refused whole, with the field', async () => {
    const locked = await release('Locked')
    await ask('PUT', `/releases/${locked}`, { release: { locked: true } })
    const all = ['$all']
    const wrong: [string, object, string][] = [
      ['an unknown target', { release_uid: 'blt0000000000000000', items: all }, 'release_uid'],
      ['the same release', { release_uid: from, items: all }, 'release_uid'],
      ['a locked target', { release_uid: locked, items: all }, 'release_uid'],
      ['no target', { items: all }, 'release_uid'],
      ['no items', { release_uid: to }, 'items'],
      ['an empty list', { release_uid: to, items: [] }, 'items'],
      ['all and one', { release_uid: to, items: ['$all', named(one)] }, 'items'],
      ['another word', { release_uid: to, items: ['$some'] }, 'items.0'],
      ['a number', { release_uid: to, items: [7] }, 'items.0'],
      ['no uid', { release_uid: to, items: [{ locale: 'en-us' }] }, 'items.0.uid'],
      ['an item that it has not', { release_uid: to, items: [named(one), named('blt1')] }, 'items.1.uid'],
      ['a language that it has not', { release_uid: to, items: [named(one, 'fr-fr')] }, 'items.0.uid'],
      ['a variant', { release_uid: to, items: [{ ...named(one), variant_id: 'cs1' }] }, 'items.0.variant_id'],
      [
        'more than one request may name',
        { release_uid: to, items: Array.from({ length: 101 }, () => named(one)) },
        'items',
      ],
    ]
    for (const [what, body, field] of wrong) {
      const { status, body: said } = await move(body)
      t.assert.deepEqual([status, said.error_code], [422, 141], what)
      t.assert.ok(field in said.errors, `${what}: ${JSON.stringify(said.errors)}`)
    }
    t.assert.deepEqual([(await held(from)).length, (await held(to)).length], [4, 0])
    const gone = await move(
      { release_uid: to, items: all },
      { path: '/releases/blt0000000000000000/items/move' },
    )
    t.assert.deepEqual([gone.status, gone.body.error_code], [404, 141])
    const empty = await move({ release_uid: from, items: all }, { path: `/releases/${to}/items/move` })
    t.assert.deepEqual([empty.status, empty.body.errors.items.length], [422, 1])
    await ask('PUT', `/releases/${from}`, { release: { locked: true } })
    t.assert.deepEqual((await move({ release_uid: to, items: all })).body.errors, { locked: ['is locked.'] })
    await ask('PUT', `/releases/${from}`, { release: { locked: false } })
  })

  await t.test('a target over its limit takes none', async () => {
    const { db } = house.store
    const target = await release('Full')
    const [row] = await db.selectFrom('release').select('id').where('name', '=', 'Full').execute()
    await db
      .insertInto('release_item')
      .values(
        Array.from({ length: 498 }, (_, n) => ({
          ...{
            release_id: row!.id,
            item_key: `main/blt${n}/en-us`,
            kind: 'page',
            action: 'publish' as const,
          },
          ...{ version: '1', title: `${n}`, created_at: new Date() },
        })),
      )
      .execute()
    const full = await move({ release_uid: target, items: ['$all'] })
    t.assert.deepEqual([full.status, full.body.errors], [422, { items: ['must be 500 at most.'] }])
    t.assert.equal((await held(from)).length, 4)
    const fits = await move({ release_uid: target, items: [named(one), named(three)] })
    t.assert.equal(fits.status, 200)
  })

  await t.test('moves in opposite directions wait for each other and both happen', async () => {
    const [a, b] = [await release('A', [item(one)]), await release('B', [item(three)])]
    const both = await Promise.all(
      Array.from({ length: 4 }, (_, n) =>
        n % 2 === 0
          ? move({ release_uid: b, items: ['$all'] }, { path: `/releases/${a}/items/move` })
          : move({ release_uid: a, items: ['$all'] }, { path: `/releases/${b}/items/move` }),
      ),
    )
    t.assert.ok(both.every(({ status }) => status === 200 || status === 422))
    const left = [...(await held(a)), ...(await held(b))].toSorted()
    t.assert.deepEqual(left, ['1 en-us publish', '3 en-us publish'])
  })

  await t.test('both releases tell of it', async () => {
    const events = await house.store.db
      .selectFrom('event')
      .select(['kind', 'data'])
      .where('kind', 'in', ['release.items_added', 'release.items_removed'])
      .orderBy('ordinal')
      .execute()
    const said = events.filter(({ data }) => 'moved_to' in data || 'moved_from' in data)
    t.assert.deepEqual(
      said.slice(0, 2).map(({ kind, data }) => [kind, data.keys]),
      [
        ['release.items_removed', [`main/${two}/en-us`]],
        ['release.items_added', [`main/${two}/en-us`]],
      ],
    )
    const { body } = await ask('GET', `/releases/${to}`)
    t.assert.ok(body.release.sys_version > 1, 'and are another version')
  })
})
