import { test, type TestContext } from 'node:test'
import type { Field } from '#catalogue/content/field.ts'
import { DomainError } from '#domain/errors.ts'
import { withDefaults } from '#surfaces/contentstack/limits.ts'
import { filter, flag, order, page, text, texts } from '#surfaces/contentstack/query.ts'
import { readQuery, entryFields } from '#surfaces/contentstack/translate/condition.ts'
import { readField, writeField } from '#surfaces/contentstack/translate/field.ts'
import { includeWriter } from '#surfaces/contentstack/translate/include.ts'
import { filesIn, putFiles } from '#surfaces/contentstack/translate/leaves.ts'
import { readReleaseItem, writeReleaseItem } from '#surfaces/contentstack/translate/release.ts'
import { readSchedule, readTime } from '#surfaces/contentstack/translate/time.ts'
import { heldActions, managementActions } from '#surfaces/contentstack/management-scope.ts'
import { readExpiry } from '#surfaces/contentstack/translate/token.ts'

const refused = (t: TestContext, work: () => unknown) =>
  t.assert.throws(work, (error) => error instanceof DomainError && error.code === 'invalid')

test('times are read as clients write them', (t: TestContext) => {
  const read = (given: string) => readTime(given)?.toISOString()
  t.assert.equal(read('2018-12-12T13:13:13.122Z'), '2018-12-12T13:13:13.122Z')
  t.assert.equal(
    read('2018-12-12T13:13:13:122Z'),
    '2018-12-12T13:13:13.122Z',
    'the colon of the vendor’s samples',
  )
  t.assert.equal(read('2018-12-12T13:13Z'), '2018-12-12T13:13:00.000Z')
  t.assert.equal(read('2018-12-12 13:13:13+05:30'), '2018-12-12T07:43:13.000Z')
  t.assert.equal(read('2018-12-12T13:13:13'), '2018-12-12T13:13:13.000Z', 'no zone: UTC')
  t.assert.equal(read('2018-12-12'), '2018-12-12T00:00:00.000Z')
  for (const wrong of ['', 'tomorrow', '2018-02-31', '2018-13-01', '2018-12-12T25:00Z', '1e10', '12345'])
    t.assert.equal(read(wrong), undefined, wrong)
})

test('a schedule is read under both names, and never taken for none', (t: TestContext) => {
  const now = new Date('2026-01-01T00:00:00Z')
  const twelve = withDefaults({})
  const time = '2026-02-01T08:00:00.000Z'
  t.assert.equal(readSchedule({ scheduled_at: time }, now, twelve)?.toISOString(), time)
  t.assert.equal(readSchedule({ scheduledAt: time }, now, twelve)?.toISOString(), time)
  t.assert.equal(readSchedule({}, now, twelve), undefined)
  t.assert.equal(readSchedule({ scheduledAt: null }, now, twelve), undefined)
  refused(t, () => readSchedule({ scheduledAt: '' }, now, twelve))
  refused(t, () => readSchedule({ scheduledAt: 'soon' }, now, twelve))
  refused(t, () => readSchedule({ scheduledAt: '2027-01-02T00:00:00Z' }, now, twelve))
})

test('query strings are read leniently', (t: TestContext) => {
  t.assert.equal(flag({ include_count: 'true' }, 'include_count'), true)
  t.assert.equal(flag({ include_count: 'false' }, 'include_count'), false)
  t.assert.equal(flag({}, 'include_count'), false)
  t.assert.equal(text({ locale: ['en-us', 'fr-fr'] }, 'locale'), 'fr-fr')
  t.assert.deepEqual(texts({ 'only[BASE][]': ['a', 'b'] }, 'only'), ['a', 'b'])
  t.assert.deepEqual(page({}), { limit: 100, offset: 0 })
  t.assert.deepEqual(page({ limit: '500', skip: '7' }), { limit: 100, offset: 7 })
  t.assert.deepEqual(order({ desc: 'name' }), { field: 'name', direction: 'desc' })
  t.assert.deepEqual(filter({ query: '{"name":"x"}' }), { name: 'x' })
  refused(t, () => filter({ query: '[1]' }))
  refused(t, () => filter({ query: '{' }))
  refused(t, () => filter({ query: `{"a":${'['.repeat(3000)}${']'.repeat(3000)}}` }))
  refused(t, () => page({ limit: '-1' }))
  refused(t, () => page({ skip: '99999999999999' }))
})

