import { test, type TestContext } from 'node:test'
import { createToken, type NewToken } from '#app/identity/create-token.ts'
import { sharedDesk } from './open-desk.ts'

// Nothing is planned: what is asked for waits.
const shared = sharedDesk({ HEADGATE_ROLE: 'api' })
const resource = { type: 'config', name: 'a', spec: { content: 'one' } }

test('every address of deployments asks who it is, and what they may', async (t: TestContext) => {
  const { house, call, deployments } = shared()
  const environments = [{ name: 'prod' }, { name: 'side' }]
  const platform = await house.platform({ resources: [resource], environments })
  const other = await house.platform({ resources: [resource] })
  const path = deployments(platform)
  const { body } = await call('PUT', `${path}/release?releaseTraceId=t`)
  const one = `${path}/${body.id}`
  const list = { resourceList: [{ resourceName: 'a', resourceType: 'config' }] }
  const plan = { releaseType: 'APPLY_PLAN', planCodeBuildId: body.id, overrideBuildSteps: [] }
  const reads: Record<string, [method: string, path: string, json?: object]> = {
    list: ['GET', path],
    search: ['GET', `${path}/search`],
    overview: ['GET', `${path}/overview`],
    stats: ['GET', `${path}/stats`],
    state: ['GET', `${path}/state`],
    simulate: ['GET', `${path}/simulate`],
    byTrace: ['GET', `${path}/trace-id/t`],
    get: ['GET', one],
    changes: ['GET', `${one}/release-changes`],
    bulk: ['POST', `${path}/release-changes/bulk`, { deploymentIds: [body.id] }],
    logs: ['GET', `${one}/logs`],
  }
  const writes: typeof reads = {
    release: ['PUT', `${path}/release?canQueue=true`],
    releaseV2: ['PUT', `${path}/releaseV2/RELEASE?canQueue=true`],
    hotfix: ['POST', `${path}/recipes/deployment/hotfix?canQueue=true`, list],
    prose: ['POST', `${path}/release/deployment/hotfix?canQueue=true`, list],
    create: ['POST', path, { releaseType: 'RELEASE', canQueue: true, overrideBuildSteps: [] }],
    destroy: ['DELETE', `${path}/destroy?canQueue=true`],
    launch: ['PUT', `${path}/launch?canQueue=true`],
    abort: ['POST', `${one}/abort`],
  }
  const judged: typeof reads = {
    signOff: ['PUT', `${one}/signoff`],
    unlock: ['PUT', `${path}/unlock?lockId=x`],
  }
  const token = async (more: Partial<NewToken>) => {
    const made = {
      kind: 'service' as const,
      name: house.house.newId(),
      scopes: ['*'],
      user_id: null,
      ...more,
    }
    return (await createToken(house.ctx, made)).secret
  }
  const reading = ['project.read', 'deployment.read', 'catalogue.read', 'live.read']
  const project_id = platform.project.id
  const { prod, side } = platform.environments
  const { tokens } = house
  const callers: [who: string, secret: string | null, read: number, write: number, judge: number][] = [
    ['nobody', null, 401, 401, 401],
    ['a viewer', tokens.viewer, 200, 403, 403],
    ['an approver', tokens.approver, 200, 403, 200],
    ['a token of another project', await token({ project_id: other.project.id }), 404, 404, 404],
    ['a token of another cluster', await token({ project_id, environment_ids: [side!.id] }), 404, 404, 404],
    ['a token that only reads', await token({ project_id, scopes: reading }), 200, 403, 403],
    ['a token of this cluster', await token({ project_id, environment_ids: [prod!.id] }), 200, 200, 200],
    ['a releaser', tokens.releaser, 200, 200, 403],
  ]
  const wrong: string[] = []
  for (const [who, secret, read, write, judge] of callers) {
    const headers: Record<string, string> = secret === null ? {} : { authorization: `Bearer ${secret}` }
    for (const [requests, expected] of [
      [reads, read] as const,
      [writes, write] as const,
      [judged, judge] as const,
    ])
      for (const [what, [method, address, json]] of Object.entries(requests)) {
        const sent = { as: null, headers, ...(json && { json }) }
        const { status, body: said } = await call<{ message?: string }>(method, address, sent)
        // Let in, they may meet a state that it is not possible in, or a lock that is not there.
        const passed = expected === 200 ? [200, 400, 409].includes(status) : status === expected
        // Whoever may cancel any may stop what others asked for.
        const stops = who === 'an approver' && what === 'abort' && status === 200
        if (!passed && !stops)
          wrong.push(`${who}: ${what} got ${status}, expected ${expected} (${said.message})`)
      }
  }
  t.assert.equal((await call('POST', path, { json: plan })).status, 400)
  t.assert.equal(wrong.join('\n'), '')
})
