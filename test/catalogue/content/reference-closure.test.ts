import { describe, test, type TestContext } from 'node:test'
import { removeEntry } from '#app/content/remove-entry.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import { uploadAsset } from '#app/content/upload-asset.ts'
import {
  referenceClosure,
  type ClosureInput,
  type ReachedItem,
} from '#catalogue/content/reference-closure.ts'
import { contentHouse } from '../../app/content/content-house.ts'
import { counting } from '../../executors/content/many-items.ts'

const to = (...uids: string[]) => uids.map((uid) => ({ uid, _content_type_uid: 'page' }))
const told = (reached: readonly ReachedItem[]) =>
  reached.map(({ key, version, depth, referrers, served }) =>
    [key, version ?? '-', depth, referrers.join('+'), ...(served ? ['served'] : [])].join(' '),
  )

describe('all that pinned items refer to', () => {
  test('is found to any depth in one statement, each item once, and circles end', async (t: TestContext) => {
    const content = await contentHouse(t)
    const { ctx, house, page, place, staging, write, publish } = content
    const edit = (uid: string, data: object, locale?: string) =>
      updateEntry(ctx, { ...page, uid, data: { ...data }, ...(locale ? { locale } : {}) })
    const closure = async (input: Partial<ClosureInput>) => {
      const counted = counting(house.db)
      const items = [{ key: 'main/home/en-us', version: '2' }]
      const { reached, complete } = await referenceClosure(counted.db, { ...place, items, ...input })
      t.assert.equal(counted.statements(), 1)
      return { reached, complete, told: told(reached) }
    }
    const file = { filename: 'a.txt', content_type: 'text/plain', bytes: [Buffer.from('x')] }
    await uploadAsset(ctx, { ...place, uid: 'logo', file })
    await write('home', { title: 'Home' })
    await write('about', { title: 'About' })
    await write('team', { title: 'Team', image: 'logo' })
    await write('old', { title: 'Old' })
    await edit('home', { related: to('about', 'team') })
    await edit('home', { related: to('old') })
    await edit('about', { related: to('team', 'home') })
    await edit('team', { title: 'Team 2', related: to('about', 'home', 'team') })

    t.assert.deepEqual(
      (await closure({})).told,
      [
        'main/about/en-us 2 1 main/home/en-us+main/team/en-us',
        'main/team/en-us 2 1 main/about/en-us+main/home/en-us+main/team/en-us',
        'main/logo/en-us 1 2 main/team/en-us',
      ],
      'by the references of the pinned version, and by the latest of the others',
    )

    await edit('team', { title: 'Équipe' }, 'fr-fr')
    const french = await closure({
      items: [
        { key: 'main/home/fr-ca', version: '2@en-us' },
        { key: 'main/about/fr-ca', version: '1@en-us' },
      ],
    })
    t.assert.deepEqual(
      french.told.map((line) => line.split(' ').slice(0, 3).join(' ')),
      ['main/team/fr-ca 1@fr-fr 1', 'main/logo/fr-ca 1@en-us 2'],
      'what is pinned is not reached again, and others are in the language nearest to theirs',
    )

    await publish([{ uid: 'team' }])
    const items = [
      { key: 'main/home/en-us', version: '2' },
      { key: 'main/home/fr-ca', version: '2@en-us' },
      { key: 'main/about/en-us', version: '1' },
    ]
    t.assert.deepEqual(
      (await closure({ items, served_in: staging })).told,
      [
        'main/about/fr-ca 2@en-us 1 main/home/fr-ca served',
        'main/team/en-us 2 1 main/home/en-us served',
        'main/team/fr-ca 1@fr-fr 1 main/home/fr-ca served',
      ],
      'what readers find, in a fallback too, ends the search',
    )
    const leaving = [...items.slice(0, 2), { key: 'main/team/en-us', version: null }]
    t.assert.deepEqual(
      (await closure({ items: leaving, served_in: staging })).told.filter((line) =>
        line.startsWith('main/team/'),
      ),
      [
        'main/team/en-us 2 1 main/about/en-us+main/home/en-us+main/team/en-us',
        'main/team/fr-ca 1@fr-fr 1 main/about/fr-ca+main/home/fr-ca+main/team/fr-ca',
      ],
      'what goes with them is not found any more',
    )

    await removeEntry(ctx, { ...page, uid: 'old', locales: 'all' })
    const [gone] = (await closure({ items: [{ key: 'main/home/en-us', version: '3' }] })).reached
    t.assert.deepEqual([gone?.key, gone?.deleted, gone?.version], ['main/old/en-us', true, null])

    const few = await closure({ most: 2 })
    t.assert.deepEqual([few.reached.length, few.complete], [1, false])
    t.assert.deepEqual((await referenceClosure(house.db, { ...place, items: [] })).reached, [])
    t.assert.deepEqual((await closure({ items: [{ key: 'main/nobody/en-us', version: '1' }] })).reached, [])
  })
})
