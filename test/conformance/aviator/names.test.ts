import { test, type TestContext } from 'node:test'
import { createProject } from '#app/projects/create-project.ts'
import { updateProject } from '#app/projects/update-project.ts'
import { openDesk, type Answer } from './open-desk.ts'

test('names of projects and environments in an address', async (t: TestContext) => {
  const { house, call, open } = await openDesk(t)
  const said = ({ status, body }: Answer) => [status, body]
  const list = (project: string, environment: string) =>
    call('GET', `/api/releases/${project}/environments/${environment}/deployments`)
  await open({ key: 'shop', name: 'The Shop' })
  await open({ key: 'desk', name: 'shop' })
  await open({ key: 'one', name: 'Twin' })
  await open({ key: 'two', name: 'Twin' })
  const noProject = [404, { error: 'Release project not found' }]
  const noEnvironment = [404, { error: 'Release environment not found' }]

  await t.test(
    'a project is found by its key, else by its display name, and upper case is not lower',
    async () => {
      for (const name of ['shop', 'The%20Shop', 'desk'])
        t.assert.deepEqual(said(await list(name, 'staging')), [200, []])
      for (const name of [
        'Shop',
        'THE%20SHOP',
        'the%20shop',
        'The+Shop',
        'The%20Shop%20',
        'nowhere',
        '%20',
        '..%2F',
      ])
        t.assert.deepEqual(said(await list(name, 'staging')), noProject, name)
      // Of two that are called alike neither is meant, unless it is by its key.
      t.assert.deepEqual(said(await list('Twin', 'staging')), noProject)
      t.assert.deepEqual(said(await list('two', 'staging')), [200, []])
    },
  )

  await t.test('it is found by its new name, and by the old one no more', async () => {
    const { shop } = await open({ key: 'three', name: 'Before' })
    t.assert.deepEqual(said(await list('Before', 'staging')), [200, []])
    await updateProject(house.ctx, { project_id: shop.project.id, name: 'After' })
    t.assert.deepEqual(said(await list('After', 'staging')), [200, []])
    t.assert.deepEqual(said(await list('Before', 'staging')), noProject)
  })

  await t.test('so are environments', async () => {
    for (const name of ['Staging', 'STAGING', 'nothing', 'staging%20'])
      t.assert.deepEqual(said(await list('shop', name)), noEnvironment, name)
  })

  await t.test('what is fixed in a path is taken in any case, with slashes to spare', async () => {
    for (const path of [
      '/API/Releases/shop/Environments/staging/DEPLOYMENTS',
      '/api/releases/shop/environments/staging/deployments/',
      '//api//releases/shop//environments/staging/deployments//',
    ])
      t.assert.deepEqual(said(await call('GET', path)), [200, []], path)
  })

  await t.test('a project of another kind is none here', async () => {
    await createProject(house.ctx, { key: 'website', name: 'Website', kind: 'content' })
    t.assert.deepEqual(said(await list('website', 'staging')), noProject)
  })

  await t.test('what is no endpoint is said to be none', async () => {
    for (const [method, path] of [
      ['GET', '/api/releases'],
      ['GET', '/api/nothing'],
      ['DELETE', '/api/releases/shop/environments/staging/deployments'],
      ['GET', '/api/releases/shop/releases/1.0.0-rc1'],
    ] as const) {
      const { status, body } = await call(method, path)
      t.assert.deepEqual([status, (body as { error: string }).error], [404, 'Not found'], path)
    }
    const { status, body } = await call('GET', '/api/v1/user_actions')
    t.assert.deepEqual([status, (body as { error: string }).error], [501, 'Not implemented'])
  })
})
