import { test, type TestContext } from 'node:test'
import { eventually, openStack } from './open-stack.ts'

// What a stack gets beyond the vendor, by our own API, of content that the vendor's clients wrote.

test('before a deploy: what readers will see, what is missing, what is older; after it: a way back', async (t: TestContext) => {
  const { ask, house } = await openStack(t)
  const { client } = house
  const entry = async (title: string, more: object = {}): Promise<string> =>
    (await ask('POST', '/content_types/page/entries', { entry: { title, ...more } })).body.entry.uid
  const rename = (uid: string, title: string) =>
    ask('PUT', `/content_types/page/entries/${uid}`, { entry: { title } })
  const [project] = (await client.listProjects()).items
  const key = project!.key
  const deep = await entry('Deep')
  const next = await entry('Next', { related: [{ uid: deep, _content_type_uid: 'page' }] })
  const home = await entry('Home', { related: [{ uid: next, _content_type_uid: 'page' }] })
  const release = await client.createRelease(key, { name: 'Spring' })
  await client.addReleaseItems(release.id, { items: [{ key: `main/${home}/en-us` }] })
  const over = async (id: string) =>
    eventually(async () => {
      const found = await client.getDeployment(id)
      if (found.finished_at === null) throw new Error(found.state)
      return found
    })
  const page = { limit: 1 }

  const missing = await client.listMissingReferences(release.id, 'production', page)
  t.assert.deepEqual(
    [missing.items.map(({ key: at, code, depth }) => [at, code, depth]), missing.next],
    [[[`main/${next}/en-us`, 'not_live', 1]], '1'],
  )
  t.assert.equal(missing.complete, true)
  const rest = await client.listMissingReferences(release.id, 'production', { after: missing.next! })
  t.assert.deepEqual(
    rest.items.map(({ key: at, referrers }) => [at, referrers.map(({ title }) => title)]),
    [[`main/${deep}/en-us`, ['Next']]],
  )
  const added = await client.addMissingReferences(release.id, 'production')
  t.assert.deepEqual(added.items.map(({ title }) => title).toSorted(), ['Deep', 'Next'])
  t.assert.deepEqual((await client.listMissingReferences(release.id, 'production')).items, [])

  const contents = await client.listReleaseContents(release.id, 'production', { limit: 2 })
  t.assert.equal(contents.items.length, 2)
  const last = await client.listReleaseContents(release.id, 'production', { limit: 2, after: contents.next! })
  const all = [...contents.items, ...last.items]
  t.assert.deepEqual([all.length, last.next], [3, null])
  const view = all.find(({ title }) => title === 'Home')!.views[0]!
  t.assert.deepEqual(view.locales, [
    { code: 'en-us', by_fallback: false },
    { code: 'fr-fr', by_fallback: true },
  ])
  t.assert.deepEqual(
    view.fields.map(({ path, name, after }) => [path, name, after]),
    [
      ['title', 'Title', 'Home'],
      ['related', 'Related', [{ uid: next, content_type_uid: 'page', title: 'Next' }]],
    ],
  )
  const asked = await client.deploy(key, 'production', { release: release.id })
  t.assert.deepEqual(asked.warnings, [])
  const done = await over(asked.id)
  t.assert.equal(done.state, 'succeeded')
  const after = await client.listPlanContents(done.plan_id!)
  t.assert.deepEqual(
    after.items.map(({ item }) => item),
    all.map(({ item }) => item),
  )
  t.assert.deepEqual((await client.listDeploymentContents(done.id)).items, after.items)

  await t.test('an older version is told of when it is asked for', async () => {
    await rename(home, 'Home 2')
    const newer = await client.createRelease(key, { name: 'Newer' })
    await client.addReleaseItems(newer.id, { items: [{ key: `main/${home}/en-us` }] })
    await over((await client.deploy(key, 'production', { release: newer.id })).id)
    const again = await client.deploy(key, 'production', { release: release.id, dry_run: true })
    const code = 'older_than_live'
    t.assert.deepEqual(again.warnings, [
      { key: `main/${home}/en-us`, title: 'Home', code, here: '1', there: '2' },
    ])
    const planned = await over(again.id)
    const plan = await client.getPlan(planned.id)
    t.assert.deepEqual([planned.counts.warned, plan.warnings[0]?.warning?.code], [1, code])
    const conflicts = await client.listConflicts(release.id, { environment: 'production' })
    t.assert.deepEqual(
      conflicts.items.map((conflict) => [conflict.code, conflict.here, conflict.there]),
      [
        [code, '1', '2'],
        ['other_release', '1', '2'],
      ],
    )
  })

  await t.test('items move, and a rollback is scheduled and rolled back itself', async () => {
    const other = await client.createRelease(key, { name: 'Other' })
    t.assert.deepEqual(
      await client.moveReleaseItems(release.id, { to: other.id, keys: [`main/${deep}/en-us`] }),
      {
        moved: 1,
      },
    )
    const wrong = await house.ask(`/headgate/v1/releases/${other.id}/items/move`, {
      json: { to: other.id, keys: 'all' },
    })
    t.assert.equal(wrong.status, 422)
    const stale = await house.ask(`/headgate/v1/releases/${other.id}/items/move`, {
      json: { to: release.id, keys: 'all' },
      headers: { 'if-match': '"1"' },
    })
    t.assert.equal(stale.status, 412)

    const scheduled_at = new Date(house.clock.now.getTime() + 3_600_000).toISOString()
    const misfire = { policy: 'run' as const, late_by_at_most_seconds: 7200 }
    const { deployment } = await client.rollBack(key, 'production', {
      deployment: asked.id,
      scheduled_at,
      misfire,
    })
    t.assert.deepEqual([deployment.state, deployment.due_at], ['requested', scheduled_at])
    house.clock.now = new Date(house.clock.now.getTime() + 3_700_000)
    await house.engine!.sweep()
    t.assert.equal((await over(deployment.id)).state, 'succeeded')
    const live = async () => (await client.listLive(key, 'production')).items.map(({ title }) => title)
    t.assert.deepEqual(await live(), ['Home 2'], 'what was changed since is left')
    const undone = await client.rollBack(key, 'production', { deployment: deployment.id })
    await over(undone.deployment.id)
    t.assert.deepEqual((await live()).toSorted(), ['Deep', 'Home 2', 'Next'])
  })
})
