import { test, type TestContext } from 'node:test'
import { everything, fine, title } from './everything-type.ts'
import { openStack, type TestStack } from './open-stack.ts'

test('content types as the vendor’s client makes, reads, changes and removes them', async (t: TestContext) => {
  const { stack, ask } = await openStack(t, [])
  const made = await stack.contentType().create({ content_type: everything })
  t.assert.deepEqual([made.uid, made._version, made.description], ['everything', 1, 'All of it'])

  await t.test('what was sent of a field comes back', async () => {
    const { schema, options } = await stack
      .contentType('everything')
      .fetch({ include_global_field_schema: true })
    const told = new Map((schema as { uid: string }[]).map((field) => [field.uid, field]))
    for (const field of everything.schema) {
      const { min_instance: _, ...sent } = { min_instance: undefined, ...field }
      t.assert.partialDeepStrictEqual(told.get(field.uid), sent)
    }
    t.assert.partialDeepStrictEqual(options, everything.options)
    const parent = told.get('parent') as unknown as { reference_to: unknown; data_type: string }
    t.assert.deepEqual([parent.reference_to, parent.data_type], ['page', 'reference'])
  })

  await t.test('a fetched type can be put back, and its versions stay', async () => {
    const fetched = await stack.contentType('everything').fetch()
    fetched.title = 'All'
    const updated = await fetched.update()
    t.assert.deepEqual([updated.title, updated._version], ['All', 2])
    const raw = await updated.updateCT({
      content_type: { title: 'Everything', schema: [title], options: { is_page: false } },
    })
    t.assert.equal(raw.content_type._version, 3)
    const first = await stack.contentType('everything').fetch({ version: 1 })
    t.assert.deepEqual(
      [first.title, first._version, first.schema.length],
      ['Everything', 1, everything.schema.length],
    )
    const second = await stack.contentType('everything').fetch({ version: 2 })
    t.assert.deepEqual([second.title, second.schema], ['All', first.schema])
    t.assert.equal((await stack.contentType('everything').fetch({ version: 3 })).schema.length, 1)
    for (const version of ['4', '99999999', '99999999999', '0', 'x']) {
      const { status, body } = await ask('GET', `/content_types/everything?version=${version}`)
      t.assert.deepEqual([status, Object.keys(body.errors)], [422, ['version']], version)
    }
    const back = await stack.contentType('everything').fetch({ version: 1 })
    t.assert.equal((await back.update())._version, 4)
  })

  await t.test('entries keep the rules of their fields', async () => {
    const entries = '/content_types/everything/entries'
    const { status, body } = await ask('POST', entries, { entry: fine })
    t.assert.equal(status, 201, JSON.stringify(body))
    for (const field of ['seo', 'address', 'topics', 'sections', 'body', 'link', 'group'] as const)
      t.assert.deepEqual(body.entry[field], fine[field], field)
    t.assert.deepEqual(body.entry.parent, [{ uid: 'blt2', _content_type_uid: 'page' }])
    const wrong: [string, unknown][] = [
      ['code', 'ab1'],
      ['colour', 'Red'],
      ['size', 6],
      ['size', 0],
      ['size', '3'],
      ['day', '2025-12-31'],
      ['day', 'tomorrow'],
      ['on', 'yes'],
      ['pictures', ['blt1', 'blt2', 'blt3']],
      ['pictures', 'blt1'],
      ['link', 'x'],
      ['others', [1, 2, 3, 4].map((n) => ({ uid: `blt${n}`, _content_type_uid: 'page' }))],
      ['others', [{ uid: 'blt1' }]],
      ['others', [{ uid: 'blt1', _content_type_uid: 'elsewhere' }]],
      ['parent', ['blt1', 'blt2']],
      ['group', [{ word: 'a' }, { word: 'b' }, { word: 'c' }]],
      ['group', [{}]],
      ['sections', [{ footer: {} }]],
      ['sections', [{ hero: {}, seo: {} }]],
      ['seo', { text: '\u0000' }],
      ['address', {}],
      ['address', { street: 'x' }],
      ['url', ''],
      ['nothing', 1],
    ]
    for (const [field, value] of wrong) {
      const entry = { ...fine, title: `${field} ${JSON.stringify(value)}`.slice(0, 99), [field]: value }
      const refused = await ask('POST', entries, { entry })
      const said = `${field}: ${JSON.stringify(refused.body)}`
      if (refused.status === 400) continue // NUL is refused by the hall.
      t.assert.deepEqual([refused.status, refused.body.error_code], [422, 119], said)
      const named = Object.keys(refused.body.errors)
      t.assert.ok(named.length > 0 && named.every((name) => name.split('.')[0] === field), said)
    }
  })

  await t.test('types are listed, counted, found and sorted', async () => {
    const page = await stack.contentType().query({ include_count: true, asc: 'uid' }).find()
    t.assert.deepEqual([page.count, page.items.map(({ uid }) => uid)], [2, ['everything', 'page']])
    t.assert.deepEqual(await stack.contentType().query().count(), { content_types: 2 })
    const uids = async (query: object, more = {}) =>
      (
        await stack
          .contentType()
          .query({ query, ...more })
          .find()
      ).items.map(({ uid }) => uid)
    t.assert.deepEqual(await uids({ title: 'Page' }), ['page'])
    t.assert.deepEqual(await uids({ uid: { $in: ['page', 'none'] } }), ['page'])
    t.assert.deepEqual(await uids({ title: { $regex: '^ever', $options: 'i' } }), ['everything'])
    t.assert.deepEqual(await uids({ $or: [{ uid: 'page' }, { uid: 'everything' }] }, { desc: 'title' }), [
      'page',
      'everything',
    ])
    for (const path of [
      'query=%7B%22schema%22%3A1%7D',
      'query=%7B',
      'query=%7B%22uid%22%3A%7B%22%24where%22%3A1%7D%7D',
      'asc=schema',
      'query=%7B%22uid%22%3A%7B%22%24in_query%22%3A%7B%7D%7D%7D',
      'typeahead=x',
      'tags=x',
      'after_uid=page',
      'query=%7B%22%24or%22%3A%5B%7B%22tags%22%3A%22x%22%7D%5D%7D',
      'limit=x',
      'skip=-1',
    ]) {
      const { status, body } = await ask('GET', `/content_types?${path}`)
      t.assert.deepEqual([status, body.error_code], [422, 115], `${path} ${JSON.stringify(body)}`)
    }
    t.assert.deepEqual((await stack.contentType('page').references()).references, ['everything', 'page'])
    t.assert.equal(stack.contentType().generateUid('My  Type!'), 'my_type_')
  })

  await t.test('a type with entries goes by force only', async () => {
    const refused = await ask('DELETE', '/content_types/everything')
    t.assert.deepEqual([refused.status, refused.body.error_code], [422, 141])
    const { notice } = await stack.contentType('everything').delete({ force: true })
    t.assert.equal(notice, 'Content Type deleted successfully.')
    for (const method of ['GET', 'DELETE']) {
      const { status, body } = await ask(method, '/content_types/everything')
      t.assert.deepEqual([status, body.error_code, body.errors], [422, 118, { uid: ['is not valid.'] }])
    }
    const put = await ask('PUT', '/content_types/everything', { content_type: { title: 'x' } })
    t.assert.deepEqual([put.status, put.body.error_code], [422, 118])
  })

  await t.test('a branch keeps what its types said before', async () => {
    await ask('PUT', '/content_types/page', { content_type: { description: 'Changed' } })
    await ask('POST', '/stacks/branches', { branch: { uid: 'dev', source: 'main' } })
    const { body } = await ask('GET', '/content_types/page?version=1', undefined, { branch: 'dev' })
    t.assert.deepEqual([body.content_type?._version, body.content_type?.description], [1, ''])
  })
  await t.test('what is no content type is refused with 115, at its field', (inner) => refusals(inner, ask))
})

