import { test, type TestContext } from 'node:test'
import { allEndpoints } from '#surfaces/contentstack/endpoints/all.ts'
import type { EndpointTable } from '#surfaces/contentstack/endpoints/endpoint.ts'
import { makeCallers, verdict, type Caller, type Targets } from './walk-callers.ts'
import { stackRows } from './walk-contentstack.ts'
import { stackSamples } from './walk-samples.ts'
import type { Row } from './walk-table.ts'
import { openWorld, type Names, type WalkWorld } from './walk-world.ts'

const served = Object.entries(allEndpoints).flatMap(([resource, table]) =>
  Object.entries(table as EndpointTable)
    .filter(([, { state, needs, elsewhere }]) => state !== 'absent' && needs === 'stack' && !elsewhere)
    .map(([name, endpoint]) => ({ key: `${resource} ${name}`, resource, ...endpoint })),
)

test('every endpoint of a stack asks of everybody what the table says', async (t: TestContext) => {
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
    const sent = row.upload ? upload : json(example)
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

/** The status of a refusal at the vendor's door, or that there is none. */
function judge(caller: Caller, { steps, wider }: Row, targets: Targets): 401 | 403 | 422 | 'let in' {
  const { principal } = caller
  // A token of one stack is none at another's door.
  if (principal === null || (principal.project_id ?? targets.project_id) !== targets.project_id) return 401
  const judged = verdict(principal, steps, targets)
  if (judged === 'hidden') return 422
  // Nobody makes a token that reaches further than their own.
  const narrow = wider?.some((limit) => principal[limit] !== null)
  return judged === 'forbidden' || narrow ? 403 : 'let in'
}

interface Sent {
  headers: Record<string, string>
  payload?: string
}

function json(example: object | undefined): Sent {
  if (!example) return { headers: {} }
  const payload = JSON.stringify(example).replaceAll('["environment"]', '["staging"]')
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
  return {
    ...{
      api_key,
      content_type: 'page',
      entry: 'blt1',
      environment: 'staging',
      locale: 'en-us',
      version: '1',
    },
    release: releases[0]!.uid,
    'management tokens token': await tokenOf('management_tokens', [{ module: 'entry' }]),
    'delivery tokens token': await tokenOf('delivery_tokens', [
      { module: 'environment', environments: ['staging'], acl: { read: true } },
    ]),
  }
}
