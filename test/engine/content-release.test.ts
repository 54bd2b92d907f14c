import { test, type TestContext } from 'node:test'
import { getContentType } from '#app/content/get-content-type.ts'
import { getPublishedEntry } from '#app/content/published-entries.ts'
import { removeEntry } from '#app/content/remove-entry.ts'
import { updateContentType } from '#app/content/update-content-type.ts'
import { getDeployment, listDeploymentItems } from '#app/deployments/get-deployment.ts'
import { requestDeployments, type DeploymentRequest } from '#app/deployments/request-deployments.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { isDomainError } from '#domain/errors.ts'
import { book, bookshop, type Bookshop } from '../app/releases/bookshop.ts'
import { ended } from './wait-for.ts'

/** What a reader is served: the title, and nothing where nothing is live. */
async function read({ ctx, project_id }: Bookshop, environment_id: string, uid: string, locale = 'en-us') {
  const key = { project_id, branch: 'main', environment_id, content_type_uid: 'book', uid, locale }
  return getPublishedEntry(ctx, key).then(
    ({ title }) => title,
    (error: unknown) => {
      if (isDomainError(error, 'not_found')) return undefined
      throw error
    },
  )
}

async function deploy(shop: Bookshop, release_id: string, terms: Partial<DeploymentRequest> = {}) {
  const { as, ctx, project_id, staging } = shop
  const request = { project_id, release_id, environment_ids: [staging], ...terms }
  const asked = await requestDeployments(as.releaser, request)
  for (const { id } of asked) await ended(ctx, id)
  const items = await listDeploymentItems(ctx, { deployment_id: asked[0]!.id })
  const { state } = await getDeployment(ctx, { deployment_id: asked[0]!.id })
  return [state, ...items.map(({ item_key, outcome, code }) => [item_key, code ?? outcome].join(' '))]
}

test('readers are served what was released, there and then, and again after a rollback', async (t: TestContext) => {
  const shop = await bookshop(t)
  await shop.open()
  const { as, ctx, staging, production } = shop
  await shop.write('dune', 'Dune')
  const first = await shop.release([book('dune'), book('dune', { locale: 'fr-fr' })])
  await shop.write('dune', 'Dune, revised')
  await shop.write('emma', 'Emma')
  const second = await shop.release([
    book('dune'),
    book('emma'),
    book('dune', { locale: 'fr-fr', action: 'unpublish' }),
  ])

  const both = { environment_ids: [staging, production] }
  const done = ['succeeded', 'main/dune/en-us done', 'main/dune/fr-fr done']
  t.assert.deepStrictEqual(await deploy(shop, first.id, both), done)
  for (const environment of [staging, production])
    t.assert.deepStrictEqual(
      [
        await read(shop, environment, 'dune'),
        await read(shop, environment, 'dune', 'fr-fr'),
        await read(shop, environment, 'emma'),
      ],
      ['Dune', 'Dune', undefined],
    )

  t.assert.strictEqual((await deploy(shop, second.id))[0], 'succeeded')
  const now = async () => [
    await read(shop, staging, 'dune'),
    await read(shop, staging, 'dune', 'fr-fr'),
    await read(shop, staging, 'emma'),
  ]
  t.assert.deepStrictEqual(await now(), ['Dune, revised', undefined, 'Emma'])
  t.assert.strictEqual(
    await read(shop, production, 'dune'),
    'Dune',
    'where it was not deployed nothing changed',
  )

  const { deployment } = await requestRollback(as.releaser, { environment_id: staging })
  t.assert.strictEqual((await ended(ctx, deployment.id)).state, 'succeeded')
  t.assert.deepStrictEqual(await now(), ['Dune', 'Dune', undefined])
})

test('what was deleted since it was pinned fails by itself, or keeps all of it back', async (t: TestContext) => {
  const shop = await bookshop(t)
  await shop.open()
  const { ctx, project_id, staging } = shop
  for (const uid of ['dune', 'emma']) await shop.write(uid, uid)
  const release = await shop.release([book('dune'), book('emma')])
  const emma = { project_id, branch: 'main', content_type_uid: 'book', uid: 'emma' }
  await removeEntry(ctx, { ...emma, locales: 'all' })
  const [state, ...stopped] = await deploy(shop, release.id)
  t.assert.deepStrictEqual(
    [state, ...stopped],
    ['failed', 'main/dune/en-us left', 'main/emma/en-us item_deleted'],
  )
  t.assert.strictEqual(await read(shop, staging, 'dune'), undefined)
  t.assert.deepStrictEqual(await deploy(shop, release.id, { on_item_failure: 'continue' }), [
    'partly_succeeded',
    'main/dune/en-us done',
    'main/emma/en-us item_deleted',
  ])
  t.assert.strictEqual(await read(shop, staging, 'dune'), 'dune')
})

test('a rollback puts back what kept the rules of its time', async (t: TestContext) => {
  const shop = await bookshop(t)
  await shop.open()
  const { as, ctx, project_id, staging } = shop
  for (const uid of ['dune', 'emma']) await shop.write(uid, uid)
  const first = await shop.release([book('dune'), book('emma')])
  for (const uid of ['dune', 'emma']) await shop.write(uid, `${uid}, revised`)
  const second = await shop.release([book('dune'), book('emma')])
  t.assert.strictEqual((await deploy(shop, first.id))[0], 'succeeded')
  t.assert.strictEqual((await deploy(shop, second.id))[0], 'succeeded')
  const type = { project_id, branch: 'main', uid: 'book' }
  const { fields } = await getContentType(ctx, type)
  await updateContentType(ctx, {
    ...type,
    fields: [...fields, { uid: 'isbn', type: 'text', mandatory: true }],
  })
  t.assert.deepStrictEqual(await deploy(shop, first.id), [
    'failed',
    'main/dune/en-us entry_invalid',
    'main/emma/en-us entry_invalid',
  ])
  const { deployment } = await requestRollback(as.releaser, { environment_id: staging })
  t.assert.strictEqual((await ended(ctx, deployment.id)).state, 'succeeded')
  t.assert.deepStrictEqual(
    [await read(shop, staging, 'dune'), await read(shop, staging, 'emma')],
    ['dune', 'emma'],
  )
})
