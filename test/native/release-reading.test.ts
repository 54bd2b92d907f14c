import { test, type TestContext } from 'node:test'
import type { CatalogueItem } from '#api/catalogue.ts'
import type { Release } from '#api/release.ts'
import type { ChangelogEntry, Difference, ReleaseConflict, Whereabouts } from '#api/release-reading.ts'
import { sharedSite, type Site } from './site.ts'

const openSite = sharedSite()

interface Listed<T> {
  items: T[]
  next: string | null
}

async function get<T>({ ask }: Site, path: string): Promise<T> {
  const answer = await ask(`/headgate/v1${path}`)
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

/** Two entries, the first live in staging at version 1 and written again since. */
async function storeys() {
  const site = await openSite()
  const { key, client, write, release, ended } = site
  const one = await write('blt1', 'One')
  const first = await release('First', [one])
  await ended(await client.deploy(key, 'staging', { release: first }))
  await write('blt1', 'One, better')
  await write('blt1', 'One, best')
  const two = await write('blt2', 'Two')
  const second = await release('Second', [one, two])
  return { ...site, one, two, first, second }
}

test('diff?against= a revision, another release, or live in an environment', async (t: TestContext) => {
  const site = await storeys()
  const { one, two, first, second } = site
  const diff = async (id: string, against: string, more = '') =>
    (await get<Listed<Difference>>(site, `/releases/${id}/diff?against=${against}${more}`)).items.map(
      ({ key, here, there, change }) => [key, here, there, change],
    )
  t.assert.deepEqual(await diff(second, 'live:staging'), [
    [one, '3', '1', 'changed'],
    [two, '1', null, 'added'],
  ])
  t.assert.deepEqual(await diff(first, 'live:staging'), [])
  t.assert.deepEqual(await diff(first, 'live:staging', '&change=same'), [[one, '1', '1', 'same']])
  t.assert.deepEqual(await diff(first, second), [
    [one, '1', '3', 'changed'],
    [two, null, '1', 'removed'],
  ])
  const { items } = await get<Listed<{ id: string }>>(site, `/releases/${first}/revisions`)
  t.assert.deepEqual(await diff(second, items[0]!.id, '&change=added'), [[two, '1', null, 'added']])
  const page = await get<Listed<Difference>>(site, `/releases/${second}/diff?against=live:staging&limit=1`)
  t.assert.equal(page.next, one)
  t.assert.deepEqual(await diff(second, 'live:staging', `&limit=1&after=${one}`), [[two, '1', null, 'added']])
  for (const [against, status] of [
    ['live:nowhere', 404],
    [`rel_${'0'.repeat(32)}`, 404],
    [`rev_${'0'.repeat(32)}`, 404],
    ['yesterday', 422],
  ])
    t.assert.equal(
      (await site.ask(`/headgate/v1/releases/${second}/diff?against=${against}`)).status,
      status,
      String(against),
    )
})

test('changelog?environment= tells what deploying it there would bring, with the versions in between', async (t: TestContext) => {
  const site = await storeys()
  const { one, two, first, second } = site
  const { items } = await get<Listed<ChangelogEntry>>(
    site,
    `/releases/${second}/changelog?environment=staging`,
  )
  t.assert.deepEqual(
    items.map(({ key, from, to, versions }) => [
      key,
      from,
      to,
      versions.map((step) => [step.version, step.title]),
    ]),
    [
      [
        one,
        '1',
        '3',
        [
          ['3', 'One, best'],
          ['2', 'One, better'],
        ],
      ],
      [two, null, '1', [['1', 'Two']]],
    ],
  )
  await site.ended(await site.client.deploy(site.key, 'staging', { release: second }))
  const back = await get<Listed<ChangelogEntry>>(site, `/releases/${first}/changelog?environment=staging`)
  t.assert.deepEqual(
    back.items.map(({ from, to, versions }) => [from, to, versions.map(({ version }) => version)]),
    [['3', '1', ['1']]],
  )
  t.assert.equal((await site.ask(`/headgate/v1/releases/${first}/changelog`)).status, 422)
})

test('a release tells where it is: wholly, partly or not in each environment', async (t: TestContext) => {
  const site = await storeys()
  const { first, second } = site
  const where = async (id: string, more = '') =>
    (await get<Listed<Whereabouts>>(site, `/releases/${id}/whereabouts${more}`)).items.map((row) => [
      row.environment_name,
      row.whereabouts,
      row.there,
      row.items,
    ])
  t.assert.deepEqual(await where(first), [
    ['staging', 'wholly', 1, 1],
    ['production', 'not', 0, 1],
  ])
  await site.ended(await site.client.deploy(site.key, 'staging', { release: second, items: [site.two] }))
  t.assert.deepEqual((await where(second))[0], ['staging', 'partly', 1, 2])
  await site.client.addReleaseItems(first, { items: [{ key: site.one }] })
  t.assert.deepEqual((await where(first))[0], ['staging', 'not', 0, 1])
  t.assert.deepEqual((await where(first, '?revision=1'))[0], ['staging', 'wholly', 1, 1])
  t.assert.equal((await site.ask(`/headgate/v1/releases/${first}/whereabouts?revision=9`)).status, 404)
})

test('conflicts are told before they happen', async (t: TestContext) => {
  const site = await storeys()
  const { client, clock, one, two, first, second, ended } = site
  const conflicts = async (id: string, more = '') =>
    (await get<Listed<ReleaseConflict>>(site, `/releases/${id}/conflicts${more}`)).items.map((row) => [
      row.key,
      row.code,
      row.here,
      row.there,
      row.release_name,
      row.environment_name,
    ])
  t.assert.deepEqual(await conflicts(second), [[one, 'other_release', '3', '1', 'First', null]])
  await ended(await client.deploy(site.key, 'staging', { release: second }))
  const later = new Date(clock.now.getTime() + 3_600_000).toISOString()
  await client.deploy(site.key, 'production', { release: second, scheduled_at: later })
  t.assert.deepEqual(await conflicts(first), [
    [one, 'older_than_live', '1', '3', null, 'staging'],
    [one, 'other_release', '1', '3', 'Second', null],
    [one, 'underway', '1', '3', 'Second', 'production'],
  ])
  t.assert.deepEqual(
    (await conflicts(first, '?environment=production')).map(([, code]) => code),
    ['other_release', 'underway'],
  )
  const seen: unknown[] = []
  let after = ''
  for (let n = 0; n < 3; n += 1) {
    const page = await get<Listed<ReleaseConflict>>(site, `/releases/${first}/conflicts?limit=1${after}`)
    seen.push(...page.items.map(({ code }) => code))
    after = `&after=${encodeURIComponent(page.next ?? '')}`
  }
  t.assert.deepEqual(seen, ['older_than_live', 'other_release', 'underway'])

  await site.house.db
    .updateTable('content_item')
    .set({ deleted_at: clock.now })
    .where('uid', '=', 'blt2')
    .where('branch_id', 'in', (query) =>
      query
        .selectFrom('content_branch')
        .innerJoin('project', 'project.id', 'content_branch.project_id')
        .select('content_branch.id')
        .where('project.key', '=', site.key),
    )
    .execute()
  t.assert.deepEqual(
    (await conflicts(second)).filter(([, code]) => code === 'item_removed'),
    [[two, 'item_removed', '1', null, null, null]],
  )
})

test('the catalogue is browsed and searched, and says where an item is live', async (t: TestContext) => {
  const site = await storeys()
  const { one, two } = site
  const browse = async (query = '') =>
    (await get<Listed<CatalogueItem>>(site, `/projects/${site.key}/catalogue${query}`)).items.map((item) => [
      item.key,
      item.kind,
      item.title,
      item.version,
      item.live.map((place) => `${place.environment_name}@${place.version}`),
    ])
  t.assert.deepEqual(await browse(), [
    [one, 'page', 'One, best', '3', ['staging@1']],
    [two, 'page', 'Two', '1', []],
  ])
  t.assert.deepEqual(
    (await browse('?q=BEST')).map(([key]) => key),
    [one],
  )
  t.assert.deepEqual(
    (await browse('?kind=page&locale=en-us&limit=1')).map(([key]) => key),
    [one],
  )
  t.assert.deepEqual(
    (await browse(`?limit=1&after=${one}`)).map(([key]) => key),
    [two],
  )
  t.assert.deepEqual(await browse('?kind=asset'), [])
  t.assert.deepEqual(await browse('?branch=nowhere'), [])
})

test('what is live is narrowed by kind, by certainty and by words, and for a token by its branches', async (t: TestContext) => {
  const site = await storeys()
  const { ask, client } = site
  const live = async (query: string) =>
    (await get<Listed<{ key: string }>>(site, `/projects/${site.key}/environments/staging/live${query}`))
      .items.length
  t.assert.deepEqual(
    [
      await live(''),
      await live('?kind=page'),
      await live('?kind=asset'),
      await live('?q=ONE'),
      await live('?q=two'),
    ],
    [1, 1, 0, 1, 0],
  )
  t.assert.deepEqual([await live('?uncertain=false'), await live('?uncertain=true')], [1, 0])
  for (const [branch, count] of [
    ['main', 1],
    ['next', 0],
  ] as const) {
    const made = await ask('/headgate/v1/tokens', {
      json: { name: branch, project: site.key, branches: [branch], scopes: ['*'] },
    })
    const { secret } = (await made.json()) as { secret: string }
    const answer = await ask(`/headgate/v1/projects/${site.key}/environments/staging/live`, {
      headers: { authorization: `Bearer ${secret}` },
    })
    t.assert.equal(((await answer.json()) as Listed<unknown>).items.length, count, branch)
    const foreign = await ask(`/headgate/v1/releases/${site.first}/diff?against=live:staging`, {
      headers: { authorization: `Bearer ${secret}` },
    })
    t.assert.equal(foreign.status, branch === 'main' ? 200 : 404)
  }
  t.assert.equal((await client.listLive(site.key, 'staging')).items.length, 1)
})

test('a release says what can be asked of it, and a lock why it is there', async (t: TestContext) => {
  const { key: project, client, ask, write, release } = await openSite()
  const keys = [await write('blt1', 'One'), await write('blt2', 'Two')]
  const id = await release('Spring', keys)
  const url = `/headgate/v1/releases/${id}`
  t.assert.deepEqual((await client.getRelease(id)).allowed_actions, ['edit', 'lock', 'clone', 'remove'])
  const locked = (await (await ask(`${url}/lock`, { json: { reason: 'it is checked' } })).json()) as Release
  t.assert.deepEqual(
    [locked.lock, locked.lock_reason, locked.allowed_actions],
    ['user', 'it is checked', ['unlock', 'clone', 'remove']],
  )
  t.assert.notEqual(locked.locked_by, null)
  const open = (await (await ask(`${url}/unlock`, { json: { reason: 'one more' } })).json()) as Release
  t.assert.deepEqual([open.lock, open.lock_reason, open.locked_at], [null, null, null])
  const { items } = await client.listEvents({ project, limit: 10 })
  t.assert.deepEqual(
    items.filter(({ kind }) => /locked/.test(kind)).map(({ kind, reason }) => [kind, reason]),
    [
      ['release.unlocked', 'one more'],
      ['release.locked', 'it is checked'],
    ],
  )
  const other = await release('Autumn', [keys[0]!])
  await client.lockRelease(other)
  const listed = async (page: Parameters<typeof client.listReleases>[1]) =>
    (await client.listReleases(project, page)).items.map(({ name }) => name)
  t.assert.deepEqual(
    [await listed({ q: 'SPR' }), await listed({ locked: true }), await listed({ locked: false })],
    [['Spring'], ['Autumn'], ['Spring']],
  )
  t.assert.deepEqual([await listed({ archived: true }), await listed({ branch: 'next' })], [[], []])
  const found = async (query: string) =>
    ((await (await ask(`${url}/items${query}`)).json()) as Listed<{ key: string }>).items.map(
      ({ key }) => key,
    )
  t.assert.deepEqual(await found('?q=two'), [keys[1]])
  t.assert.deepEqual(await found('?kind=asset'), [])
  t.assert.deepEqual(await found('?action=publish&limit=1'), [keys[0]])
})
