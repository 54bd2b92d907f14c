import { test, type TestContext } from 'node:test'
import { eventually, openStack, upload } from './open-stack.ts'
import type { Instance } from './sdk.ts'

test('entries as the vendor’s client writes and reads them', async (t: TestContext) => {
  const { stack, ask, house, authtoken, api_key } = await openStack(t, ['production'])
  const type: Instance = stack.contentType('page')
  const path = '/content_types/page/entries'
  const make = async (title: string, more: object = {}): Promise<string> =>
    (await ask('POST', path, { entry: { title, ...more } })).body.entry.uid
  const titlesOf = (items: readonly Instance[]) => items.map(({ title }) => title)

  await t.test('an instance is put back whole, and changes what it may', async () => {
    const picture = (await upload(house.url, { authtoken, api_key })).body.asset.uid
    const related = await make('Related')
    const entry: Instance = await type.entry().create({
      entry: { title: 'Whole', tags: ['a'], picture, related: [{ uid: related, _content_type_uid: 'page' }] },
    })
    t.assert.deepEqual([entry._version, entry._in_progress, entry.picture.uid], [1, false, picture])
    const fetched: Instance = await type.entry(entry.uid).fetch({
      ...{ include_publish_details: true, include_owner: true, include_workflow: true, include_branch: true },
      ...{ include_content_type: true, include_schema: true, 'include[]': 'related' },
    })
    t.assert.deepEqual(
      [fetched.content_type.uid, fetched.schema[0].uid, fetched._branch, fetched._workflow],
      ['page', 'title', 'main', {}],
    )
    t.assert.deepEqual([fetched.publish_details, fetched._owner.email], [[], house.credentials.email])
    t.assert.deepEqual([fetched.related[0].title, fetched.related[0]._content_type_uid], ['Related', 'page'])
    fetched.body = 'changed'
    const updated = await fetched.update()
    t.assert.deepEqual(
      [updated._version, updated.body, updated.tags, updated.picture.uid, updated.related],
      [2, 'changed', ['a'], picture, [{ uid: related, _content_type_uid: 'page' }]],
    )
    t.assert.deepEqual([updated.uid, updated.created_at], [entry.uid, entry.created_at])
    const kept = await type.entry(entry.uid).fetch()
    t.assert.deepEqual(kept.updated_at, updated.updated_at, 'what is answered is what is kept')
    const [first] = (await ask('GET', `${path}/${entry.uid}/versions`)).body.versions.slice(-1)
    t.assert.equal(first.updated_at, entry.updated_at)
  })

  await t.test('what stands beside the fields is told of when it is asked for, in lists too', async () => {
    const { body } = await ask(
      'GET',
      `${path}?include_content_type=true&include_schema=true&include_count=true`,
    )
    t.assert.deepEqual(
      [body.content_type.uid, body.schema.length, body.count],
      ['page', 5, body.entries.length],
    )
    const plain = (await ask('GET', path)).body
    for (const word of ['_owner', '_workflow', '_branch', 'publish_details'])
      t.assert.ok(!Object.hasOwn(plain.entries[0], word), word)
    const query = 'include_owner=true&include_workflow=true&include_publish_details=true&include_branch=true'
    const [told] = (await ask('GET', `${path}?${query}`)).body.entries
    t.assert.deepEqual([told._workflow, told._branch, told.publish_details], [{}, 'main', []])
    t.assert.deepEqual([told._owner.username, told._owner.uid], [house.credentials.email, told.created_by])
    const only = await type.entry().query({ 'only[BASE][]': 'title', limit: 1 }).find()
    t.assert.deepEqual(
      Object.keys((await ask('GET', `${path}?only[BASE][]=title&limit=1`)).body.entries[0]),
      ['title', 'uid'],
    )
    t.assert.equal(only.items.length, 1)
    const [except] = (await ask('GET', `${path}?except[BASE][]=title&limit=1`)).body.entries
    t.assert.deepEqual([except.title, typeof except.locale], [undefined, 'string'])
  })

  await t.test(
    'references are carried as deep as they are named, and stay where they lead nowhere',
    async () => {
      const c = await make('C')
      const b = await make('B', { related: [c] })
      const a = await make('A', { related: [b, 'blt00000000000000ff'] })
      const [, gone] = (await ask('GET', `${path}/${a}?include[]=related`)).body.entry.related
      t.assert.deepEqual(gone, { uid: 'blt00000000000000ff', _content_type_uid: 'page' })
      const one = (await ask('GET', `${path}/${a}?include[]=related`)).body.entry
      t.assert.deepEqual(
        [one.related[0].title, one.related[0].related],
        ['B', [{ uid: c, _content_type_uid: 'page' }]],
      )
      const two = (await ask('GET', `${path}/${a}?include[]=related.related`)).body.entry
      t.assert.equal(two.related[0].related[0].title, 'C')
      await ask('PUT', `${path}/${c}`, { entry: { related: [a] } })
      const round = await ask('GET', `${path}/${a}?include[]=related.related.related.related.related`)
      t.assert.equal(round.body.entry.related[0].related[0].related[0].title, 'A')
      const deep = 'related.related.related.related.related.related'
      t.assert.equal((await ask('GET', `${path}/${a}?include[]=${deep}`)).status, 422)
      const many = Array.from({ length: 51 }, (_, n) => `include[]=f${n}`).join('&')
      t.assert.equal((await ask('GET', `${path}/${a}?${many}`)).status, 422)
      const { references } = await type.entry(c).references()
      t.assert.deepEqual(references, [
        { entry_uid: b, content_type_uid: 'page', content_type_title: 'Page', locale: 'en-us', title: 'B' },
      ])
    },
  )

  await t.test('work in progress is marked as such, and its mark is answered', async () => {
    const draft: Instance = await type.entry().create({ entry: { _in_progress: true, body: 'unfinished' } })
    t.assert.deepEqual([draft._in_progress, draft.title, draft._version], [true, undefined, 1])
    const release = await stack.release().create({ release: { name: 'Drafts' } })
    const fine = await make('Pinned')
    const item = { uid: fine, version: 1, locale: 'en-us', content_type_uid: 'page', action: 'publish' }
    await ask('POST', `/releases/${release.uid}/items`, { items: [item] })
    const fetched: Instance = await type.entry(fine).fetch()
    fetched._in_progress = true
    fetched.body = 'half'
    t.assert.deepEqual([(await fetched.update())._in_progress, fetched._version], [true, 1])
    const pinned = async () =>
      (await ask('GET', `/releases/${release.uid}/items`)).body.items.map((one: Instance) => one.version)
    await ask('PUT', `/releases/${release.uid}/update_items`, { items: ['$all'] })
    t.assert.deepEqual(await pinned(), [1], 'left, since its latest is in progress')
    t.assert.equal(
      (await ask('PUT', `${path}/${fine}`, { entry: { body: 'whole' } })).body.entry._in_progress,
      false,
    )
    await ask('PUT', `/releases/${release.uid}/update_items`, { items: ['$all'] })
    t.assert.deepEqual(await pinned(), [3])
    const refused = await ask('PUT', `${path}/${draft.uid}`, { entry: { body: 'finished?' } })
    t.assert.deepEqual(
      [refused.status, refused.body.error_code, Object.keys(refused.body.errors)],
      [422, 119, ['title']],
    )
  })

  await t.test('versions have names, are counted by language, and can be read again', async () => {
    const uid = await make('Versions')
    for (const body of ['two', 'three', 'four']) await ask('PUT', `${path}/${uid}`, { entry: { body } })
    const name = (version: number | string, entry: object) =>
      ask('POST', `${path}/${uid}/versions/${version}/name`, { entry })
    t.assert.equal((await name(2, { _version_name: 'Beta', locale: 'en-us' })).status, 200)
    const twice = await name(3, { _version_name: 'Beta', locale: 'en-us' })
    t.assert.deepEqual([twice.status, twice.body.errors], [422, { _version_name: ['is not unique.'] }])
    t.assert.equal((await name(3, { _version_name: 'Beta', locale: 'en-us', force: true })).status, 200)
    t.assert.equal((await name(2, { _version_name: 'Alpha' })).status, 200)
    const list = async (query: string) =>
      (await ask('GET', `${path}/${uid}/versions?${query}`)).body as { versions: Instance[]; count?: number }
    const told = (versions: Instance[]) => versions.map((one) => [one._version, one._version_name])
    t.assert.deepEqual(told((await list('')).versions), [
      [4, undefined],
      [3, 'Beta'],
      [2, 'Alpha'],
      [1, undefined],
    ])
    const named = await list('named=true&include_count=true&limit=1&skip=1')
    t.assert.deepEqual([told(named.versions), named.count], [[[2, 'Alpha']], 2])
    t.assert.deepEqual((await list('locale=fr-fr')).versions, [])
    t.assert.equal((await ask('GET', `${path}/${uid}/versions?locale=xx`)).status, 422)
    const remove = await ask('DELETE', `${path}/${uid}/versions/3/name`, { entry: { locale: 'en-us' } })
    t.assert.deepEqual([remove.status, remove.body.notice], [200, 'Version name deleted successfully'])
    t.assert.equal((await ask('DELETE', `${path}/${uid}/versions/2/name`)).status, 200)
    t.assert.deepEqual((await list('named=true')).versions, [])
    for (const version of ['9', '0', 'x', '99999999999'])
      t.assert.equal((await ask('DELETE', `${path}/${uid}/versions/${version}/name`)).status, 422, version)
    t.assert.equal((await name(1, { _version_name: '' })).status, 422)
    t.assert.equal((await type.entry(uid).fetch({ version: 2 })).body, 'two')
  })

  await t.test('languages: written, inherited, taken back, deleted', async () => {
    const uid = await make('Hello', { body: 'text' })
    const entry: Instance = type.entry(uid)
    t.assert.deepEqual((await entry.locales()).locales, [
      { code: 'en-us', localized: true },
      { code: 'fr-fr' },
    ])
    const inherited = await entry.fetch({ locale: 'fr-fr' })
    t.assert.deepEqual([inherited.locale, inherited.title], ['en-us', 'Hello'])
    inherited.title = 'Bonjour'
    const french = await inherited.update({ locale: 'fr-fr' })
    t.assert.deepEqual([french.locale, french._version, french.body], ['fr-fr', 1, 'text'])
    t.assert.equal((await entry.locales()).locales[1].localized, true)
    const taken = await ask('POST', `${path}/${uid}/unlocalize?locale=fr-fr`, {})
    t.assert.equal(taken.body.notice, 'Entry unlocalized successfully.')
    t.assert.equal((await entry.fetch({ locale: 'fr-fr' })).title, 'Hello')
    t.assert.equal((await ask('POST', `${path}/${uid}/unlocalize?locale=fr-fr`, {})).status, 422)
    t.assert.equal((await ask('POST', `${path}/${uid}/unlocalize?locale=en-us`, {})).status, 422)

    await ask('PUT', `${path}/${uid}?locale=fr-fr`, { entry: { title: 'Salut' } })
    t.assert.equal((await entry.delete({ locale: 'fr-fr' })).notice, 'Entry deleted successfully.')
    t.assert.equal((await entry.fetch({ locale: 'fr-fr' })).title, 'Hello', 'the others stay')
    await ask('PUT', `${path}/${uid}?locale=fr-fr`, { entry: { title: 'Salut' } })
    await entry.delete({ locale: 'fr-fr', delete_all_localized: true })
    t.assert.equal((await ask('GET', `${path}/${uid}`)).status, 422)
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const other = await make(`Unknown ${method}`)
      const { status, body } = await ask(
        method,
        `${path}/${other}?locale=xx-xx`,
        method === 'PUT' ? { entry: {} } : undefined,
      )
      t.assert.deepEqual([status, body.error_code, Object.keys(body.errors)], [422, 141, ['locale']], method)
    }
    t.assert.equal((await ask('GET', `${path}?locale=xx-xx`)).status, 422)
  })

  await t.test('lists are found, sorted, paged and counted', async () => {
    for (const [title, price] of [
      ['L1', 3],
      ['L2', 1],
      ['L3', 2],
    ] as const)
      await make(title, { price })
    const listed = { title: { $regex: '^L' } }
    const find = async (more: object) =>
      type
        .entry()
        .query({ query: listed, ...more })
        .find()
    t.assert.deepEqual(titlesOf((await find({ asc: 'price' })).items), ['L2', 'L3', 'L1'])
    t.assert.deepEqual(titlesOf((await find({ desc: 'title', limit: 1, skip: 1 })).items), ['L2'])
    const page = await find({ include_count: true, limit: 2 })
    t.assert.deepEqual([page.items.length, page.count], [2, 3])
    const one = await type.entry().query({ query: listed, desc: 'price' }).findOne()
    t.assert.deepEqual(titlesOf(one.items), ['L1'])
    t.assert.deepEqual(await type.entry().query({ query: listed }).count(), { entries: 3 })
    t.assert.deepEqual(
      titlesOf(
        (
          await type
            .entry()
            .query({ query: { price: { $gte: 2 }, ...listed }, asc: 'price' })
            .find()
        ).items,
      ),
      ['L3', 'L1'],
    )
  })

  await t.test('publish details say where an entry is', async () => {
    const uid = await make('Live')
    const entry: Instance = type.entry(uid)
    const publishDetails = { environments: ['production'], locales: ['en-us', 'fr-fr'] }
    const { notice } = await entry.publish({ publishDetails, locale: 'en-us', version: 1 })
    t.assert.match(String(notice), /performed/)
    const details = () => entry.fetch({ include_publish_details: true }).then((told) => told.publish_details)
    await eventually(async () => t.assert.equal((await details()).length, 2))
    const environment = (await stack.environment('production').fetch()).uid
    t.assert.partialDeepStrictEqual((await details())[0], { environment, locale: 'en-us', version: 1 })
    await entry.unpublish({ publishDetails, locale: 'en-us', version: 1 })
    await eventually(async () => t.assert.equal((await details()).length, 0))
  })

  await t.test('what is not built is told of with 404, for which the client does not try again', async () => {
    const uid = await make('Workflow')
    const entry: Instance = type.entry(uid)
    const absent = { status: 404 }
    await t.assert.rejects(entry.setWorkflowStage({ workflow_stage: { uid: 'x' }, locale: 'en-us' }), absent)
    await t.assert.rejects(entry.publishRequest({ publishing_rule: { uid: 'x' }, locale: 'en-us' }), absent)
    await t.assert.rejects(entry.variants().query().find(), absent)
    await t.assert.rejects(entry.variants('v').fetch(), absent)
    const plain = await entry.includeVariants('true', 'v')
    t.assert.equal(plain.entry.title, 'Workflow')
  })

  await t.test('what is no entry is refused, at its field', async () => {
    const one = `${path}/${await make('Refusals')}`
    const wrong: [string, string, unknown, number, string][] = [
      ['POST', path, {}, 119, 'entry'],
      ['POST', path, { entry: null }, 119, 'entry'],
      ['POST', path, { entry: { title: 'x'.repeat(513) } }, 119, 'title'],
      ['POST', path, { entry: { title: 'x', tags: 'a' } }, 119, 'tags'],
      ['POST', path, { entry: { title: 'x', picture: { url: '/x' } } }, 119, 'picture'],
      ['PUT', one, {}, 119, 'entry'],
      ['PUT', one, { entry: { price: '1' } }, 119, 'price'],
      ['PUT', `${path}/blt0000000000000000`, { entry: {} }, 141, 'uid'],
      ['POST', `${one}/unlocalize`, {}, 141, 'locale'],
      ['POST', `${one}/versions/1/name`, { entry: {} }, 141, '_version_name'],
      ['DELETE', `${one}/versions/1/name`, { entry: { locale: 5 } }, 141, 'locale'],
      ['GET', `${one}/versions?limit=x`, undefined, 141, 'limit'],
    ]
    for (const [method, where, sent, code, name] of wrong) {
      const { status, body } = await ask(method, where, sent)
      const said = [status, body.error_code, Object.keys(body.errors ?? {})]
      t.assert.deepEqual(said, [422, code, [name]], `${method} ${where} ${JSON.stringify(body)}`)
    }
  })

  await t.test(
    'a field is called as the customer likes, though the client keeps something of that name',
    async () => {
      const field = (uid: string) => ({ display_name: uid, uid, data_type: 'text' })
      const content_type = {
        ...{ title: 'Odd', uid: 'odd' },
        schema: ['title', 'content_type', 'schema', 'constructor'].map(field),
      }
      t.assert.equal((await ask('POST', '/content_types', { content_type })).status, 201)
      const sent = { title: 'T', content_type: 'a', schema: 'b', constructor: 'c' }
      const { body } = await ask('POST', '/content_types/odd/entries', {
        entry: { ...sent, urlPath: '/x', stackHeaders: {} },
      })
      t.assert.partialDeepStrictEqual({ ...body.entry }, sent)
      const changed = await ask('PUT', `/content_types/odd/entries/${body.entry.uid}`, {
        entry: { schema: 'd' },
      })
      t.assert.deepEqual([changed.body.entry.schema, changed.body.entry.content_type], ['d', 'a'])
    },
  )
})