test('a query becomes a condition of the catalogue', (t: TestContext) => {
  const read = (query: object) => readQuery(query as never, entryFields, () => 'uuid')
  t.assert.deepEqual(read({}), undefined)
  t.assert.deepEqual(read({ title: 'T', price: { $gt: 3, $lte: 9 } }), {
    all: [
      { system: 'title', is: 'equal', value: 'T', ignore_case: false },
      { field: 'price', is: 'more', value: 3, ignore_case: false },
      { field: 'price', is: 'at_most', value: 9, ignore_case: false },
    ],
  })
  t.assert.deepEqual(read({ $or: [{ uid: 'a' }, { title: { $regex: '^b', $options: 'i' } }] }), {
    all: [
      {
        any: [
          { all: [{ system: 'uid', is: 'equal', value: 'a', ignore_case: false }] },
          { all: [{ system: 'title', is: 'matches', value: '^b', ignore_case: true }] },
        ],
      },
    ],
  })
  t.assert.deepEqual(read({ created_by: 'blt1' }), {
    all: [{ system: 'created_by', is: 'equal', value: 'uuid', ignore_case: false }],
  })
  refused(t, () => read({ $where: '1' }))
  refused(t, () => read({ title: { $near: 1 } }))
  refused(t, () => read({ $or: 'x' }))
})

test('a field keeps all that the client put beside it', (t: TestContext) => {
  const wire = {
    display_name: 'Author',
    uid: 'author',
    data_type: 'reference',
    reference_to: ['person'],
    field_metadata: { ref_multiple: true, ref_multiple_content_types: true },
    mandatory: false,
    multiple: false,
    non_localizable: true,
    unique: false,
  }
  const field = readField(wire) as Field
  t.assert.equal(field.multiple, true, 'its metadata says it')
  t.assert.deepEqual(writeField({ ...field, annotations: field.annotations! }), wire)

  const bare = readField({ ...wire, multiple: undefined }) as Field
  const told = writeField({ ...bare, annotations: bare.annotations! })
  t.assert.equal(told.multiple, true)
  t.assert.deepEqual(readField(told), bare, 'what goes out comes in as the same')

  const group = {
    display_name: 'Sections',
    uid: 'sections',
    data_type: 'blocks',
    mandatory: false,
    multiple: true,
    non_localizable: false,
    unique: false,
    blocks: [
      {
        title: 'Hero',
        uid: 'hero',
        schema: [
          {
            display_name: 'Image',
            uid: 'image',
            data_type: 'file',
            mandatory: false,
            multiple: false,
            non_localizable: false,
            unique: false,
          },
        ],
      },
    ],
  }
  const blocks = readField(group) as Field
  t.assert.equal(blocks.blocks?.[0]?.fields[0]?.type, 'file')
  t.assert.deepEqual(writeField(blocks), group)
  t.assert.equal(readField(3), 3, 'what is no field is handed on to be refused')
})

test('file fields are found and filled at any depth', (t: TestContext) => {
  const plain = { mandatory: false, unique: false, multiple: false, non_localizable: false }
  const file: Field = { ...plain, uid: 'image', name: 'Image', type: 'file' }
  const files: Field = { ...file, uid: 'images', multiple: true }
  const fields: Field[] = [
    file,
    { ...plain, uid: 'card', name: 'Card', type: 'group', fields: [files] },
    {
      ...plain,
      uid: 'parts',
      name: 'Parts',
      type: 'blocks',
      multiple: true,
      blocks: [{ uid: 'hero', name: 'Hero', fields: [file] }],
    },
  ]
  const data = { image: 'a', card: { images: ['b', 'gone'] }, parts: [{ hero: { image: 'c' } }] }
  t.assert.deepEqual(filesIn(fields, data), ['a', 'b', 'gone', 'c'])
  const assets = new Map(['a', 'b', 'c'].map((uid) => [uid, { uid }]))
  t.assert.deepEqual(putFiles(fields, data, assets), {
    image: { uid: 'a' },
    card: { images: [{ uid: 'b' }] },
    parts: [{ hero: { image: { uid: 'c' } } }],
  })
})

