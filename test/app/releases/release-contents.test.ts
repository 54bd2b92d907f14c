import { describe, test, type TestContext } from 'node:test'
import { createEntry } from '#app/content/create-entry.ts'
import { removeEntry } from '#app/content/remove-entry.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import { uploadAsset } from '#app/content/upload-asset.ts'
import { forecastRelease } from '#app/deployments/forecast-release.ts'
import { getPlanById } from '#app/deployments/get-plan.ts'
import {
  listDeploymentContents,
  listPlanContents,
  listReleaseContents,
} from '#app/deployments/list-contents.ts'
import { listRequestWarnings } from '#app/deployments/list-request-warnings.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { addMissingReferences } from '#app/releases/add-missing-references.ts'
import { addReleaseItems } from '#app/releases/add-release-items.ts'
import { createRelease } from '#app/releases/create-release.ts'
import { listConflicts } from '#app/releases/list-conflicts.ts'
import { listMissingReferences } from '#app/releases/list-missing-references.ts'
import { listReleaseItems } from '#app/releases/list-release-items.ts'
import { updateRelease } from '#app/releases/update-release.ts'
import type { ReaderChange } from '#catalogue/content/reader-changes.ts'
import { contentKey } from '#domain/content-key.ts'
import { contentHouse, type ContentHouse, type Shipped } from '../content/content-house.ts'
import { counting } from '../../executors/content/many-items.ts'
import { refusal } from '../refusal.ts'

async function releaseOf({ ctx, place }: ContentHouse, items: readonly Shipped[]): Promise<string> {
  const { project_id } = place
  const { id } = await createRelease(ctx, { ...place, name: 'Spring' })
  const asked = items.map(({ uid, locale = 'en-us', version, action = 'publish' as const }) => ({
    key: contentKey({ branch: 'main', uid, locale }),
    action,
    ...(version === undefined ? {} : { version }),
  }))
  await addReleaseItems(ctx, { project_id, release_id: id, items: asked })
  return id
}

/** `<locales> <change> <before> > <after>: <fields>` */
function told(items: readonly ReaderChange[]): string[] {
  const side = (served: ReaderChange['views'][number]['before']) =>
    served ? `${served.version}@${served.source_locale}` : '-'
  return items.flatMap(({ item, views }) =>
    views.map(({ locales, change, before, after, fields }) => {
      const who = locales.map(({ code, by_fallback }) => (by_fallback ? `(${code})` : code)).join(' ')
      const what = fields.map(({ path }) => path).join(' ')
      return `${item} ${who} ${change} ${side(before)} > ${side(after)}: ${what}`.trim()
    }),
  )
}

const to = (...uids: string[]) => uids.map((uid) => ({ uid, _content_type_uid: 'page' }))

