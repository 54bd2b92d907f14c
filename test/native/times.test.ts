import { test, type TestContext } from 'node:test'
import { openSite } from './site.ts'

test('a time or a number that no store keeps is refused, not broken by', async (t: TestContext) => {
  const site = await openSite(t)
  const release = await site.release('Spring', [await site.write('home', 'Home')])
  const status = async (path: string, json?: object) =>
    (await site.ask(`/headgate/v1${path}`, json ? { json } : {})).status
  const deploy = (scheduled_at: string) =>
    status('/projects/site/environments/staging/deployments', { release, scheduled_at })
  const token = (expires_at: string) =>
    status('/tokens', { project: 'site', name: 'ci', scopes: ['release.read'], expires_at })
  for (const time of [
    '2016-12-31T23:59:60Z',
    '9999-12-31T23:59:59-23:00',
    '0000-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
  ]) {
    t.assert.strictEqual(await deploy(time), 422, time)
    t.assert.strictEqual(await token(time), 422, time)
  }
  t.assert.strictEqual(await deploy('9999-12-31T23:59:59Z'), 201)
  t.assert.strictEqual(await status(`/releases/${release}/revisions?after=999999999999`), 422)
  t.assert.strictEqual(await status(`/releases/${release}/revisions?after=2147483647`), 200)
})