test('items are pinned by branch, uid and locale', (t: TestContext) => {
  t.assert.deepEqual(
    readReleaseItem({ uid: 'blt1', content_type_uid: 'page', version: 2 }, 'main', 'en-us'),
    {
      key: 'main/blt1/en-us',
      kind: 'page',
      version: 2,
      action: 'publish',
    },
  )
  t.assert.equal(readReleaseItem({ uid: 'a', content_type_uid: 'sys_assets' }, 'main', 'en-us').kind, 'asset')
  const pinned = {
    key: 'main/blt1/fr-fr',
    kind: 'asset',
    action: 'publish',
    version: '3@en-us',
    title: 'T',
  } as const
  t.assert.deepEqual(writeReleaseItem(pinned), {
    uid: 'blt1',
    version: 3,
    locale: 'fr-fr',
    content_type_uid: 'built_io_upload',
    action: 'publish',
    title: 'T',
    variant_id: null,
  })
})

test('a management token does what its modules say', (t: TestContext) => {
  const reads = managementActions([
    { module: 'entry', acl: { read: true } },
    { module: 'branch', branches: ['main'] },
  ])
  t.assert.ok(!reads.includes('catalogue.edit') && reads.includes('catalogue.read'))
  const writes = managementActions([{ module: 'entry', acl: { read: true, write: true } }])
  t.assert.ok(writes.includes('deployment.request') && !writes.includes('release.edit'))
  const all = managementActions([{ module: '$all', acl: { write: true } }])
  t.assert.deepEqual(heldActions([{ module: '$all', acl: { write: true } }]), all)
  const held = heldActions([{ module: 'entry', acl: { write: true } }])
  t.assert.ok(!held.includes('deployment.request') && !held.includes('catalogue.edit'), 'no module elsewhere')
  t.assert.ok(all.includes('release.edit') && all.includes('webhook.admin'))
  for (const never of ['token.admin', 'project.admin', 'user.admin', 'deployment.approve', 'gate.override'])
    t.assert.ok(!all.includes(never as never), never)
  t.assert.equal(readExpiry('2030-01-01')?.toISOString(), '2030-01-01T00:00:00.000Z')
  t.assert.equal(readExpiry('2030-01-01T17:30:00+02:00')?.toISOString(), '2030-01-01T00:00:00.000Z')
  t.assert.equal(readExpiry(null), null)
  refused(t, () => readExpiry('never'))
})

test('an entry may name more than one call takes arguments', (t: TestContext) => {
  const most = 300_000
  const [f, j] = [{ uid: 'f', type: 'file', multiple: true } as Field, { uid: 'j', type: 'json' } as Field]
  t.assert.equal(filesIn([f], { f: Array<string>(most).fill('a') }).length, most)
  const write = includeWriter({
    ...{ types: new Map([['page', { fields: [j] }]]), behind: new Map(), narrowed: new Map() },
    ...{ include: { paths: [], embedded: true }, metadata: false, dimensions: new Map() },
    ...{ place: {}, names: { users: () => null, environment_uid: 'e' } },
  } as never)
  const at = new Date()
  const told = write({
    ...{ uid: 'u', kind: 'entry', content_type_uid: 'page', created_at: at, updated_at: at },
    ...{ data: { j: { children: Array<number>(most).fill(0) } }, published: { at, locale: 'en-us' } },
  } as never)
  t.assert.deepEqual(told._embedded_items, { j: [] })
})
