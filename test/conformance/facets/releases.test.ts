import { test, type TestContext } from 'node:test'
import { terraformOrSkip } from '../../infra-house.ts'
import { sharedDesk } from './open-desk.ts'

const shared = sharedDesk()

const config = (name: string, content: string) => ({ type: 'config', name, spec: { content } })

test('a release answers at once, is in progress, and says in the end what it changed', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one'), config('b', 'two')] })
  const path = desk.deployments(platform)
  const asked = await desk.call('PUT', `${path}/release?comment=first`)
  t.assert.equal(asked.status, 200)
  t.assert.equal(asked.body.status, 'IN_PROGRESS')
  t.assert.match(asked.body.id!, /^[0-9a-f]{24}$/)
  const { status, releaseType, changesApplied, triggeredBy, ...more } = await desk.ended(path, asked.body.id!)
  t.assert.deepEqual(more.errorLogs, [])
  t.assert.equal(status, 'SUCCEEDED')
  t.assert.deepEqual(
    { releaseType, changesApplied, triggeredBy },
    {
      releaseType: 'RELEASE',
      changesApplied: [
        { resourcePath: 'config/a: file_text.this', resourceKey: 'config/a', type: 'Creation' },
        { resourcePath: 'config/b: file_text.this', resourceKey: 'config/b', type: 'Creation' },
      ],
      triggeredBy: 'releaser@example.com',
    },
  )
  t.assert.deepEqual(
    { refresh: more.withRefresh, force: more.forceRelease, comment: more.releaseComment },
    { refresh: true, force: false, comment: 'first' },
  )
  t.assert.equal(platform.real('prod/a.config'), 'one')
})
