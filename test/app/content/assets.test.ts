import { createHash } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { describe, test, type TestContext } from 'node:test'
import type { Context } from '#app/context.ts'
import { createFolder } from '#app/content/create-folder.ts'
import { getAsset, getFolder } from '#app/content/get-asset.ts'
import { listAssets } from '#app/content/list-assets.ts'
import { openAsset } from '#app/content/open-asset.ts'
import { getPublishedAsset, listPublishedAssets, openPublishedAsset } from '#app/content/published-assets.ts'
import { listPublishedItems } from '#app/content/published-items.ts'
import { removeAsset } from '#app/content/remove-asset.ts'
import { removeFolder } from '#app/content/remove-folder.ts'
import { updateAsset } from '#app/content/update-asset.ts'
import { updateFolder } from '#app/content/update-folder.ts'
import { uploadAsset } from '#app/content/upload-asset.ts'
import { isDomainError } from '#domain/errors.ts'
import { sharedContentHouse, principalOf } from './content-house.ts'

const contentHouse = sharedContentHouse()

interface Place {
  project_id: string
  branch: string
}

const failing =
  (code: 'not_found' | 'already_exists' | 'in_use' | 'forbidden' | 'too_large' | 'invalid', about = '') =>
  (error: unknown) =>
    isDomainError(error, code) && JSON.stringify(error.details).includes(about)

const fileOf = (content: string, filename = 'note.txt', content_type = 'text/plain') => ({
  filename,
  content_type,
  bytes: [Buffer.from(content)],
})

const upload = (ctx: Context, place: Place, uid: string, content: string, parent_uid?: string) =>
  uploadAsset(ctx, { ...place, uid, file: fileOf(content), ...(parent_uid ? { parent_uid } : {}) })

describe('an asset', () => {
  test('keeps the bytes of each of its versions', async (t: TestContext) => {
    const { ctx, place } = await contentHouse()
    const key = { ...place, uid: 'blt1' }
    const file = fileOf('one', 'C:\\fake\\note.txt', 'Text/Plain; charset=utf-8')
    const made = await uploadAsset(ctx, { ...key, file, title: 'Note', tags: ['a'] })
    t.assert.deepEqual(made, await getAsset(ctx, key))
    t.assert.deepEqual(
      [made.filename, made.content_type, made.size, made.title, made.version, made.tags],
      ['note.txt', 'text/plain', 3, 'Note', 1, ['a']],
    )
    t.assert.equal(made.digest, createHash('sha256').update('one').digest('hex'))
    const replaced = await updateAsset(ctx, { ...key, file: fileOf('three', 'other.txt') })
    t.assert.deepEqual(
      [replaced.version, replaced.size, replaced.filename, replaced.title],
      [2, 5, 'other.txt', 'Note'],
    )
    const renamed = await updateAsset(ctx, { ...key, title: 'Renamed' })
    t.assert.deepEqual([renamed.version, renamed.title, renamed.digest], [3, 'Renamed', replaced.digest])
    t.assert.equal((await updateAsset(ctx, key)).version, 3)
    t.assert.equal(await text((await openAsset(ctx, { ...key, version: 1 })).stream), 'one')
    const open = await openAsset(ctx, key)
    t.assert.deepEqual([await text(open.stream), open.size, open.version], ['three', 5, 3])
    await t.assert.rejects(openAsset(ctx, { ...key, version: 4 }), failing('not_found', 'version'))
  })

  test('that cannot be is refused', async (t: TestContext) => {
    const { ctx, place } = await contentHouse()
    const key = { ...place, uid: 'blt1' }
    await upload(ctx, place, 'blt1', 'x')
    await t.assert.rejects(upload(ctx, place, 'blt1', 'x'), failing('already_exists'))
    await t.assert.rejects(upload(ctx, place, 'a b', 'x'), failing('invalid', 'uid'))
    await t.assert.rejects(upload(ctx, place, 'blt2', 'x', 'nowhere'), failing('not_found', 'folder'))
    await t.assert.rejects(
      upload(ctx, { ...place, branch: 'dev' }, 'blt2', 'x'),
      failing('not_found', 'branch'),
    )
    const big = { ...key, uid: 'blt2', file: fileOf('12345'), most_bytes: 4 }
    await t.assert.rejects(uploadAsset(ctx, big), failing('too_large'))
    const names = ['', 'a\0b', 'a\nb', 'x'.repeat(256), '..\\']
    for (const name of names)
      await t.assert.rejects(
        uploadAsset(ctx, { ...key, uid: 'blt2', file: fileOf('x', name) }),
        failing('invalid', 'asset.filename'),
        JSON.stringify(name),
      )
    await t.assert.rejects(updateAsset(ctx, { ...key, title: ' ' }), failing('invalid', 'asset.title'))
    await t.assert.rejects(updateAsset(ctx, { ...key, tags: ['\0'] }), failing('invalid', 'asset.tags'))
    await t.assert.rejects(
      updateAsset(ctx, { ...key, uid: 'blt9', title: 'x' }),
      failing('not_found', 'asset'),
    )
    const stranger = principalOf(ctx, {})
    await t.assert.rejects(upload(stranger, place, 'blt3', 'x'), failing('forbidden'))
    await t.assert.rejects(openAsset(stranger, key), failing('forbidden'))
    await t.assert.rejects(openPublishedAsset(stranger, key), failing('forbidden'))
    await t.assert.rejects(removeAsset(stranger, key), failing('forbidden'))
  })

  test('is replaced by several at once, none lost', async (t: TestContext) => {
    const { ctx, place } = await contentHouse()
    await upload(ctx, place, 'blt1', '0')
    const key = { ...place, uid: 'blt1' }
    await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        updateAsset(ctx, n % 2 === 0 ? { ...key, file: fileOf(`${n}`) } : { ...key, description: `${n}` }),
      ),
    )
    const latest = await getAsset(ctx, key)
    t.assert.deepEqual([latest.version, latest.description !== '', latest.digest !== ''], [7, true, true])
  })
})

