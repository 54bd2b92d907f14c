import { test, type TestContext } from 'node:test'
import { eventually, openStack, settled, upload } from './open-stack.ts'

const title = { display_name: 'Title', uid: 'title', data_type: 'text', mandatory: true, unique: true }
const field = (uid: string, more: object = {}) => ({ display_name: uid, uid, data_type: 'text', ...more })

test('a type is changed under its entries, which stay as they are until they are written or published', async (t: TestContext) => {
  const stack = await openStack(t, ['production'])
  const { ask, deliver, house, authtoken, api_key } = stack
  const change = (...schema: object[]) => ask('PUT', '/content_types/note', { content_type: { schema } })
  const content_type = { title: 'Note', uid: 'note', schema: [title, field('body'), field('price')] }
  await ask('POST', '/content_types', { content_type })
  const path = '/content_types/note/entries'
  const make = async (entry: object): Promise<string> => (await ask('POST', path, { entry })).body.entry.uid
  const publish = async (uid: string) => {
    const entry = { environments: ['production'], locales: ['en-us'] }
    t.assert.equal((await ask('POST', `${path}/${uid}/publish`, { entry })).status, 201)
    await settled(stack)
  }

  await t.test('a new mandatory field', async () => {
    const uid = await make({ title: 'Old', body: 'text' })
    t.assert.equal((await change(title, field('body'), field('must', { mandatory: true }))).status, 200)
    const read = await ask('GET', `${path}/${uid}`)
    t.assert.deepEqual([read.status, read.body.entry.body, read.body.entry._version], [200, 'text', 1])
    await publish(uid)
    t.assert.equal((await deliver('production', `${path}/${uid}`)).status, 422, 'not published without it')
    const saved = await ask('PUT', `${path}/${uid}`, { entry: { body: 'more' } })
    t.assert.deepEqual(
      [saved.status, saved.body.error_code, Object.keys(saved.body.errors)],
      [422, 119, ['must']],
    )
    t.assert.equal((await ask('PUT', `${path}/${uid}`, { entry: { must: 'here' } })).status, 200)
    await publish(uid)
    t.assert.equal((await deliver('production', `${path}/${uid}`)).body.entry.must, 'here')
  })

  await t.test('a field that shall be unique, where it is not', async () => {
    await change(title, field('body'), field('code'))
    await make({ title: 'A', code: 'x' })
    const other = await make({ title: 'B', code: 'x' })
    const refused = await change(title, field('body'), field('code', { unique: true }))
    t.assert.deepEqual([refused.status, refused.body.error_code], [422, 115])
    await ask('PUT', `${path}/${other}`, { entry: { code: 'y' } })
    t.assert.equal((await change(title, field('body'), field('code', { unique: true }))).status, 200)
    const taken = await ask('POST', path, { entry: { title: 'C', code: 'x' } })
    t.assert.deepEqual([taken.status, taken.body.errors], [422, { code: ['is not unique.'] }])
    // Another language counts for itself.
    t.assert.equal(
      (await ask('POST', `${path}?locale=fr-fr`, { entry: { title: 'C', code: 'x' } })).status,
      201,
    )
  })

  await t.test('a field that is the master’s in every language', async () => {
    await change(title, field('body'), field('price', { non_localizable: true }))
    const uid = await make({ title: 'Priced', price: '1' })
    const french = await ask('PUT', `${path}/${uid}?locale=fr-fr`, { entry: { title: 'Prix', price: '9' } })
    t.assert.deepEqual(
      [french.body.entry.price, french.body.entry._version],
      ['1', 1],
      'not written elsewhere',
    )
    await ask('PUT', `${path}/${uid}`, { entry: { price: '2' } })
    const after = (await ask('GET', `${path}/${uid}?locale=fr-fr`)).body.entry
    t.assert.deepEqual([after.title, after.price, after._version], ['Prix', '2', 2])
  })

  await t.test('a field that is of another type now', async () => {
    const asset = (await upload(house.url, { authtoken, api_key })).body.asset.uid
    const uid = await make({ title: 'Typed', body: asset })
    for (const data_type of [
      'file',
      'reference',
      'number',
      'group',
      'blocks',
      'link',
      'json',
      'boolean',
      'isodate',
    ]) {
      const parts = { schema: [field('a')], blocks: [{ uid: 'b', title: 'B', schema: [field('a')] }] }
      const more =
        data_type === 'group'
          ? { schema: parts.schema }
          : data_type === 'blocks'
            ? { blocks: parts.blocks }
            : {}
      t.assert.equal((await change(title, field('body', { data_type, ...more }))).status, 200, data_type)
      for (const query of ['', '?include[]=body&include_dimension=true']) {
        const { status, body } = await ask('GET', `${path}/${uid}${query}`)
        t.assert.equal(status, 200, `${data_type} ${JSON.stringify(body)}`)
      }
      t.assert.equal((await ask('GET', `${path}?asc=body`)).status, 200)
      t.assert.ok(
        [200, 422].includes((await ask('PUT', `${path}/${uid}`, { entry: { title: 'Typed' } })).status),
      )
    }
    await change(title, field('body', { data_type: 'file' }))
    await ask('PUT', `${path}/${uid}`, { entry: { body: asset } })
    const { references } = (await ask('GET', `/assets/${asset}/references`)).body
    t.assert.deepEqual(references, [
      {
        entry_uid: uid,
        content_type_uid: 'note',
        content_type_title: 'Note',
        locale: 'en-us',
        title: 'Typed',
      },
    ])
  })

  await t.test('a type that goes by force takes what is live with it', async () => {
    await change(title, field('body'))
    const uid = await make({ title: 'Going' })
    await publish(uid)
    t.assert.equal((await deliver('production', `${path}/${uid}`)).status, 200)
    t.assert.equal((await ask('DELETE', '/content_types/note?force=true')).status, 200)
    await eventually(async () => t.assert.equal((await deliver('production', `${path}/${uid}`)).status, 422))
  })
})
