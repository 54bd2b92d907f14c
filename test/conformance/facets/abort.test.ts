import { test, type TestContext } from 'node:test'
import { terraformOrSkip } from '../../infra-house.ts'
import { sharedDesk } from './open-desk.ts'

const shared = sharedDesk()
const config = (name: string, content: string) => ({ type: 'config', name, spec: { content } })

test('what is aborted while it is applied ends, leaves no lock, and the next release goes on from there', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one')] })
  const path = desk.deployments(platform)
  const held = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  platform.onTouch = (operation) => {
    if (operation !== 'create') return undefined
    begun.resolve()
    return held.promise
  }
  const { body } = await desk.call('PUT', `${path}/release`)
  await begun.promise
  const { status, body: nothing } = await desk.call<string>('POST', `${path}/${body.id}/abort`)
  t.assert.deepEqual([status, nothing], [200, ''])
  t.assert.equal((await desk.call('GET', `${path}/${body.id}`)).body.status, 'IN_PROGRESS')
  // What the resource was at comes to its end; Terraform begins nothing else.
  held.resolve()
  const ended = await desk.ended(path, body.id!)
  t.assert.ok(ended.status === 'STOPPED' || ended.status === 'SUCCEEDED', String(ended.status))
  platform.onTouch = undefined
  const next = await desk.released('PUT', `${path}/release`)
  t.assert.deepEqual(next.errorLogs, [])
  t.assert.match(next.status!, /^(SUCCEEDED|FAULT)$/)
  t.assert.equal(platform.real('prod/a.config'), 'one')
})
