import { test, type TestContext } from 'node:test'
import { openSite } from './site.ts'

test('the items of a deployment come page by page, done or unchanged', async (t: TestContext) => {
  const site = await openSite(t)
  const keys: string[] = []
  for (const uid of ['a', 'b', 'c']) keys.push(await site.write(uid, uid))
  const release = await site.release('Spring', keys)
  for (const outcome of ['done', 'unchanged']) {
    const made = await site.client.deploy('site', 'staging', { release })
    await site.ended(made)
    const first = await site.client.listDeploymentItems(made.id, { limit: 2 })
    const last = await site.client.listDeploymentItems(made.id, { limit: 2, after: first.next! })
    t.assert.deepStrictEqual(
      [...first.items, ...last.items].map((item) => [item.key, item.outcome]),
      keys.map((key) => [key, outcome]),
    )
    t.assert.deepStrictEqual([first.items.length, last.next], [2, null])
  }
})
