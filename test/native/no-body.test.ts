import { test, type TestContext } from 'node:test'
import { openHouse } from '../open-house.ts'

test('a body that is optional may be left out, and one that is not names what it lacks', async (t: TestContext) => {
  const { ask } = await openHouse(t)
  const post = (path: string, json?: unknown) => ask(path, { method: 'POST', ...(json ? { json } : {}) })
  await post('/headgate/v1/projects', { key: 'site', kind: 'content' })
  await post('/headgate/v1/projects/site/environments', { name: 'live' })

  const rollback = await post('/headgate/v1/projects/site/environments/live/rollback')
  t.assert.equal(rollback.status, 404, 'there is nothing to roll back yet')
  const nothing = await post('/headgate/v1/projects')
  t.assert.equal(nothing.status, 422)
  const { faults } = (await nothing.json()) as { faults: { field: string; fault: string }[] }
  t.assert.deepEqual(
    faults.map(({ field, fault }) => `${field} ${fault}`),
    ['key required', 'kind required'],
  )
})
