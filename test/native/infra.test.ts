import { test, type TestContext } from 'node:test'
import { sharedInfraHouse, terraformOrSkip } from '../infra-house.ts'

const house = sharedInfraHouse()

const at = (key: string, rest: string) => `/headgate/v1/projects/${key}/environments/prod/${rest}`

/** Asks as somebody of a role; the status and what was answered. */
async function ask(
  role: 'viewer' | 'releaser' | 'admin',
  path: string,
  { match, ...init }: RequestInit & { json?: unknown; match?: string } = {},
): Promise<[number, Record<string, unknown>, string | null]> {
  const headers = {
    authorization: `Bearer ${house().tokens[role]}`,
    ...(match === undefined ? {} : { 'if-match': match }),
  }
  const answer = await house().ask(path, { ...init, headers })
  const body = answer.status === 204 ? {} : ((await answer.json()) as Record<string, unknown>)
  return [answer.status, body, answer.headers.get('etag')]
}

test('an override is replaced by who saw it last, and taken away', async (t: TestContext) => {
  const { platform } = house()
  const { project } = await platform()
  const path = at(project.key, 'resources/service/api/override')
  const put = (json: unknown, match?: string) =>
    ask('releaser', path, { method: 'PUT', json, ...(match === undefined ? {} : { match }) })
  const [created, first, tag] = await put({ changes: { spec: { a: 1 } }, reason: 'small' })
  t.assert.deepEqual([created, first.version, first.key], [201, 1, 'service/api'])
  const [replaced, second] = await put({ changes: { spec: { b: 2 } } }, tag!)
  t.assert.deepEqual([replaced, second.version, second.changes], [200, 2, { spec: { b: 2 } }])
  t.assert.deepEqual((await put({ disabled: true }, tag!))[0], 412)
  // What is not said stays.
  const [, third] = await put({ disabled: true })
  t.assert.deepEqual([third.changes, third.disabled], [{ spec: { b: 2 } }, true])
  t.assert.equal((await ask('viewer', path, { method: 'PUT', json: {} }))[0], 403)
  const nul = `a${String.fromCodePoint(0)}`
  t.assert.equal((await put({ changes: { spec: { a: nul } } }))[0], 400)
  const deep = JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`) as unknown
  t.assert.ok([201, 200, 400, 422].includes((await put({ changes: deep }))[0]))
  const listed = await house().clients.viewer.listOverrides(project.key, 'prod')
  t.assert.deepEqual(
    listed.items.map((one) => [one.key, one.disabled]),
    [['service/api', true]],
  )
  t.assert.equal((await ask('releaser', path, { method: 'DELETE' }))[0], 204)
  t.assert.equal((await ask('releaser', path, { method: 'DELETE' }))[0], 404)
})

test('the newest artifact that is for an environment is taken, and an older one can be again', async (t: TestContext) => {
  const { clients, platform } = house()
  const { key } = (
    await platform({ environments: [{ name: 'prod', release_stream: 'stable' }, { name: 'dev' }] })
  ).project
  const { registerArtifact, restoreArtifact, listArtifactsTaken, listArtifacts } = clients.releaser
  const taken = async (name: string) =>
    (await listArtifactsTaken(key, name)).items.map(({ application, uri }) => `${application} ${uri}`)
  const everywhere = await registerArtifact(key, { application: 'api', uri: 'r/api:1' })
  await registerArtifact(key, { application: 'api', uri: 'r/api:2', release_stream: 'stable' })
  await registerArtifact(key, { application: 'web', uri: 'r/web:1', environment: 'dev', metadata: { ci: 7 } })
  t.assert.deepEqual(await taken('prod'), ['api r/api:2'])
  t.assert.deepEqual(await taken('dev'), ['api r/api:1', 'web r/web:1'])
  const back = await restoreArtifact(key, everywhere.id)
  t.assert.deepEqual([back.restores, back.uri], [everywhere.id, 'r/api:1'])
  t.assert.deepEqual(await taken('prod'), ['api r/api:1'])
  const page = await listArtifacts(key, { application: 'api', limit: 2 })
  t.assert.deepEqual(
    page.items.map(({ uri }) => uri),
    ['r/api:1', 'r/api:2'],
  )
  const rest = await listArtifacts(key, { application: 'api', after: page.next! })
  t.assert.deepEqual([rest.items.map(({ id }) => id), rest.next], [[everywhere.id], null])
  const both = { application: 'api', uri: 'x', environment: 'dev', release_stream: 'stable' }
  await t.assert.rejects(registerArtifact(key, both), /release_stream/)
  await t.assert.rejects(clients.viewer.registerArtifact(key, { application: 'a', uri: 'x' }))
})

test('a secret is put in where Terraform runs, and shown nowhere', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { clients, platform, log, client } = house()
  const content_secret = '${blueprint.self.secrets.PASSWORD}'
  const site = await platform({ resources: [{ type: 'config', name: 'db', spec: { content_secret } }] })
  const { key } = site.project
  const password = 'correct-horse-battery'
  const made = await clients.admin.setVariable(key, 'prod', 'PASSWORD', { value: password, secret: true })
  t.assert.deepEqual([made.value, made.secret, made.version], [null, true, 1])
  const done = await site.released('prod')
  t.assert.equal(done.state, 'succeeded', done.failure_detail ?? '')
  t.assert.equal(site.real('prod/db.config'), password)
  // It stays a secret when only its value is set anew, and the resource is another one by that.
  const again = await clients.admin.setVariable(key, 'prod', 'PASSWORD', { value: `${password}-2` })
  t.assert.deepEqual([again.value, again.secret, again.version], [null, true, 2])
  const [foreseen] = (await clients.viewer.simulateRelease(key, 'prod')).items
  t.assert.deepEqual(
    foreseen?.changes.map(({ cause, attribute }) => `${cause} ${attribute}`),
    ['variable secrets.PASSWORD'],
  )
  t.assert.equal((await site.released('prod', { refresh: false })).state, 'succeeded')
  t.assert.equal(site.real('prod/db.config'), `${password}-2`)
  const seen = [
    await log(done.id),
    ...[await client.getPlan(done.id), await clients.viewer.listVariables(key, 'prod')],
    ...[await clients.viewer.getResource(key, 'prod', 'config', 'db'), foreseen],
    await client.listEvents({ limit: 200 }),
  ]
  t.assert.doesNotMatch(JSON.stringify(seen), new RegExp(password))
})

test('what belongs to infrastructure is not there for other kinds, and nothing asked is a failure of ours', async (t: TestContext) => {
  const { client, clients } = house()
  await client.createProject({ key: 'words', kind: 'content' })
  await client.createEnvironment('words', { name: 'prod' })
  const put = { method: 'PUT', json: { value: 'x' } }
  t.assert.equal((await ask('admin', at('words', 'variables/A'), put))[0], 404)
  t.assert.equal((await ask('admin', at('words', 'artifacts')))[0], 404)
  t.assert.equal((await ask('admin', at('words', 'resources')))[0], 422)
  t.assert.equal((await ask('admin', at('words', 'deployments'), { method: 'POST', json: {} }))[0], 422)
  const { key } = (await house().platform({ environments: [{ name: 'prod' }] })).project
  t.assert.equal((await ask('admin', at(key, 'variables/1A'), put))[0], 422)
  t.assert.equal((await ask('admin', at(key, 'variables/__proto__'), put))[0], 201)
  t.assert.equal((await ask('admin', at(key, 'variables/__proto__'), { method: 'DELETE' }))[0], 204)
  t.assert.equal((await ask('admin', at(key, 'resources/..%2F..%2Fetc/passwd/override')))[0], 404)
  const traversal = { method: 'PUT', json: { disabled: true } }
  t.assert.equal((await ask('admin', at(key, 'resources/service/..%2Fx/override'), traversal))[0], 422)
  await t.assert.rejects(clients.admin.createRelease(key, { name: 'by hand' }), /infrastructure/)
})