describe('what readers will see', () => {
  test('is told field by field, for who falls back to it as well', async (t: TestContext) => {
    const house = await contentHouse(t)
    const { ctx, house: inner, page, place, staging, production, write, publish, run } = house
    const { project_id } = place
    const edit = (uid: string, data: object, locale = 'en-us') =>
      updateEntry(ctx, { ...page, uid, locale, data: { ...data } })
    await uploadAsset(ctx, {
      ...{ ...place, uid: 'logo' },
      file: { filename: 'logo.png', content_type: 'image/png', bytes: [Buffer.from('x')] },
    })
    await write('home', { title: 'Home', url: '/' })
    await write('news', { title: 'News' })
    await write('old', { title: 'Old' })
    await edit('home', { title: 'Accueil' }, 'fr-fr')
    await publish([{ uid: 'home' }, { uid: 'old' }, { uid: 'old', locale: 'fr-fr' }])
    await edit('home', { title: 'Home 2', image: 'logo', related: to('news'), seo: { slug: 'home' } })
    await edit('news', { title: 'News 2' })

    const release_id = await releaseOf(house, [
      { uid: 'home' },
      { uid: 'news' },
      { uid: 'old', locale: 'fr-fr', action: 'unpublish' },
      { uid: 'old', version: 1 },
    ])
    const release = { project_id, release_id }
    const counted = counting(inner.db)
    const asked = { ...release, environment_id: staging, limit: 20 }
    const contents = await listReleaseContents({ ...ctx, db: counted.db }, asked)
    t.assert.deepEqual(told(contents), [
      'main/home en-us (fr-ca) (fr-fr) changed 1@en-us > 2@en-us: title image related seo.slug',
      'main/news en-us (fr-ca) (fr-fr) added - > 2@en-us: title',
      'main/old fr-fr same 1@en-us > 1@en-us:',
    ])
    t.assert.ok(counted.statements() < 20, 'in as many statements for one item as for many')
    const home = contents[0]!.views[0]!.fields
    t.assert.deepEqual(
      home.map(({ path, before, after }) => [path, before, after]),
      [
        ['title', 'Home', 'Home 2'],
        ['image', null, { uid: 'logo', title: 'logo.png' }],
        ['related', null, [{ uid: 'news', content_type_uid: 'page', title: 'News 2' }]],
        ['seo.slug', null, 'home'],
      ],
    )
    t.assert.deepEqual(
      told(await listReleaseContents(ctx, { ...asked, environment_id: production })).map(
        (line) => line.split(' ')[0],
      ),
      ['main/home', 'main/news', 'main/old'],
      'elsewhere something else changes',
    )
    const paged = await listReleaseContents(ctx, { ...asked, limit: 1, after: 'main/home' })
    t.assert.deepEqual(
      paged.map(({ item }) => item),
      ['main/news'],
    )

    const [asking] = await requestDeployments(ctx, { ...release, environment_ids: [staging], dry_run: true })
    await run()
    const { plan_id } = await getDeployment(ctx, { deployment_id: asking!.id })
    t.assert.deepEqual(await listPlanContents(ctx, { plan_id: plan_id!, limit: 20 }), contents)
    await requestDeployments(ctx, { ...release, environment_ids: [staging] })
    await run()
    t.assert.deepEqual(
      told(await listDeploymentContents(ctx, { deployment_id: asking!.id, limit: 20 })),
      told(contents),
      'a plan tells the same after it was made',
    )
    t.assert.deepEqual(await listReleaseContents(ctx, asked), [], 'and then there is nothing left to see')

    await t.test('what goes gives way to what it falls back to, or to nothing', async () => {
      await edit('home', { title: 'Accueil 2' }, 'fr-fr')
      await publish([{ uid: 'home', locale: 'fr-fr' }])
      const leaving = await releaseOf(house, [
        { uid: 'home', locale: 'fr-fr', action: 'unpublish' },
        { uid: 'news', action: 'unpublish' },
      ])
      const gone = await listReleaseContents(ctx, { ...asked, release_id: leaving })
      t.assert.deepEqual(
        told(gone).map((line) => line.replace(/:.*/, '')),
        [
          'main/home (fr-ca) fr-fr changed 2@fr-fr > 2@en-us',
          'main/news en-us (fr-ca) (fr-fr) removed 2@en-us > -',
        ],
      )
      t.assert.deepEqual(
        gone[1]!.views[0]!.fields.map(({ path, change }) => [path, change]),
        [['title', 'removed']],
      )
    })
  })
})

describe('the conflict radar', () => {
  test('sees an older version about to overwrite a newer one, also of another language', async (t: TestContext) => {
    const house = await contentHouse(t)
    const { ctx, clock, page, place, staging, write, publish, run } = house
    const { project_id } = place
    const edit = async (title: string, locale = 'en-us') => {
      clock.now = new Date(clock.now.getTime() + 60_000)
      await updateEntry(ctx, { ...page, uid: 'home', locale, data: { title } })
    }
    await write('home', { title: 'One' })
    await edit('Two')
    await edit('Deux', 'fr-fr')
    const fresh = await releaseOf(house, [{ uid: 'home', locale: 'fr-ca' }])
    const old = await releaseOf(house, [{ uid: 'home', version: 1 }])
    await edit('Trois', 'fr-fr')
    await publish([{ uid: 'home' }, { uid: 'home', locale: 'fr-ca' }])
    const older = async (release_id: string) => {
      const found = await listConflicts(ctx, { project_id, release_id, limit: 20 })
      return found
        .filter(({ code }) => code === 'older_than_live')
        .map(({ key, here, there, environment_name }) => [key, here, there, environment_name])
    }
    t.assert.deepEqual(await older(old), [['main/home/en-us', '1', '2', 'staging']])
    t.assert.deepEqual(await older(fresh), [['main/home/fr-ca', '1@fr-fr', '2@fr-fr', 'staging']])

    // By number alone the third English version would look newer than the second French one.
    await edit('Quatre', 'fr-fr')
    const english = await releaseOf(house, [{ uid: 'home', locale: 'fr-ca', version: 2 }])
    await house.house.db
      .updateTable('release_item')
      .set({ version: '2@en-us' })
      .where('release_id', '=', english)
      .execute()
    t.assert.deepEqual(await older(english), [['main/home/fr-ca', '2@en-us', '2@fr-fr', 'staging']])

    const request = { project_id, environment_ids: [staging] }
    const [asked] = await requestDeployments(ctx, { ...request, release_id: old, dry_run: true })
    t.assert.deepEqual(
      (await listRequestWarnings(ctx, asked!)).map(({ key, here, there }) => [key, here, there]),
      [['main/home/en-us', '1', '2']],
    )
    await run()
    const planned = await getDeployment(ctx, { deployment_id: asked!.id })
    t.assert.deepEqual(planned.counts, { publish: 1, warned: 1 })
    const { warnings } = await getPlanById(ctx, { plan_id: planned.plan_id! })
    t.assert.deepEqual(
      warnings.map(({ key, warning }) => [key, warning]),
      [
        [
          'main/home/en-us',
          { code: 'older_than_live', reason: 'Version 1 is older than version 2, which is live.' },
        ],
      ],
    )
    const [forecast] = await forecastRelease(ctx, { ...request, release_id: english })
    t.assert.equal(forecast?.changes[0]?.warning?.code, 'older_than_live')
  })

  test('sees schedules that overlap, and pages by key', async (t: TestContext) => {
    const house = await contentHouse(t)
    const { ctx, clock, place, staging, write } = house
    const { project_id } = place
    for (const uid of ['a', 'b', 'c']) await write(uid, { title: uid })
    const mine = await releaseOf(house, [{ uid: 'a' }, { uid: 'b' }, { uid: 'c' }])
    const theirs = await releaseOf(house, [{ uid: 'b' }, { uid: 'c' }])
    const due_at = new Date(clock.now.getTime() + 3_600_000)
    await requestDeployments(ctx, { project_id, release_id: theirs, environment_ids: [staging], due_at })
    const page = { project_id, release_id: mine, limit: 3 }
    const first = await listConflicts(ctx, page)
    const rest = await listConflicts(ctx, { ...page, after: first.at(-1)!.place })
    t.assert.deepEqual(
      [...first, ...rest].map(({ key, code, due_at: due }) => [key, code, due?.getTime()]),
      [
        ['main/b/en-us', 'other_release', undefined],
        ['main/b/en-us', 'underway', due_at.getTime()],
        ['main/c/en-us', 'other_release', undefined],
        ['main/c/en-us', 'underway', due_at.getTime()],
      ],
    )
  })
})