async function refusals(t: TestContext, ask: TestStack['ask']) {
  const uid = 'other'
  const body = (more: object) => ({ content_type: { title: 'Other', uid, schema: [title], ...more } })
  const field = (more: object) =>
    body({ schema: [title, { display_name: 'F', uid: 'f', data_type: 'text', ...more }] })
  const wrong: [unknown, string][] = [
    [{}, 'content_type'],
    [{ content_type: [] }, 'content_type'],
    [body({ title: undefined }), 'title'],
    [body({ title: '' }), 'title'],
    [body({ uid: '' }), 'uid'],
    [body({ uid: 'No Way' }), 'uid'],
    [body({ uid: 'page' }), 'uid'],
    [body({ title: 'PAGE' }), 'title'],
    [body({ uid: 'built_io_upload' }), 'uid'],
    [body({ schema: undefined }), 'schema'],
    [body({ schema: 'x' }), 'schema'],
    [body({ schema: [] }), 'schema'],
    [body({ schema: [{ ...title, uid: 'name' }] }), 'schema'],
    [body({ schema: [title, title] }), 'schema.1.uid'],
    [body({ schema: [{ ...title, multiple: true }] }), 'schema.0.multiple'],
    [body({ options: { is_page: true } }), 'schema'],
    [body({ options: 'x' }), 'options'],
    [field({ uid: undefined }), 'schema.1.uid'],
    [field({ uid: 'a-b' }), 'schema.1.uid'],
    [field({ uid: 'locale' }), 'schema.1.uid'],
    [field({ data_type: 'colour' }), 'schema.1.data_type'],
    [field({ data_type: undefined }), 'schema.1.data_type'],
    [field({ mandatory: 'yes' }), 'schema.1.mandatory'],
    [field({ format: '(' }), 'schema.1.format'],
    [field({ data_type: 'group' }), 'schema.1.schema'],
    [field({ data_type: 'group', schema: [] }), 'schema.1.schema'],
    [field({ data_type: 'blocks' }), 'schema.1.blocks'],
    [field({ data_type: 'blocks', blocks: [{ uid: 'b', schema: [] }] }), 'schema.1.blocks.0.schema'],
    [field({ data_type: 'reference', reference_to: [] }), 'schema.1.reference_to'],
    [field({ data_type: 'boolean', unique: true }), 'schema.1.unique'],
    [body({ schema: [title, null] }), 'schema.1'],
  ]
  for (const [sent, name] of wrong) {
    const { status, body: said } = await ask('POST', '/content_types', sent)
    const text = `${name}: ${JSON.stringify(said)}`
    t.assert.deepEqual([status, said.error_code], [422, 115], text)
    t.assert.ok(Object.hasOwn(said.errors, name), text)
  }
  const put = await ask('PUT', '/content_types/page', { content_type: { options: { is_page: true } } })
  t.assert.deepEqual([put.status, put.body.error_code], [422, 115])

  await t.test('a singleton has one entry', async () => {
    const single = {
      title: 'Home',
      uid: 'home',
      schema: [title],
      options: { is_page: false, singleton: true },
    }
    await ask('POST', '/content_types', { content_type: single })
    const both = await Promise.all(
      ['A', 'B'].map((name) => ask('POST', '/content_types/home/entries', { entry: { title: name } })),
    )
    t.assert.deepEqual(both.map(({ status }) => status).toSorted(), [201, 422])
    const refused = both.find(({ status }) => status === 422)
    t.assert.equal(refused?.body.error_code, 119)
  })
}
