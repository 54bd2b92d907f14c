import { test, type TestContext } from 'node:test'
import { terraformOrSkip } from '../../infra-house.ts'
import { sharedDesk } from './open-desk.ts'

const shared = sharedDesk()
const config = (name: string, content: string) => ({ type: 'config', name, spec: { content } })
const list = (...names: string[]) => ({
  resourceList: names.map((resourceName) => ({ resourceType: 'config', resourceName })),
})

test('both addresses release what is selected, with what it stands on, and nothing else', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const reader = { type: 'config', name: 'b', spec: { content: 'reads ${config.a.out.attributes.content}' } }
  const platform = await desk.house.platform({
    resources: [config('a', 'one'), reader, config('c', 'three')],
  })
  const path = desk.deployments(platform)
  const first = await desk.released('POST', `${path}/recipes/deployment/hotfix`, { json: list('b') })
  t.assert.deepEqual(
    [first.status, first.releaseType, first.withRefresh, first.hotfixResources],
    ['SUCCEEDED', 'HOTFIX', false, [{ resourceType: 'config', resourceName: 'b' }]],
  )
  // What it reads came along.
  t.assert.deepEqual(first.changesApplied?.map(({ resourceKey }) => resourceKey).toSorted(), [
    'config/a',
    'config/b',
  ])
  t.assert.deepEqual(
    [platform.real('prod/b.config'), platform.real('prod/c.config')],
    ['reads one', undefined],
  )
  const second = await desk.released('POST', `${path}/release/deployment/hotfix`, { json: list('c') })
  t.assert.deepEqual([second.status, second.changesApplied?.length], ['SUCCEEDED', 1])
  const again = await desk.released('POST', `${path}/release/deployment/hotfix?comment=again`, {
    json: list('c'),
  })
  t.assert.deepEqual([again.status, again.changesApplied, again.releaseComment], ['FAULT', [], 'again'])
  const { body } = await desk.call<{ totalElements: number }>('GET', `${path}/search?releaseType=HOTFIX`)
  t.assert.equal(body.totalElements, 3)
})

test('a selection that says nothing, or names what is not there, makes nothing', async (t: TestContext) => {
  const desk = shared()
  const off = { ...config('off', 'x'), disabled: true }
  const platform = await desk.house.platform({ resources: [config('a', 'one'), off] })
  const path = desk.deployments(platform)
  const refused = async (json: unknown, at = 'recipes/deployment/hotfix') =>
    desk.errorOf('POST', `${path}/${at}`, { json })
  const named = { resourceName: 'a', resourceType: 'config' }
  const wrong: [unknown, RegExp][] = [
    [{}, /^resourceList is required$/],
    [{ resourceList: null }, /^resourceList is required$/],
    [{ resourceList: [] }, /^resourceList is empty/],
    [{ resourceList: 'a' }, /^resourceList must be a list/],
    [{ resourceList: { 0: named } }, /^resourceList must be a list/],
    [{ resourceList: [named, {}] }, /^resourceList\[1\].resourceName is required$/],
    [{ resourceList: ['a'] }, /^resourceList\[0\] must be an object/],
    [{ resourceList: [{ resourceName: 7 }] }, /^resourceList\[0\].resourceName/],
    [{ resourceList: [{ resourceName: 'a', resourceType: 7 }] }, /^resourceList\[0\].resourceType/],
    // Its type is application where it says none (seed 001).
    [{ resourceList: [{ resourceName: 'a' }] }, /resourceList\[0\] application\/a is no resource/],
    [list('a', 'nowhere'), /resourceList\[1\] config\/nowhere is no resource/],
    [list('off'), /config\/off is disabled in prod/],
    [list('${file("/etc/passwd")}', '../../x'), /is no resource/],
    [[named], /JSON object/],
  ]
  for (const [json, message] of wrong) {
    const both = [await refused(json), await refused(json, 'release/deployment/hotfix')]
    for (const { status, code, ...said } of both) {
      t.assert.deepEqual([status, code], [400, '400'], JSON.stringify(json))
      t.assert.match(said.message, message)
    }
  }
  const hotfix = { releaseType: 'HOTFIX', overrideBuildSteps: [] }
  t.assert.match(
    (await desk.errorOf('POST', path, { json: hotfix })).message,
    /^hotfixResources is required$/,
  )
  const { body } = await desk.call<{ totalElements: number }>('GET', `${path}/search`)
  t.assert.equal(body.totalElements, 0)
  t.assert.deepEqual(platform.touched, [])
})

