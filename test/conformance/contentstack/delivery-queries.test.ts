import { test, type TestContext } from 'node:test'
import { openNewsroom, to } from './delivery-house.ts'

// What the vendor's reader hands out is as loosely typed as it is written.
/* oxlint-disable typescript/no-explicit-any */

test("every question of the vendor's reader finds what it should, and nothing is silently not asked", async (t: TestContext) => {
  const room = await openNewsroom(t)
  const { write, publish, publishAsset, picture } = room
  const acme = await write('company', { title: 'Acme' })
  const umbrella = await write('company', { title: 'Umbrella' })
  const ada = await write('person', { title: 'Ada', company: to('company', acme), photo: picture })
  const bob = await write('person', { title: 'Bob', company: to('company', umbrella) })
  const one = await write('article', {
    ...{
      title: 'One',
      body: 'about apples',
      price: 1,
      day: '2024-01-31',
      tags: ['a', 'b'],
      words: ['x', 'y'],
    },
    ...{ author: to('person', ada), seo: { slug: 'one', editor: to('person', bob) }, cover: picture },
    sections: [{ hero: { heading: 'Top', writer: to('person', bob) } }],
    text: {
      type: 'doc',
      children: [
        { type: 'reference', attrs: { 'entry-uid': bob, 'content-type-uid': 'person' }, children: [] },
        { type: 'reference', attrs: { 'asset-uid': picture }, children: [] },
      ],
    },
  })
  const two = await write('article', {
    ...{ title: 'Two', body: 'about Pears', price: 5, day: '2024-02-01T00:30:00+01:00', tags: ['b'] },
    ...{ author: to('person', bob), seo: { slug: 'two' }, sections: [{ hero: { heading: 'Low' } }] },
  })
  const three = await write('article', { title: 'Three', price: 9, tags: ['c'] })
  const draft = await write('person', { title: 'Draft' })
  for (const uid of [acme, umbrella]) await publish('company', uid)
  for (const uid of [ada, bob]) await publish('person', uid)
  for (const uid of [one, two, three]) await publish('article', uid)
  await publishAsset(picture)

  const reader: any = await room.reader('production')
  const articles = () => reader.ContentType('article').Query()
  const found = async (query: any): Promise<string> => {
    const [entries] = await query.ascending('price').toJSON().find()
    return entries.map(({ title }: { title: string }) => title).join(' ')
  }
  const company = (name: string) => reader.ContentType('company').Query().where('title', name)
  const cases: [string, any, string][] = [
    ['where', articles().where('title', 'One'), 'One'],
    ['equalTo', articles().equalTo('price', 5), 'Two'],
    ['notEqualTo', articles().notEqualTo('price', 5), 'One Three'],
    ['lessThan', articles().lessThan('price', 5), 'One'],
    ['lessThanOrEqualTo', articles().lessThanOrEqualTo('price', 5), 'One Two'],
    ['greaterThan', articles().greaterThan('price', 5), 'Three'],
    ['greaterThanOrEqualTo', articles().greaterThanOrEqualTo('price', 5), 'Two Three'],
    ['containedIn', articles().containedIn('title', ['One', 'Three']), 'One Three'],
    ['notContainedIn', articles().notContainedIn('title', ['One', 'Three']), 'Two'],
    ['exists', articles().exists('body'), 'One Two'],
    ['notExists', articles().notExists('body'), 'Three'],
    ['regex', articles().regex('body', '^about p'), ''],
    ['regex in any case', articles().regex('body', '^about p', 'i'), 'Two'],
    ['tags, all of them', articles().tags(['a', 'b']), 'One'],
    ['a tag', articles().tags(['b']), 'One Two'],
    ['search', articles().search('PEARS'), 'Two'],
    ['search is no pattern', articles().search('p.*s'), ''],
    ['or', articles().or(articles().where('title', 'One'), articles().where('price', 9)), 'One Three'],
    ['and', articles().and(articles().where('tags', 'b'), articles().where('price', 1)), 'One'],
    ['a field of a group', articles().where('seo.slug', 'two'), 'Two'],
    ['a field of a block', articles().where('sections.hero.heading', 'Top'), 'One'],
    ['a value of a list', articles().where('words', 'y'), 'One'],
    ['a day before', articles().lessThan('day', '2024-01-31T23:45:00Z'), 'One Two'],
    ['a moment, whatever its zone', articles().greaterThan('day', '2024-01-31T12:00:00.000Z'), 'Two'],
    ['a reference by its uid', articles().where('author', ada), 'One'],
    ['one of several references', articles().containedIn('author', [ada, bob]), 'One Two'],
    ['a reference in a block', articles().where('sections.hero.writer', bob), 'One'],
    ['a file by its uid', articles().where('cover.uid', picture), 'One'],
    [
      'referenceIn',
      articles().referenceIn('author', reader.ContentType('person').Query().where('title', 'Bob')),
      'Two',
    ],
    ['referenceIn, raw', articles().referenceIn('seo.editor', { title: 'Bob' }), 'One'],
    ['referenceNotIn', articles().referenceNotIn('author', { title: 'Bob' }), 'One Three'],
    [
      'behind the reference behind it',
      articles().query({ author: { $in_query: { company: { $in_query: company('Acme').getQuery() } } } }),
      'One',
    ],
    ['afterUid', articles().afterUid(one), 'Two Three'],
    ['beforeUid', articles().beforeUid(two), 'One'],
    ['before nothing that is there', articles().beforeUid('blt0'), ''],
    ['its own word in the query', articles().where('price', 1).includeReferenceContentTypeUID(), 'One'],
  ]
  for (const [what, query, titles] of cases) t.assert.equal(await found(query), titles, what)

  const refused = [
    '{"price":{"$near":1}}',
    '{"$where":"1"}',
    '{"seo":{"$below":"x"}}',
    '{"title":{"$in_query":{}}}',
  ]
  refused.push('{"title":{"$regex":"(a+)+$","$options":"x"}}', '{"title":{"$regex":"(?=a)"}}', '{"price":')
  for (const query of refused) {
    const answer = await room.deliver(
      'production',
      `/content_types/article/entries?query=${encodeURIComponent(query)}`,
    )
    t.assert.deepEqual([answer.status, answer.body.error_code], [422, 141], query)
  }
  t.assert.equal((await room.deliver('production', '/content_types/none/entries')).body.error_code, 118)

  await t.test('pages, counts, languages and what an answer carries besides', async (t: TestContext) => {
    const [page, count] = await articles().ascending('title').skip(1).limit(1).includeCount().toJSON().find()
    t.assert.deepEqual([page[0].title, page.length, count], ['Three', 1, 3])
    t.assert.equal((await articles().descending('price').toJSON().findOne()).title, 'Three')
    t.assert.deepEqual(await articles().count().toJSON().find(), [3])
    const whole = await articles().where('price', 1).includeContentType().includeSchema().toJSON().find()
    t.assert.equal(whole[1].uid, 'article')
    const entry = await reader
      .ContentType('article')
      .Entry(one)
      .includeBranch()
      .includeMetadata()
      .includeOwner()
      .toJSON()
      .fetch()
    t.assert.deepEqual([entry._branch, entry._metadata, entry.cover.filename], ['main', {}, 'hello.txt'])
    t.assert.deepEqual(entry.author, to('person', ada), 'not asked for: as it was written')
    const french = await reader
      .ContentType('article')
      .Entry(one)
      .language('fr-fr')
      .includeFallback()
      .toJSON()
      .fetch()
    t.assert.deepEqual([french.locale, french.publish_details.locale], ['en-us', 'en-us'])
    await t.assert.rejects(reader.ContentType('article').Entry(one).language('fr-fr').toJSON().fetch(), {
      error_code: 141,
    })
  })

  await t.test(
    'references are carried along every path that is asked, narrowed as is asked',
    async (t: TestContext) => {
      await room.ask('PUT', `/content_types/article/entries/${one}`, {
        entry: { author: to('person', ada, draft), related: [] },
      })
      await publish('article', one)
      const entry = () => reader.ContentType('article').Entry(one)
      const full = await entry()
        .includeReference(['author.company', 'seo.editor', 'sections.hero.writer'])
        .toJSON()
        .fetch()
      t.assert.deepEqual(
        full.author.map((person: any) => person.title),
        ['Ada'],
        'what is not live is left out',
      )
      t.assert.equal(full.author[0].company[0].title, 'Acme')
      t.assert.equal(full.author[0].photo.filename, 'hello.txt')
      t.assert.deepEqual([full.seo.editor[0].title, full.sections[0].hero.writer[0].title], ['Bob', 'Bob'])
      t.assert.deepEqual(full.seo.editor[0].company, to('company', umbrella), 'no further than asked')
      const list = await articles().includeReference('author').where('price', 1).toJSON().find()
      t.assert.equal(list[0][0].author[0]._content_type_uid, 'person')
      const slim = await entry()
        .includeReference('author')
        .only(['title', 'author', 'seo.slug'])
        .only('author', 'company')
        .toJSON()
        .fetch()
      t.assert.deepEqual(Object.keys(slim).toSorted(), ['author', 'seo', 'title', 'uid'])
      t.assert.deepEqual(slim.seo, { slug: 'one' })
      t.assert.deepEqual(Object.keys(slim.author[0]).toSorted(), ['_content_type_uid', 'company', 'uid'])
      const less = await entry()
        .includeReference('author')
        .except('body')
        .except('author', ['photo'])
        .toJSON()
        .fetch()
      t.assert.ok(!('body' in less) && less.title === 'One' && !('photo' in less.author[0]))
      const embedding = await entry().includeEmbeddedItems().toJSON().fetch()
      const items = embedding._embedded_items.text.map((item: any) => [item._content_type_uid, item.title])
      t.assert.deepEqual(items, [
        ['person', 'Bob'],
        ['sys_assets', 'hello.txt'],
      ])
    },
  )

  await t.test('assets and content types', async (t: TestContext) => {
    const asset = await reader.Assets(picture).includeFallback().includeMetadata().toJSON().fetch()
    t.assert.deepEqual([asset.filename, asset._metadata], ['hello.txt', {}])
    const [assets, count] = await reader
      .Assets()
      .Query()
      .where('filename', 'hello.txt')
      .includeCount()
      .toJSON()
      .find()
    t.assert.deepEqual([assets[0].uid, count], [picture, 1])
    t.assert.equal(
      (await reader.Assets().Query().greaterThan('file_size', '99').toJSON().find())[0].length,
      0,
    )
    t.assert.equal((await reader.Assets().Query().lessThan('file_size', '99').toJSON().find())[0].length, 1)
    t.assert.equal((await reader.ContentType('person').fetch()).content_type.uid, 'person')
    t.assert.equal((await reader.getContentTypes({ include_count: true, limit: 2 })).count, 4)
  })
})
