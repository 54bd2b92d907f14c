import { describe, test, type TestContext } from 'node:test'
import { createContentType } from '#app/content/create-content-type.ts'
import { createEntry } from '#app/content/create-entry.ts'
import { getContentType, listContentTypes } from '#app/content/get-content-type.ts'
import { getEntry } from '#app/content/get-entry.ts'
import { listEntries } from '#app/content/list-entries.ts'
import { removeContentType } from '#app/content/remove-content-type.ts'
import { updateContentType } from '#app/content/update-content-type.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import { isDomainError } from '#domain/errors.ts'
import { sharedContentHouse, pageFields } from './content-house.ts'

const contentHouse = sharedContentHouse()

const wrong =
  (...faults: string[]) =>
  (error: unknown) =>
    isDomainError(error, 'invalid') &&
    JSON.stringify(error.details.faults.map(({ field, fault }) => `${field} ${fault}`)) ===
      JSON.stringify(faults)

const failing =
  (code: 'not_found' | 'already_exists' | 'in_use' | 'forbidden' | 'version_conflict') => (error: unknown) =>
    isDomainError(error, code)

describe('a content type', () => {
  test('is created, listed, changed and removed', async (t: TestContext) => {
    const { ctx, place, page, write } = await contentHouse()
    const make = (uid: string, title: string) =>
      createContentType(ctx, { ...place, uid, title, fields: [{ uid: 'title', type: 'text' }] })
    const note = await make('note', 'Note')
    t.assert.deepEqual(await getContentType(ctx, { ...place, uid: 'note' }), note)
    await t.assert.rejects(make('note', 'Other'), wrong('uid not_unique'))
    await t.assert.rejects(make('other', 'NOTE'), wrong('title not_unique'))
    await t.assert.rejects(make('asset', 'Asset'), wrong('uid invalid'))
    await t.assert.rejects(make('No', ''), wrong('uid invalid', 'title required'))
    const updated = await updateContentType(ctx, { ...place, uid: 'note', title: 'Notes' })
    t.assert.deepEqual([updated.version, updated.title, updated.fields], [2, 'Notes', note.fields])
    await t.assert.rejects(
      updateContentType(ctx, { ...place, uid: 'note', version: 1 }),
      failing('version_conflict'),
    )
    await t.assert.rejects(
      updateContentType(ctx, { ...place, uid: 'note', title: 'page' }),
      wrong('title not_unique'),
    )
    await t.assert.rejects(updateContentType(ctx, { ...place, uid: 'x' }), failing('not_found'))
    const listed = await listContentTypes(ctx, { ...place, limit: 1, with_total: true })
    t.assert.deepEqual([listed.content_types[0]?.uid, listed.total], ['note', 2])
    await write('blt1', { title: 'Home' })
    await t.assert.rejects(removeContentType(ctx, { ...place, uid: 'page' }), failing('in_use'))
    await removeContentType(ctx, { ...place, uid: 'page', force: true })
    await removeContentType(ctx, { ...place, uid: 'note' })
    await t.assert.rejects(removeContentType(ctx, { ...place, uid: 'note' }), failing('not_found'))
    await t.assert.rejects(getEntry(ctx, { ...page, uid: 'blt1' }), failing('not_found'))
    await t.assert.rejects(listEntries(ctx, { ...page, limit: 5 }), failing('not_found'))
  })

  test('makes a field unique only where it is', async (t: TestContext) => {
    const { ctx, place, page, write } = await contentHouse()
    await write('blt1', { title: 'One', url: '/a', price: 1 })
    await write('blt2', { title: 'Two', url: '/a', price: 1e21 })
    const unique = (...uids: string[]) =>
      updateContentType(ctx, {
        ...place,
        uid: 'page',
        fields: pageFields.map((field) => (uids.includes(field.uid) ? { ...field, unique: true } : field)),
      })
    await t.assert.rejects(unique('url'), wrong('fields not_unique'))
    await unique('price')
    const third = (price: number) =>
      createEntry(ctx, { ...page, uid: 'blt3', data: { title: 'Three', price } })
    await t.assert.rejects(third(1), wrong('entry.price not_unique'))
    await t.assert.rejects(third(1e21), wrong('entry.price not_unique'))
    await updateContentType(ctx, { ...place, uid: 'page', fields: pageFields })
    await third(1)
  })

  test('drops what an entry still says of a field that it no longer has', async (t: TestContext) => {
    const { ctx, place, page, write } = await contentHouse()
    await write('blt1', { title: 'Home', url: '/' })
    await updateContentType(ctx, {
      ...place,
      uid: 'page',
      fields: pageFields.filter(({ uid }) => uid !== 'url'),
    })
    const read = await getEntry(ctx, { ...page, uid: 'blt1' })
    const sentBack = await updateEntry(ctx, { ...page, uid: 'blt1', data: { ...read.data, title: 'Start' } })
    t.assert.deepEqual(sentBack.data, { title: 'Start' })
  })
})

describe('a content type that changes beside its entries', () => {
  test('is not removed from under one that is being written', async (t: TestContext) => {
    const { ctx, place, page, write } = await contentHouse()
    for (let round = 0; round < 8; round += 1) {
      const uid = `type_${round}`
      await createContentType(ctx, { ...place, uid, title: uid, fields: [{ uid: 'title', type: 'text' }] })
      const entry = { ...place, content_type_uid: uid, uid: `blt${round}` }
      const [made, removed] = await Promise.allSettled([
        createEntry(ctx, { ...entry, data: { title: 'x' } }),
        removeContentType(ctx, { ...place, uid }),
      ])
      t.assert.notEqual(made.status, removed.status)
      const refusal = made.status === 'rejected' ? made.reason : (removed as PromiseRejectedResult).reason
      t.assert.ok(isDomainError(refusal, made.status === 'rejected' ? 'not_found' : 'in_use'))
    }
    await write('blt_last', { title: 'Still here' })
    t.assert.equal((await listEntries(ctx, { ...page, limit: 1, with_total: true })).total, 1)
  })

  test('makes a field unique for those that are being written too', async (t: TestContext) => {
    const { ctx, place, page } = await contentHouse()
    const unique = pageFields.map((each) => (each.uid === 'url' ? { ...each, unique: true } : each))
    const create = (n: number) =>
      createEntry(ctx, { ...page, uid: `blt${n}`, data: { title: `${n}`, url: '/same' } })
    const tries = await Promise.allSettled([
      create(0),
      updateContentType(ctx, { ...place, uid: 'page', fields: unique }),
      create(1),
      create(2),
    ])
    const { fields } = await getContentType(ctx, { ...place, uid: 'page' })
    const { total = 0 } = await listEntries(ctx, { ...page, limit: 1, with_total: true })
    const isUnique = fields.some((each) => each.uid === 'url' && each.unique)
    t.assert.equal(isUnique, tries[1]?.status === 'fulfilled')
    t.assert.ok(!isUnique || total === 1, `${total} entries have the same unique value`)
  })
})