test('a plan changes nothing; applied, it is exactly what was planned', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one'), config('b', 'two')] })
  const path = desk.deployments(platform)
  const plan = await desk.released('POST', `${path}/recipes/deployment/hotfix?isPlan=true`, {
    json: list('a'),
  })
  t.assert.deepEqual(
    [plan.status, plan.releaseType, plan.changesApplied?.length],
    ['SUCCEEDED', 'HOTFIX_PLAN', 1],
  )
  t.assert.equal(platform.real('prod/a.config'), undefined)
  platform.write(config('a', 'changed since'))
  const request = {
    releaseType: 'APPLY_HOTFIX_PLAN',
    planCodeBuildId: plan.codebuildId,
    overrideBuildSteps: [],
  }
  const applied = await desk.released('POST', path, { json: request })
  t.assert.deepEqual([applied.status, applied.releaseType], ['SUCCEEDED', 'APPLY_HOTFIX_PLAN'])
  t.assert.equal(platform.real('prod/a.config'), 'one')
  const stale = await desk.released('POST', path, { json: request })
  t.assert.equal(stale.status, 'FAILED')
  t.assert.match(stale.errorLogs![0]!.description!, /plan stale/)
  for (const planCodeBuildId of [applied.id, undefined, '0'.repeat(24), 'x']) {
    const { status } = await desk.errorOf('POST', path, { json: { ...request, planCodeBuildId } })
    t.assert.ok(status === 400 || status === 404)
  }
  const whole = await desk.released('POST', path, { json: { releaseType: 'PLAN', overrideBuildSteps: [] } })
  t.assert.deepEqual([whole.status, whole.changesApplied?.length], ['SUCCEEDED', 2])
  t.assert.match(
    (
      await desk.errorOf('POST', path, {
        json: { releaseType: 'APPLY_ROLLBACK_PLAN', planCodeBuildId: whole.id },
      })
    ).message,
    /does not apply/,
  )
})

test('no command comes over the wire, and a type that is none is refused with its reason', async (t: TestContext) => {
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one')] })
  const path = desk.deployments(platform)
  const wrong: [object, RegExp][] = [
    [{ releaseType: 'CUSTOM', overrideBuildSteps: [] }, /^releaseType CUSTOM: Headgate runs no commands/],
    [{ releaseType: 'RELEASE', overrideBuildSteps: ['rm -rf /'] }, /^overrideBuildSteps must be empty/],
    [{ releaseType: 'RELEASE', overrideBuildSteps: 'x' }, /^overrideBuildSteps must be a list/],
    [{ releaseType: 'RELEASE', extraEnv: { TF_CLI_ARGS: '-destroy' } }, /^extraEnv must be empty/],
    [{ releaseType: 'RELEASE', extraEnv: [] }, /^extraEnv must be an object/],
    [{ releaseType: 'FULL' }, /^releaseType must be one of HOTFIX, RELEASE/],
    [{}, /^releaseType must be one of/],
    [{ releaseType: 'SCALE_UP' }, /^releaseType SCALE_UP: /],
    [{ releaseType: 'IMPORT_RELEASE' }, /^releaseType IMPORT_RELEASE: /],
    [{ releaseType: 'RELEASE', withRefresh: 'true' }, /^withRefresh must be true or false$/],
    [{ releaseType: 'UNLOCK_STATE' }, /^lockId is required$/],
    [{ releaseType: 'UNLOCK_STATE', lockId: 'x' }, /lockId/],
  ]
  for (const [json, message] of wrong) {
    // Whoever may unlock a state is somebody else than whoever releases.
    const said = await desk.errorOf('POST', path, { json, as: 'admin' })
    t.assert.equal(said.status, 400, JSON.stringify(json))
    t.assert.match(said.message, message)
  }
  t.assert.equal((await desk.errorOf('PUT', `${path}/releaseV2/CUSTOM`)).status, 400)
  t.assert.equal((await desk.errorOf('PUT', `${path}/releaseV2/HOTFIX`)).status, 400)
  t.assert.deepEqual(platform.touched, [])
})
