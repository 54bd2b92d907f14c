import { test, type TestContext } from 'node:test'
import { readConfig } from '../../../src/config.ts'
import { openHouse } from '../../../src/main.ts'
import { eventually, openStack, raw, type TestStack } from './open-stack.ts'
import { sdkOf, type Instance } from './sdk.ts'

/** The draft "Hello" as version 1 and "Hello again" as version 2, written by the vendor's SDK. */
async function writeTwoVersions({ stack }: TestStack) {
  const entries = stack.contentType('page').entry()
  const entry = await entries.create({ entry: { title: 'Hello' } })
  entry.title = 'Hello again'
  const second = await entry.update()
  return { uid: entry.uid, second }
}

const pinned = (uid: string, version: number, action: 'publish' | 'unpublish' = 'publish') => ({
  ...{ uid, version, locale: 'en-us', content_type_uid: 'page', action },
})

async function releaseOf({ stack }: TestStack, name: string, ...items: ReturnType<typeof pinned>[]) {
  const release = await stack
    .release()
    .create({ release: { name, description: '', locked: false, archived: false } })
  await release.item().create({ items })
  return release
}

interface Status {
  job_id: string
  status: string
}

/** Deploys as the SDK does, and waits until the release says that it is there. */
async function deploy({ stack }: TestStack, release: Instance, environment: string) {
  const before = await stack.release(release.uid).fetch()
  const known: string[] = before.status.map(({ job_id }: Status) => job_id)
  const answer = await stack.release(release.uid).deploy({ environments: [environment] })
  await eventually(async () => {
    const { status } = await stack.release(release.uid).fetch()
    const fresh = (status as Status[]).filter(({ job_id }) => !known.includes(job_id))
    if (fresh.length === 0 || fresh.some((one) => one.status !== 'success'))
      throw new Error(`not deployed yet: ${JSON.stringify(status)}`)
  })
  return answer
}

/** What a visitor reads; undefined where nothing is published. */
async function read(stack: TestStack, environment: string, uid: string): Promise<string | undefined> {
  const reader = await stack.reader(environment)
  try {
    const entry = (await reader.ContentType('page').Entry(uid).toJSON().fetch()) as { title: string }
    return entry.title
  } catch (error) {
    if ((error as { error_code?: number }).error_code === 141) return undefined
    throw error
  }
}

test('from draft to what a reader is served, and back', async (t: TestContext) => {
  const stack = await openStack(t)
  const { uid, second } = await writeTwoVersions(stack)
  t.assert.equal(second._version, 2)
  t.assert.equal(await read(stack, 'production', uid), undefined, 'a draft is not served')

  const first = await releaseOf(stack, 'First', pinned(uid, 1))
  const answer = await deploy(stack, first, 'production')
  t.assert.equal(answer.notice, 'Release sent successfully for deployment.')
  t.assert.equal(await read(stack, 'production', uid), 'Hello', 'the pinned version, not the latest')

  await t.test('its items are fixed from then on', async () => {
    const refreshed = await stack.ask('PUT', `/releases/${first.uid}/update_items`, { items: ['$all'] })
    t.assert.equal(refreshed.status, 422)
    t.assert.equal(refreshed.body.error_code, 141)
    const added = await stack.ask('POST', `/releases/${first.uid}/item`, { item: pinned(uid, 2) })
    t.assert.equal(added.status, 422)
    t.assert.deepEqual(added.body.errors, { locked: ['is locked.'] })
    const { locked, items } = await stack.stack.release(first.uid).fetch()
    t.assert.equal(locked, true)
    t.assert.deepEqual(
      (items as { version: number }[]).map(({ version }) => version),
      [1],
    )
  })

  await t.test('a clone is open, and brings version 2', async () => {
    const { uid: clone } = await stack.stack
      .release(first.uid)
      .clone({ name: 'Second', description: 'with the latest' })
    const { body, status } = await stack.ask('PUT', `/releases/${clone}/update_items`, { items: ['$all'] })
    t.assert.equal(status, 200)
    t.assert.deepEqual(
      body.release.items.map(({ version }: { version: number }) => version),
      [2],
    )
    await deploy(stack, await stack.stack.release(clone).fetch(), 'production')
    t.assert.equal(await read(stack, 'production', uid), 'Hello again')
  })

  await t.test('the lock that a deploy leaves does not keep the release from going elsewhere', async () => {
    t.assert.equal(await read(stack, 'staging', uid), undefined)
    await deploy(stack, first, 'staging')
    t.assert.equal(await read(stack, 'staging', uid), 'Hello')
  })

  await t.test('a release unpublishes', async () => {
    await deploy(stack, await releaseOf(stack, 'Away', pinned(uid, 1, 'unpublish')), 'staging')
    t.assert.equal(await read(stack, 'staging', uid), undefined)
    t.assert.equal(await read(stack, 'production', uid), 'Hello again', 'elsewhere it stays')
  })

  await t.test('a rollback serves what was there before', async () => {
    const { client } = stack.house
    const [project] = (await client.listProjects()).items
    const { deployment } = await client.rollBack(project!.key, 'production', { reason: 'Too soon.' })
    await eventually(async () => {
      const { state } = await client.getDeployment(deployment!.id)
      if (state !== 'succeeded') throw new Error(`the rollback is ${state}`)
    })
    t.assert.equal(await read(stack, 'production', uid), 'Hello')
  })
})

test('a deploy scheduled with scheduledAt waits, survives a restart and fires', async (t: TestContext) => {
  const stack = await openStack(t)
  const { house, api_key, authtoken } = stack
  const { uid } = await writeTwoVersions(stack)
  const release = await releaseOf(stack, 'Later', pinned(uid, 1))
  const due = new Date(house.clock.now.getTime() + 3_600_000)
  await stack.stack.release(release.uid).deploy({
    ...{ environments: ['production'], locales: ['en-us'], action: 'publish' },
    scheduledAt: due.toISOString(),
  })
  const waiting = await stack.stack.release(release.uid).fetch()
  t.assert.deepEqual([waiting.sys_locked, waiting.status], [true, []])
  t.assert.equal(await read(stack, 'production', uid), undefined)
  const { body } = await stack.ask('POST', `/stacks/delivery_tokens`, {
    token: {
      name: 'afterwards',
      scope: [
        { module: 'environment', environments: ['production'] },
        { module: 'branch', branches: ['main'] },
      ],
    },
  })
  await house.close()

  let ahead = 0
  const again = await openHouse(
    readConfig({
      HEADGATE_PORT: '0',
      HEADGATE_DATA_DIR: house.place.dataDir,
      HEADGATE_LOG_LEVEL: 'fatal',
      DATABASE_URL: house.place.databaseUrl,
      HEADGATE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    }),
    () => new Date(Date.now() + ahead),
  )
  try {
    const url = again.url!
    const visit = () =>
      raw(url, { api_key, access_token: body.token.token })(
        'GET',
        `/content_types/page/entries/${uid}?environment=production`,
      )
    const fetchRelease = () => sdkOf(url, authtoken).stack({ api_key }).release(release.uid).fetch()
    t.assert.equal((await visit()).status, 422, 'its time has not come')
    t.assert.equal((await fetchRelease()).sys_locked, true)

    ahead = 3_600_000 + 1000
    await again.engine!.sweep()
    await eventually(async () => t.assert.equal((await visit()).status, 200))
    t.assert.equal((await visit()).body.entry.title, 'Hello')
    const { sys_locked, status } = await fetchRelease()
    t.assert.equal(sys_locked, false)
    t.assert.equal((status as Status[])[0]?.status, 'success')
  } finally {
    await again.close()
  }
})