describe('a folder', () => {
  test('holds assets and folders, and goes when it is empty', async (t: TestContext) => {
    const { ctx, place } = await contentHouse()
    const root = await createFolder(ctx, { ...place, uid: 'f1', name: 'Root' })
    t.assert.deepEqual([root.kind, root.title, root.parent_uid], ['folder', 'Root', null])
    await createFolder(ctx, { ...place, uid: 'f2', name: 'Inner', parent_uid: 'f1' })
    await upload(ctx, place, 'blt1', 'x', 'f2')
    await upload(ctx, place, 'blt2', 'y')
    const uids = async (asked: object) =>
      (await listAssets(ctx, { ...place, limit: 9, ...asked })).assets.map(({ uid }) => uid).toSorted()
    t.assert.deepEqual(await uids({}), ['blt1', 'blt2'])
    t.assert.deepEqual(await uids({ kinds: ['asset', 'folder'] }), ['blt1', 'blt2', 'f1', 'f2'])
    t.assert.deepEqual(await uids({ kinds: ['asset', 'folder'], parent_uid: null }), ['blt2', 'f1'])
    t.assert.deepEqual(await uids({ parent_uid: 'f2' }), ['blt1'])
    t.assert.deepEqual(await uids({ uids: ['blt2', 'f1'] }), ['blt2'])
    t.assert.deepEqual(await uids({ where: { field: 'filename', is: 'equal', value: 'none' } }), [])
    t.assert.deepEqual(await uids({ where: { field: 'title', is: 'equal', value: 'note.txt' } }), [
      'blt1',
      'blt2',
    ])
    await t.assert.rejects(removeFolder(ctx, { ...place, uid: 'f1' }), failing('in_use'))
    await t.assert.rejects(
      updateFolder(ctx, { ...place, uid: 'f1', parent_uid: 'f2' }),
      failing('invalid', 'parent_uid'),
    )
    await t.assert.rejects(updateFolder(ctx, { ...place, uid: 'f1', parent_uid: 'f9' }), failing('not_found'))
    const moved = await updateFolder(ctx, { ...place, uid: 'f2', name: 'Moved', parent_uid: null })
    t.assert.deepEqual([moved.title, moved.parent_uid], ['Moved', null])
    await removeFolder(ctx, { ...place, uid: 'f1' })
    await t.assert.rejects(getFolder(ctx, { ...place, uid: 'f1' }), failing('not_found'))
    const asset = await updateAsset(ctx, { ...place, uid: 'blt1', parent_uid: null })
    t.assert.deepEqual([asset.parent_uid, asset.version], [null, 1])
    await removeFolder(ctx, { ...place, uid: 'f2' })
    await t.assert.rejects(createFolder(ctx, { ...place, uid: 'f3', name: '' }), failing('invalid', 'name'))
  })
})