describe('missing references', () => {
  test('are told with who refers to them, and added by one call', async (t: TestContext) => {
    const house = await contentHouse(t)
    const { ctx, page, place, staging, write, publish } = house
    const { project_id } = place
    const edit = (uid: string, data: object, more: object = {}) =>
      updateEntry(ctx, { ...page, uid, data: { ...data }, ...more })
    for (const uid of ['home', 'deep', 'there', 'draft', 'gone', 'leaves']) await write(uid, { title: uid })
    await createEntry(ctx, { ...page, uid: 'next', data: { title: 'next', related: to('deep', 'home') } })
    await edit('draft', { title: 'draft 2' }, { in_progress: true })
    await publish([{ uid: 'there' }, { uid: 'leaves' }])
    await edit('home', { related: to('next', 'there', 'draft', 'gone', 'leaves') })
    await removeEntry(ctx, { ...page, uid: 'gone', locales: 'all' })
    const release_id = await releaseOf(house, [{ uid: 'home' }, { uid: 'leaves', action: 'unpublish' }])
    const asked = { project_id, release_id, environment_id: staging }
    const { missing, complete } = await listMissingReferences(ctx, asked)
    t.assert.equal(complete, true)
    t.assert.deepEqual(
      missing.map(({ key, code, depth, title, version, referrers }) => [
        ...[key, code, depth, title, version],
        referrers.map((from) => from.title).join(),
      ]),
      [
        ['main/draft/en-us', 'in_progress', 1, 'draft 2', '2', 'home'],
        ['main/gone/en-us', 'gone', 1, null, null, 'home'],
        ['main/leaves/en-us', 'unpublished_here', 1, 'leaves', '1', 'home'],
        ['main/next/en-us', 'not_live', 1, 'next', '1', 'home'],
        ['main/deep/en-us', 'not_live', 2, 'deep', '1', 'next'],
      ],
    )

    await refusal(() => addMissingReferences(ctx, { ...asked, most: 3 }), 'limit_reached')
    await updateRelease(ctx, { project_id, release_id, locked: true })
    await refusal(() => addMissingReferences(ctx, asked), 'release_locked')
    await updateRelease(ctx, { project_id, release_id, locked: false })
    await refusal(() => addMissingReferences(ctx, { ...asked, version: 1 }), 'version_conflict')
    t.assert.equal((await listReleaseItems(ctx, { project_id, release_id })).items.length, 2)
    const added = await addMissingReferences(ctx, asked)
    t.assert.deepEqual(
      added.map(({ key, version, action }) => [key, version, action]),
      [
        ['main/next/en-us', '1', 'publish'],
        ['main/deep/en-us', '1', 'publish'],
      ],
    )
    t.assert.deepEqual(await addMissingReferences(ctx, asked), [], 'twice adds nothing')
    const { missing: left } = await listMissingReferences(ctx, asked)
    t.assert.deepEqual(
      left.map(({ code }) => code),
      ['in_progress', 'gone', 'unpublished_here'],
    )
  })
})
