import { test, type TestContext } from 'node:test'
import { allEndpoints } from '#surfaces/contentstack/endpoints/all.ts'
import type { Endpoint, EndpointTable } from '#surfaces/contentstack/endpoints/endpoint.ts'
import { makeCallers, verdict, type Caller, type Targets } from './walk-callers.ts'
import { stackRows } from './walk-contentstack.ts'
import { stackSamples } from './walk-samples.ts'
import { instance, type Row } from './walk-table.ts'
import { openWorld, type Names, type WalkWorld } from './walk-world.ts'

function endpointsWith(needed: Endpoint['needs']) {
  return Object.entries(allEndpoints).flatMap(([resource, table]) =>
    Object.entries(table as EndpointTable)
      .filter(([, { state, needs, elsewhere }]) => state !== 'absent' && needs === needed && !elsewhere)
      .map(([name, endpoint]) => ({ key: `${resource} ${name}`, resource, ...endpoint })),
  )
}

test('every endpoint of a stack asks of everybody what the table says', async (t: TestContext) => {
  const served = endpointsWith('stack')
  const keys = served.map(({ key }) => key)
  t.assert.deepEqual(keys.toSorted(), Object.keys(stackRows).toSorted(), 'endpoints and rows')
  const world = await openWorld(t)
  const callers = await makeCallers(world.site)
  const bodies = await stackSamples(world)
  const names = await stackNames(world)
  const wrong: string[] = []
  for (const { key, resource, method, path } of served) {
    const row = stackRows[key]!
    const example = row.body ?? bodies.get(`${method} /v3${path.replaceAll(/:\w+/g, ':')}`)
    const sent = row.upload ? upload : json(example, names)
    for (const caller of await callers.for(row.steps)) {
      const judged = judge(caller, row, world.targets)
      // The stack of all that follows.
      if (row.fresh === 'stack' && judged === 'let in') continue
      // What may be changed is changed where nothing is: what is there is kept for the others.
      const there = judged !== 'let in' || method === 'GET'
      const named = (name: string) => (there && (names[`${resource} ${name}`] ?? names[name])) || 'blt-none'
      const url = `/v3${path.replaceAll(/:(\w+)/g, (_, name: string) => named(name))}`
      const { statusCode } = await world.site.server!.inject({
        method,
        url: row.query ? `${url}?${row.query}` : url,
        headers: {
          ...{ api_key: names['api_key'], ...sent.headers },
          ...(caller.secret !== null && { authorization: caller.secret }),
        },
        ...(sent.payload && { payload: sent.payload }),
      })
      const right =
        judged === 'let in' ? ![401, 403].includes(statusCode) && statusCode < 500 : statusCode === judged
      if (!right) wrong.push(`${key}: ${caller.who} got ${statusCode}, expected ${judged}`)
    }
  }
  t.assert.equal(wrong.join('\n'), '')
})

/** What asks for a person. A stack is made by whoever may make projects. */
const personRows: Readonly<Record<string, Row>> = {
  'session logout': { steps: [], fresh: 'session' },
  'session user': { steps: [] },
  // Of whoever signed in, which none of the callers has: see update-own-user.
  'session updateUser': { steps: [], fresh: 'session' },
  'organizations list': { steps: [] },
  'organizations get': { steps: [] },
  'organizations stacks': { steps: [] },
  'organizations roles': { steps: [] },
  'stacks list': { steps: [] },
  'stacks create': { steps: [instance('project.admin')] },
}

test('what is outside a stack wants a person, and no token of a stack', async (t: TestContext) => {
  const persons = endpointsWith('user')
  t.assert.deepEqual(persons.map(({ key }) => key).toSorted(), Object.keys(personRows).toSorted())
  const world = await openWorld(t)
  const callers = await makeCallers(world.site)
  const wrong: string[] = []
  for (const { key, method, path } of persons) {
    const row = personRows[key]!
    for (const { who, secret, principal } of await callers.for(row.steps)) {
      const known = principal?.project_id === null
      // Signing out would leave nobody to go on with.
      if (known && row.fresh === 'session') continue
      const allowed = known && verdict(principal, row.steps, world.targets) === 'allowed'
      const body = json(key === 'stacks create' ? { stack: { name: who } } : undefined)
      const { statusCode } = await world.site.server!.inject({
        ...{
          method,
          url: `/v3${path.replace(':organization', 'blt0123456789abcdef')}`,
          headers: { ...body.headers, ...(secret && { authorization: secret }) },
        },
        ...(body.payload && { payload: body.payload }),
      })
      const expected = !known ? 401 : allowed ? (method === 'POST' ? 201 : 200) : 403
      if (statusCode !== expected) wrong.push(`${key}: ${who} got ${statusCode}, expected ${expected}`)
    }
  }
  t.assert.equal(wrong.join('\n'), '')
})