test('a folder goes with all that lies in it, and what of it is live is unpublished', async (t: TestContext) => {
  const { ctx, place, publish, run, production } = await contentHouse()
  await createFolder(ctx, { ...place, uid: 'f1', name: 'Root' })
  await createFolder(ctx, { ...place, uid: 'f2', name: 'Inner', parent_uid: 'f1' })
  await createFolder(ctx, { ...place, uid: 'f3', name: 'Innermost', parent_uid: 'f2' })
  await createFolder(ctx, { ...place, uid: 'f4', name: 'Beside' })
  await upload(ctx, place, 'blt1', 'x', 'f3')
  await upload(ctx, place, 'blt2', 'y', 'f1')
  await upload(ctx, place, 'blt3', 'z', 'f4')
  await publish([{ uid: 'blt1' }], [production])
  // One is put in while the folder goes: it is refused, or goes too.
  const late = createFolder(ctx, { ...place, uid: 'f5', name: 'Late', parent_uid: 'f2' }).then(() =>
    upload(ctx, place, 'blt4', 'w', 'f5'),
  )
  await Promise.all([removeFolder(ctx, { ...place, uid: 'f1', contents: true }), late.catch(() => undefined)])
  await run()
  const all = { ...place, kinds: ['asset', 'folder'] as const, limit: 9 }
  const left = (await listAssets(ctx, all)).assets.map(({ uid }) => uid)
  t.assert.deepEqual(left.toSorted(), ['blt3', 'f4'])
  await t.assert.rejects(openPublishedAsset(ctx, { ...place, environment_id: production, uid: 'blt1' }))
})

describe('an asset that is live', () => {
  test('serves the bytes of the version that was published, and no other', async (t: TestContext) => {
    const { ctx, place, publish, staging, production } = await contentHouse()
    const key = { ...place, uid: 'blt1' }
    await upload(ctx, place, 'blt1', 'one')
    await t.assert.rejects(openPublishedAsset(ctx, key), failing('not_found'))
    await publish([{ uid: 'blt1' }])
    await updateAsset(ctx, { ...key, file: fileOf('two') })
    t.assert.equal(await text((await openPublishedAsset(ctx, key)).stream), 'one')
    await t.assert.rejects(openPublishedAsset(ctx, { ...key, version: 2 }), failing('not_found'))
    await t.assert.rejects(
      openPublishedAsset(ctx, { ...key, environment_id: production }),
      failing('not_found'),
    )
    await publish([{ uid: 'blt1' }], [production])
    const newest = await openPublishedAsset(ctx, key)
    t.assert.deepEqual([await text(newest.stream), newest.version], ['two', 2])
    const first = await openPublishedAsset(ctx, { ...key, environment_id: staging, version: 1 })
    t.assert.equal(await text(first.stream), 'one')
  })

  test('is found from any locale, standing in the master', async (t: TestContext) => {
    const { ctx, place, publish, staging, run } = await contentHouse()
    await upload(ctx, place, 'blt1', 'one')
    await upload(ctx, place, 'blt2', 'two')
    await publish([{ uid: 'blt1' }, { uid: 'blt2', locale: 'fr-fr' }])
    const reader = { ...place, environment_id: staging }
    const french = { ...reader, locale: 'fr-ca' }
    const found = await getPublishedAsset(ctx, { ...french, uid: 'blt1' })
    t.assert.deepEqual(
      [found.kind, found.locale, found.published.locale, found.data.filename],
      ['asset', 'en-us', 'en-us', 'note.txt'],
    )
    t.assert.equal((await getPublishedAsset(ctx, { ...french, uid: 'blt2' })).published.locale, 'fr-fr')
    await t.assert.rejects(getPublishedAsset(ctx, { ...reader, uid: 'blt2' }), failing('not_found'))
    await t.assert.rejects(
      getPublishedAsset(ctx, { ...french, uid: 'blt1', fallback: false }),
      failing('not_found'),
    )
    const { items, total } = await listPublishedAssets(ctx, { ...french, limit: 9, with_total: true })
    t.assert.deepEqual([items.length, total], [2, 2])
    t.assert.equal((await listPublishedItems(ctx, { ...french, uids: ['blt1', 'blt2'] })).length, 2)
    const { unpublished_from } = await removeAsset(ctx, { ...place, uid: 'blt1' })
    t.assert.deepEqual(unpublished_from, [staging])
    await run()
    await t.assert.rejects(getPublishedAsset(ctx, { ...french, uid: 'blt1' }), failing('not_found'))
    await t.assert.rejects(getAsset(ctx, { ...place, uid: 'blt1' }), failing('not_found', 'asset'))
    const listed = await listAssets(ctx, { ...place, limit: 9, with_publish_details: true })
    t.assert.deepEqual(
      listed.assets.map(({ uid, publish_details }) => [uid, publish_details?.length]),
      [['blt2', 1]],
    )
  })
})
