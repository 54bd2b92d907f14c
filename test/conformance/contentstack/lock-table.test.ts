import { test, type TestContext } from 'node:test'
import { eventually, openStack } from './open-stack.ts'

// Section 2.6, "Lock table": who may do what to a release that is fresh, locked by a user, deployed or scheduled.

const verbs = [
  'edit',
  'add',
  'remove',
  'move',
  'update_items',
  'deploy',
  'clone',
  'delete',
  'unlock',
] as const
type Verb = (typeof verbs)[number]
type State = 'fresh' | 'user-locked' | 'deployed' | 'unlocked since' | 'scheduled' | 'unscheduled'

const open: readonly Verb[] = verbs
const table: Record<State, readonly Verb[]> = {
  fresh: open,
  'user-locked': ['clone', 'delete', 'unlock'],
  deployed: ['edit', 'deploy', 'clone', 'delete', 'unlock'],
  'unlocked since': open.filter((verb) => verb !== 'update_items'),
  scheduled: ['edit', 'clone', 'delete'],
  unscheduled: open,
}

test('the lock table, line by line', async (t: TestContext) => {
  const { ask, house } = await openStack(t)
  const entry = async (title: string): Promise<string> =>
    (await ask('POST', '/content_types/page/entries', { entry: { title } })).body.entry.uid
  const [one, two] = [await entry('One'), await entry('Two')]
  const item = (uid: string) => ({
    ...{ uid, version: 1, locale: 'en-us', content_type_uid: 'page', action: 'publish' },
  })
  const target = (await ask('POST', '/releases', { release: { name: 'Target' } })).body.release.uid
  const deploy = (uid: string, more: object = {}) =>
    ask('POST', `/releases/${uid}/deploy`, { release: { environments: ['production'], ...more } })
  const status = async (uid: string): Promise<unknown[]> =>
    (await ask('GET', `/releases/${uid}`)).body.release.status
  const soon = () => new Date(house.clock.now.getTime() + 3_600_000).toISOString()

  /** A release in that state, with one item. */
  const make: Record<State, () => Promise<string>> = {
    async fresh() {
      const { uid } = (await ask('POST', '/releases', { release: { name: 'R' } })).body.release
      await ask('POST', `/releases/${uid}/item`, { item: item(one) })
      return uid
    },
    async 'user-locked'() {
      const uid = await make.fresh()
      await ask('PUT', `/releases/${uid}`, { release: { locked: true } })
      return uid
    },
    async deployed() {
      const uid = await make.fresh()
      await deploy(uid)
      await eventually(async () => {
        if ((await status(uid)).length === 0) throw new Error('not deployed')
      })
      return uid
    },
    async 'unlocked since'() {
      const uid = await make.deployed()
      await ask('PUT', `/releases/${uid}`, { release: { locked: false } })
      return uid
    },
    async scheduled() {
      const uid = await make.fresh()
      await deploy(uid, { scheduled_at: soon() })
      return uid
    },
    async unscheduled() {
      const uid = await make.scheduled()
      const { queue } = (await ask('GET', '/publish-queue')).body
      const row = queue.find(
        (each: { type: string; entry: { uid: string } }) => each.type === 'release' && each.entry.uid === uid,
      )
      const said = await ask('GET', `/publish-queue/${row.uid}/unschedule`)
      t.assert.equal(said.status, 200, JSON.stringify(said.body))
      return uid
    },
  }
  const act: Record<Verb, (uid: string) => ReturnType<typeof ask>> = {
    edit: (uid) => ask('PUT', `/releases/${uid}`, { release: { name: 'Renamed', description: 'again' } }),
    add: (uid) => ask('POST', `/releases/${uid}/items`, { items: [item(two)] }),
    move: (uid) =>
      ask('PUT', `/releases/${uid}/items/move`, {
        release_uid: target,
        items: [{ uid: two, locale: 'en-us' }],
      }),
    remove: (uid) => ask('DELETE', `/releases/${uid}/items`, { items: [item(two)] }),
    update_items: (uid) => ask('PUT', `/releases/${uid}/update_items`, { items: ['$all'] }),
    deploy: (uid) => deploy(uid, { environments: ['staging'] }),
    clone: (uid) => ask('POST', `/releases/${uid}/clone`, { release: { name: 'Copy' } }),
    delete: (uid) => ask('DELETE', `/releases/${uid}`),
    unlock: (uid) => ask('PUT', `/releases/${uid}`, { release: { locked: false } }),
  }
  // In one release as long as nothing of it changes its state: what may be is tried in this order.
  const order: readonly (readonly Verb[])[] = [
    ['edit', 'add', 'move', 'remove', 'update_items', 'clone'],
    ['deploy'],
    ['unlock'],
    ['delete'],
  ]
  for (const [state, may] of Object.entries(table) as [State, readonly Verb[]][])
    await t.test(state, async () => {
      for (const group of order) {
        const uid = await make[state]()
        for (const verb of group) {
          const { status: code, body } = await act[verb](uid)
          const what = `${verb}: ${code} ${JSON.stringify(body).slice(0, 300)}`
          if (may.includes(verb)) t.assert.ok(code === 200 || code === 201, what)
          else {
            t.assert.deepEqual([code, body.error_code], [422, 141], what)
            t.assert.match(body.error_message, /locked|scheduled|deployed/, what)
          }
        }
        if (group.includes('deploy') && may.includes('deploy'))
          await eventually(async () => {
            const underway = (await ask('GET', `/releases/${uid}`)).body.release.sys_locked
            if (underway) throw new Error('not over')
          })
      }
    })

  await t.test('what is scheduled says so, and deleting it cancels the schedule', async () => {
    const uid = await make.scheduled()
    const { release } = (await ask('GET', `/releases/${uid}`)).body
    t.assert.deepEqual([release.locked, release.sys_locked, release.status], [true, true, []])
    t.assert.equal((await act.delete(uid)).status, 200)
    const { rows } = { rows: await house.store.db.selectFrom('deployment').select('state').execute() }
    t.assert.equal(
      rows.filter(({ state }) => state === 'requested').length,
      3,
      'those that were left scheduled',
    )
  })

  await t.test('an SDK that puts a whole release back changes only what may change', async () => {
    const uid = await make.fresh()
    const { release } = (await ask('GET', `/releases/${uid}`)).body
    const whole = {
      ...release,
      ...{ name: 'Put back', sys_version: 99, sys_locked: true, _deploy_latest: true, status: [{ x: 1 }] },
      ...{ created_at: '1999-01-01T00:00:00.000Z', created_by: 'blt0', items: [], uid: 'blt1', _branch: 'x' },
    }
    const put = await ask('PUT', `/releases/${uid}`, { release: whole })
    t.assert.equal(put.status, 200)
    const after = (await ask('GET', `/releases/${uid}`)).body.release
    const { updated_at, sys_version, ...rest } = after
    const { updated_at: _at, sys_version: before, ...was } = release
    t.assert.deepEqual(rest, { ...was, name: 'Put back' })
    t.assert.ok(updated_at && sys_version === before + 1)
  })

  await t.test('update_items leaves what is in progress, and takes later localised versions', async () => {
    const base = '/content_types/page/entries'
    const [plain, busy] = [await entry('Plain'), await entry('Busy')]
    const uid = (await ask('POST', '/releases', { release: { name: 'Pinned' } })).body.release.uid
    const french = { ...item(plain), locale: 'fr-fr' }
    await ask('POST', `/releases/${uid}/items`, { items: [item(plain), french, item(busy)] })
    await ask('PUT', `${base}/${plain}`, { entry: { title: 'Plain 2' } })
    await ask('PUT', `${base}/${plain}?locale=fr-fr`, { entry: { title: 'Simple' } })
    const unfinished = await ask('PUT', `${base}/${busy}`, { entry: { title: 'Busy 2', _in_progress: true } })
    t.assert.equal(unfinished.body.entry._in_progress, true)
    const updated = await act.update_items(uid)
    t.assert.deepEqual(
      updated.body.release.items.map((each: { title: string; version: number; locale: string }) => [
        ...[each.title, each.locale, each.version],
      ]),
      [
        ['Plain 2', 'en-us', 2],
        ['Simple', 'fr-fr', 1],
        ['Busy', 'en-us', 1],
      ],
    )
  })
})
