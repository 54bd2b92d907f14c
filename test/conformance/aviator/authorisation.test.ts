import { test, type TestContext } from 'node:test'
import { createToken, type NewToken } from '#app/identity/create-token.ts'
import { openDesk } from './open-desk.ts'

test('every address asks who it is, and what they may', async (t: TestContext) => {
  const { house, call, open } = await openDesk(t)
  const project = await open()
  const other = await open()
  const commit = await project.create('1.0.0-rc1')
  const version = { release_candidate_version: '1.0.0-rc1' }
  await project.create('1.0.0-rc2', commit)
  for (const release_candidate_version of ['1.0.0-rc1', '1.0.0-rc2'])
    await call('PATCH', project.deployments(), { json: { release_candidate_version, status: 'success' } })
  const { id } = (await call('POST', project.deployments('staging'), { json: version })).body as {
    id: number
  }
  const [candidate] = await house.ctx.db.selectFrom('candidate').select('ordinal').execute()

  const requests: Record<string, [method: string, path: string, json?: object]> = {
    list: ['GET', project.deployments()],
    create: ['POST', project.releases('1.0.0-rc1'), { repo: 'acme/shop', commit }],
    deploy: ['POST', project.deployments(), version],
    report: ['PATCH', project.deployments(), { ...version, status: 'success' }],
    rollBack: ['POST', project.rollback(), { force: false }],
    bindBuild: [
      'POST',
      '/api/v1/sync-build-github-action',
      { release_cut_id: candidate!.ordinal, workflow_run_id: 7 },
    ],
    bindDeploy: ['POST', '/api/v1/sync-deploy-github-action', { deployment_id: id, workflow_run_id: 7 }],
  }
  const token = async (token: Partial<NewToken>) =>
    (
      await createToken(house.ctx, {
        kind: 'service',
        name: house.house.newId(),
        scopes: ['*'],
        user_id: null,
        ...token,
      })
    ).secret
  const { id: project_id } = project.shop.project
  const { staging, production } = project.shop.environments
  const callers: Record<
    string,
    { secret: string | null; gets: Partial<Record<string, number>>; else: number }
  > = {
    nobody: { secret: null, gets: {}, else: 401 },
    'a viewer': { secret: house.tokens.viewer, gets: { list: 200 }, else: 403 },
    'an approver': { secret: house.tokens.approver, gets: { list: 200 }, else: 403 },
    'a delivery token': {
      secret: await token({
        kind: 'delivery',
        scopes: ['live.read'],
        project_id,
        environment_ids: [production!.id],
      }),
      gets: {},
      else: 401,
    },
    'a token of another project': {
      secret: await token({ project_id: other.shop.project.id }),
      gets: {},
      else: 404,
    },
    'a token of this environment': {
      secret: await token({ project_id, environment_ids: [production!.id] }),
      gets: { bindDeploy: 404 },
      else: 200,
    },
    'a token of another environment': {
      secret: await token({ project_id, environment_ids: [staging!.id] }),
      gets: { create: 201, bindBuild: 200, bindDeploy: 200 },
      else: 404,
    },
    'a token that only reports': {
      secret: await token({ project_id, scopes: ['project.read', 'deployment.read', 'deployment.request'] }),
      gets: { create: 403, rollBack: 403, bindBuild: 403 },
      else: 200,
    },
    'a token of nobody': { secret: await token({ project_id }), gets: {}, else: 200 },
  }
  const wrong: string[] = []
  for (const [who, { secret, gets, else: usual }] of Object.entries(callers))
    for (const [what, [method, path, json]] of Object.entries(requests)) {
      const { status } = await call(method, path, { token: secret, ...(json && { json }) })
      const expected = gets[what] ?? usual
      // Let in, they may meet the hold that a rollback before them left.
      const passed = expected === 200 ? [200, 201, 409].includes(status) : status === expected
      if (!passed) wrong.push(`${who}: ${what} got ${status}, expected ${expected}`)
    }
  t.assert.equal(wrong.join('\n'), '')

  // What a token of nobody asked for is nobody's.
  const listed = (await call('GET', project.deployments())).body as { actor: string | null }[]
  t.assert.deepEqual([listed[0]?.actor, listed.at(-1)?.actor], [null, 'releaser@example.com'])
})
