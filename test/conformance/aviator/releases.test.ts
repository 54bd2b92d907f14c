import { test, type TestContext } from 'node:test'
import { until } from '../../code-house.ts'
import { openDesk } from './open-desk.ts'

const wrong = [
  '1.2.0',
  '1.2.0.rc1',
  '1.2.0-rc',
  '1.2.0-RC1',
  '-rc1',
  '1.2.0-rc1.2',
  '1.2.0-rc-1',
  '1.2.0-rc0',
  '1.2.0-rc01',
  '1.2.0-rc2147483648',
  '1.2.0-rc99999999999999999999',
  '1.2%2F0-rc1',
  '1.2%200-rc1',
  '..-rc1',
  '1.2.0%0A-rc1',
  '--upload-pack=x-rc1',
]

const right: [path: string, release: string, candidate: string][] = [
  ['1.0.0-beta-rc2', '1.0.0-beta', '1.0.0-beta-rc2'],
  ['v2024.05.07-rc1', 'v2024.05.07', 'v2024.05.07-rc1'],
  ['2024.10.21-3-rc1', '2024.10.21-3', '2024.10.21-3-rc1'],
  ['1.2.0+build.7-rc1', '1.2.0+build.7', '1.2.0+build.7-rc1'],
  ['1.2.0%2Bbuild.8-rc3', '1.2.0+build.8', '1.2.0+build.8-rc3'],
  ['n%C3%A4chste-rc1', 'nächste', 'nächste-rc1'],
  ['1.2.0-rc1-rc7', '1.2.0-rc1', '1.2.0-rc1-rc7'],
]

test('POST /api/releases/<project>/releases/<version>', async (t: TestContext) => {
  const { house, call, open } = await openDesk(t)
  const project = await open()
  const commit = project.commit()
  const path = project.releases('2024.06.20-1-rc1')
  const create = async (version: string, json: unknown) => {
    const { status, body } = await call('POST', project.releases(version), { json })
    return [status, body]
  }

  await t.test('creates a release with its candidate', async () => {
    const json = { repo: 'acme/shop', commit, trigger_build_workflow: false }
    const made = await call('POST', path, { json })
    const { id, created_at, ...body } = made.body as { id: number; created_at: string }
    t.assert.equal(made.status, 201)
    t.assert.deepEqual(body, {
      release_version: '2024.06.20-1',
      release_candidate_version: '2024.06.20-1-rc1',
      commit,
      repo: 'acme/shop',
      build_status: 'success',
    })
    t.assert.ok(Number.isInteger(id))
    t.assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/)

    // The same candidate of the same commit is the one that is there.
    for (const said of [commit, commit.slice(0, 7), commit.toUpperCase()])
      t.assert.deepEqual(await create('2024.06.20-1-rc1', { repo: 'ACME/Shop', commit: said }), [
        201,
        made.body,
      ])
  })

  await t.test('of another commit it is refused', async () => {
    const other = project.commit()
    t.assert.deepEqual(await create('2024.06.20-1-rc1', { repo: 'acme/shop', commit: other }), [
      409,
      { error: 'Release candidate already exists' },
    ])
  })

  await t.test('numbers may be left out, and come in any order', async () => {
    await project.create('2024.06.20-1-rc5')
    await project.create('2024.06.20-1-rc3')
    await project.create('2024.06.20-2-rc3')
  })

  await t.test('a version is percent-decoded, and + means itself', async () => {
    for (const [version, release, candidate] of right) {
      const [status, body] = await create(version, { repo: 'acme/shop', commit })
      const { release_version, release_candidate_version } = body as Record<string, unknown>
      t.assert.deepEqual([status, release_version, release_candidate_version], [201, release, candidate])
    }
  })

  await t.test('a version that is none is refused before anything else is looked at', async () => {
    for (const version of wrong)
      for (const one of [project.releases(version), `/api/releases/nowhere/releases/${version}`]) {
        const { status, body } = await call('POST', one, { json: { repo: 'acme/shop', commit } })
        t.assert.deepEqual([status, body], [400, { error: 'Invalid release candidate version' }], one)
      }
  })

  await t.test('then the project, the repository and the commit are looked at', async () => {
    const nowhere = await call('POST', '/api/releases/nowhere/releases/1.0.0-rc1', { json: {} })
    t.assert.deepEqual([nowhere.status, nowhere.body], [404, { error: 'Release project not found' }])
    for (const repo of [undefined, null, 7, '', 'shop', 'acme/other', 'acme/shop/', '--upload-pack=x/y'])
      t.assert.deepEqual(await create('1.0.0-rc1', { repo, commit: 'zzz' }), [
        404,
        { error: 'GitHub repository not found' },
      ])
    const bad = [undefined, null, 7, '', 'zzz', 'main', 'HEAD', commit.slice(0, 6), `${commit}0`, '-x']
    const absent = ['0'.repeat(40), 'deadbeef', '--upload-pack=touch /tmp/x', ['a'], { a: 1 }]
    for (const one of [...bad, ...absent])
      t.assert.deepEqual(await create('1.0.0-rc1', { repo: 'acme/shop', commit: one }), [
        400,
        { error: 'Invalid commit hash' },
      ])
    const [status] = await create('1.0.0-rc1', { repo: 'acme/shop', commit, trigger_build_workflow: 'yes' })
    t.assert.equal(status, 400)
  })

  await t.test('with a build it is ready when that is done, and without one at once', async () => {
    const built = await open({ build: { executor: 'command', command: ['true'] } })
    const sha = built.commit()
    const build = async (version: string, trigger_build_workflow?: boolean) => {
      const json = { repo: 'acme/shop-2', commit: sha, trigger_build_workflow }
      return ((await call('POST', built.releases(version), { json })).body as { build_status: string })
        .build_status
    }
    t.assert.equal(await build('1.0.0-rc1'), 'success')
    t.assert.ok(['pending', 'in_progress'].includes(await build('1.0.0-rc2', true)))
    await until(
      () => build('1.0.0-rc2', true),
      (word) => word === 'success',
      'the build',
    )
    const runs = await house.ctx.db.selectFrom('run').select('id').where('kind', '=', 'build').execute()
    t.assert.equal(runs.length, 1)
  })

  await t.test('nobody, and who may only read, creates none', async () => {
    const json = { repo: 'acme/shop', commit }
    for (const authorization of ['Bearer', 'Bearer no-such-token', 'Basic YTpi', 'Token x', '']) {
      const { status, body } = await call('POST', path, { token: null, json, headers: { authorization } })
      t.assert.deepEqual([status, (body as { error: string }).error], [401, 'Unauthorized'])
    }
    t.assert.equal((await call('POST', path, { token: null, json })).status, 401)
    const viewed = await call('POST', path, { token: house.tokens.viewer, json })
    t.assert.deepEqual([viewed.status, (viewed.body as { error: string }).error], [403, 'Forbidden'])
  })
})