test('what is delivered wants a delivery token, of this stack and this environment', async (t: TestContext) => {
  const world = await openWorld(t)
  const names = await stackNames(world)
  const { site } = world
  const tokenOf = async (project: string, environment: string) => {
    const made = { kind: 'delivery', name: `${project} ${environment}`, project, environments: [environment] }
    const response = await site.ask('/headgate/v1/tokens', { json: made })
    return ((await response.json()) as { secret: string }).secret
  }
  await site.client.createEnvironment('other', { name: 'staging' })
  const callers: [string, string, 401 | 422 | 'let in'][] = [
    ['a wrong token', 'not-a-token-of-this-house', 401],
    ['the first admin', site.credentials.token, 401],
    ['a token of another stack', await tokenOf('other', 'staging'), 401],
    ['a token of another environment', await tokenOf('site', 'production'), 422],
    ['a token of this environment', await tokenOf('site', 'staging'), 'let in'],
  ]
  const wrong: string[] = []
  for (const { key, path } of endpointsWith('delivery')) {
    const url = `/v3${path.replaceAll(/:(\w+)/g, (_, name: string) => names[name] ?? 'blt-none')}`
    for (const [who, access_token, judged] of callers) {
      // Types are of no environment.
      const expected = judged === 422 && key.startsWith('delivery contentType') ? 'let in' : judged
      const headers = { api_key: names['api_key'], access_token }
      const query = { environment: 'staging' }
      const { statusCode } = await site.server!.inject({ method: 'GET', url, query, headers })
      const right =
        expected === 'let in' ? ![401, 403].includes(statusCode) && statusCode < 500 : statusCode === expected
      if (!right) wrong.push(`${key}: ${who} got ${statusCode}, expected ${expected}`)
    }
  }
  t.assert.equal(wrong.join('\n'), '')
})

/** The status of a refusal at the vendor's door, or that there is none. */
function judge(
  caller: Caller,
  { steps, wider, hiddenAs = 422 }: Row,
  targets: Targets,
): 401 | 403 | 422 | 'let in' {
  const { principal } = caller
  // A token of one stack is none at another's door.
  if (principal === null || (principal.project_id ?? targets.project_id) !== targets.project_id) return 401
  const judged = verdict(principal, steps, targets)
  if (judged === 'hidden') return hiddenAs
  // Nobody makes a token that reaches further than their own.
  const narrow = wider?.some((limit) => principal[limit] !== null)
  return judged === 'forbidden' || narrow ? 403 : 'let in'
}

interface Sent {
  headers: Record<string, string>
  payload?: string
}

function json(example: object | undefined, names: Names = {}): Sent {
  if (!example) return { headers: {} }
  const payload = JSON.stringify(example)
    .replaceAll('["environment"]', '["staging"]')
    .replaceAll(/"\$(\w+)"/g, (whole, name: string) => (names[name] ? `"${names[name]}"` : whole))
  return { headers: { 'content-type': 'application/json' }, payload }
}

const upload: Sent = {
  headers: { 'content-type': 'multipart/form-data; boundary=b' },
  payload:
    '--b\r\nContent-Disposition: form-data; name="asset[upload]"; filename="a.txt"\r\n' +
    'Content-Type: text/plain\r\n\r\nhello\r\n--b--\r\n',
}

/** The vendor's names of what is there, by the names of the parameters. */
async function stackNames({ site, targets }: WalkWorld): Promise<Names> {
  const { external: api_key } = await site.house.db
    .selectFrom('external_id')
    .select('external')
    .where('kind', '=', 'stack')
    .where('internal', '=', targets.project_id)
    .executeTakeFirstOrThrow()
  const headers = { api_key, authorization: site.credentials.token }
  const { releases } = (await (await site.ask('/v3/releases', { headers })).json()) as {
    releases: { uid: string }[]
  }
  const tokenOf = async (kind: string, scope: object[]) => {
    const made = { token: { name: 'one', scope } }
    const response = await site.ask(`/v3/stacks/${kind}`, { headers, json: made })
    return ((await response.json()) as { token: { uid: string } }).token.uid
  }
  const destinations = [{ target_url: 'https://hooks.example.com/' }]
  const json = { webhook: { name: 'one', destinations, channels: ['assets.create'] } }
  const { webhook } = (await (await site.ask('/v3/webhooks', { headers, json })).json()) as {
    webhook: { uid: string }
  }
  return {
    webhook: webhook.uid,
    ...{
      api_key,
      content_type: 'page',
      entry: 'blt1',
      environment: 'staging',
      locale: 'en-us',
      version: '1',
    },
    // Of none that is there: nobody whose token is bound to branches reaches it.
    branch: 'dev',
    release: releases[0]!.uid,
    job: '00000000-0000-7000-8000-000000000000',
    row: 'bltffffffffff000001',
    'management tokens token': await tokenOf('management_tokens', [
      { module: 'entry' },
      { module: 'branch', branches: ['main'] },
    ]),
    'delivery tokens token': await tokenOf('delivery_tokens', [
      { module: 'environment', environments: ['staging'], acl: { read: true } },
      { module: 'branch', branches: ['main'] },
    ]),
  }
}
