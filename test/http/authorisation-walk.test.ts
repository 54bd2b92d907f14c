import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { makeCallers, verdict, type Caller, type Targets } from './walk-callers.ts'
import { nativeRows, type Row } from './walk-table.ts'
import { nativeSamples } from './walk-samples.ts'
import { openWorld, type Names, type WalkWorld } from './walk-world.ts'

const golden = readFileSync(join(import.meta.dirname, '../golden/routes.txt'), 'utf8')
  .trim()
  .split('\n')

const nouns: Record<string, string> = {
  releases: 'release',
  deployments: 'deployment',
  plans: 'plan',
  runs: 'run',
  webhooks: 'webhook',
  users: 'user',
  tokens: 'token',
}

/** The path with its parameters filled in: `:id` by what stands before it. */
function addressOf(url: string, names: Names): string {
  return url.replaceAll(/(\w+)\/:(\w+)/g, (_, before: string, name: string) => {
    const noun = name === 'id' ? (nouns[before] ?? before.replace(/s$/, '')) : name
    return `${before}/${names[noun] ?? `no-${noun}`}`
  })
}

const filled = (text: string, names: Names) =>
  text.replaceAll(/\$(\w+)/g, (_, name: string) => names[name] ?? name)

async function statusOf(
  world: WalkWorld,
  route: string,
  row: Row,
  body: object | undefined,
  caller: Caller,
  names: Names,
) {
  const [method = 'GET', url = ''] = route.split(' ')
  const path = `${addressOf(url, names)}${row.query ? `?${filled(row.query, names)}` : ''}`
  const headers: Record<string, string> =
    caller.secret === null ? {} : { authorization: `Bearer ${caller.secret}` }
  if (body) headers['content-type'] = 'application/json'
  const payload = body && filled(JSON.stringify(body), names)
  if (row.stream) {
    const ending = new AbortController()
    const response = await fetch(`${world.site.url}${path}`, {
      method,
      headers,
      body: payload,
      signal: ending.signal,
    } as RequestInit)
    ending.abort()
    return response.status
  }
  const server = world.site.server!
  const answer = await server.inject({
    method: method as 'GET',
    url: path,
    headers,
    ...(payload && { payload }),
  })
  return answer.statusCode
}

/** What the answer should have been, where it is another. */
function faultIn(status: number, row: Row, { principal }: Caller, targets: Targets): string | undefined {
  if (row.open) return status === 403 ? 'nobody is refused here' : undefined
  if (principal === null || row.foreign) return status === 401 ? undefined : '401'
  const owner = principal.user_id === targets.owner_id
  const judged = row.self && owner ? 'allowed' : verdict(principal, row.steps, targets)
  const narrow = row.wider?.some((limit) => principal[limit] !== null)
  if (judged === 'hidden') return status === 404 ? undefined : '404'
  if (judged === 'forbidden' || narrow || (row.notOwner && owner))
    return status === 403 || (row.absent && status === 404) ? undefined : '403'
  const refused = [401, 403, ...(row.absent ? [] : [404]), ...(row.unfit ? [] : [422])]
  return refused.includes(status) || status >= 500 ? 'to be let in' : undefined
}

test('every route of our own asks of everybody what the table says', async (t: TestContext) => {
  const routes = golden.filter((line) => line.includes(' /headgate/'))
  t.assert.deepEqual(
    routes.filter((route) => !nativeRows[route]),
    [],
    'routes that are missing in the table',
  )
  t.assert.deepEqual(
    Object.keys(nativeRows).filter((route) => !routes.includes(route)),
    [],
    'routes that are gone',
  )
  const world = await openWorld(t)
  const callers = await makeCallers(world.site)
  const bodies = await nativeSamples(world)
  const wrong: string[] = []
  for (const route of routes) {
    const row = nativeRows[route]!
    for (const caller of await callers.for(row.steps)) {
      const may = caller.principal && verdict(caller.principal, row.steps, world.targets) === 'allowed'
      // Signing out would leave nobody to go on with.
      if (row.fresh === 'session' && may) continue
      const names = may
        ? await world.anew(row)
        : { ...world.names, fresh: 'x', ...(row.fresh === 'locked' && { release: world.names['locked']! }) }
      // A project that was made anew is another one: whoever is bound to the first is a stranger there.
      const targets =
        row.fresh === 'project' && may ? { ...world.targets, project_id: 'another' } : world.targets
      const status = await statusOf(world, route, row, row.body ?? bodies.get(route), caller, names)
      const expected = faultIn(status, row, caller, targets)
      if (expected) wrong.push(`${route}: ${caller.who} got ${status}, expected ${expected}`)
    }
  }
  t.assert.equal(wrong.join('\n'), '')
})
