import { test, type TestContext } from 'node:test'
import { openCodeHouse } from '../../code-house.ts'

test('cutting', async (t: TestContext) => {
  const house = await openCodeHouse(t)
  house.clock.now = new Date('2026-11-21T09:00:00Z')
  const shop = await house.shop()
  const c = await shop.cut()
  t.assert.equal(c.version, '2026.11.21-1-rc1')
  t.assert.equal(c.commit_sha, shop.repository.head())
  t.assert.equal(c.state, 'ready')
})
