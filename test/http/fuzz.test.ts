import fc from 'fast-check'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Compile } from 'typebox/compile'
import { asPrincipal } from '#app/context.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import { getProjectByKey } from '#app/projects/get-project.ts'
import { requestRun } from '#app/runs/request-run.ts'
import { showId } from '#domain/ids.ts'
import { openSite, type Site } from '../native/site.ts'
import { makePlatform } from './fuzz-platform.ts'
import { requestsTo, type FuzzedRequest, type Operation, type Pool, type Schema } from './fuzz-requests.ts'

const seed = Number(process.env['HEADGATE_FUZZ_SEED'] ?? 20_261_121)
/** How many requests for each operation. */
const runs = Number(process.env['HEADGATE_FUZZ_RUNS'] ?? 8)

interface Document {
  paths: Record<string, Record<string, Described>>
  components: { schemas: Record<string, Schema> }
}

interface Described {
  parameters?: Operation['parameters']
  requestBody?: { content: Record<string, { schema?: Schema; example?: object }> }
}

/** They would leave nobody to go on with, or answer without an end. */
const leftOut = [
  'DELETE /headgate/v1/session',
  'DELETE /v3/user-session',
  'POST /headgate/v1/backup',
  'GET /headgate/v1/events/stream',
]

async function documentOf(
  site: Site,
  name: string,
): Promise<{ operations: Operation[]; schemas: Record<string, Schema> }> {
  const { paths, components } = (await (await site.ask(`/docs/${name}.json`)).json()) as Document
  const operations = Object.entries(paths).flatMap(([path, all]) =>
    Object.entries(all).map(([method, { parameters = [], requestBody }]): Operation => {
      const { schema: body, example } = requestBody?.content['application/json'] ?? {}
      return {
        method: method.toUpperCase(),
        path,
        parameters,
        schemas: components.schemas,
        ...(body && { body }),
        ...(example && { example }),
      }
    }),
  )
  // What renames comes late, what removes last, and what most hangs on at the very end.
  const late = ({ method, path }: Operation) =>
    method === 'DELETE' ? 1000 - path.length : method === 'PATCH' || method === 'PUT' ? 1 : 0
  return {
    operations: operations
      .filter(({ method, path }) => !leftOut.includes(`${method} ${path}`))
      .toSorted((one, other) => late(one) - late(other)),
    schemas: components.schemas,
  }
}

const insides = /node_modules|node:internal|\.ts:\d+|\bat \w+ \(|syntax error at|SQLSTATE|"stack":"\w*Error/

/** What is wrong with an answer, or nothing. */
function faultIn(status: number, text: string, isError: (value: unknown) => boolean): string | undefined {
  if (status >= 500) return `answered ${status}`
  if (insides.test(text)) return 'shows its insides'
  if (status < 400) return undefined
  try {
    return isError(JSON.parse(text)) ? undefined : 'is no error of this door'
  } catch {
    return 'is no JSON'
  }
}

async function send(site: Site, { method, path }: Operation, request: FuzzedRequest, credential: object) {
  // There this header asks for a stream, which has no end.
  const { accept, ...headers } = request.headers
  const ending = accept !== undefined && !/\/(events|log)$/.test(path) ? { accept } : {}
  const answer = site.server!.inject({
    ...{ method: method as 'GET', url: request.url, headers: { ...headers, ...ending, ...credential } },
    ...(request.payload !== undefined && { payload: request.payload }),
  })
  const timer = new AbortController()
  const hang = sleep(20_000, { statusCode: 599, body: 'nothing' }, { signal: timer.signal }).catch(
    () => undefined,
  )
  const said = await Promise.race([answer, hang])
  timer.abort()
  return { status: said?.statusCode ?? 599, text: said?.body ?? '' }
}

/** What there is for projects of infrastructure only. */
const infra =
  /\/(state|schedules|drift|overrides|variables|resources|artifacts|infra|blueprint|simulate)(\/|$)/

async function fuzz(
  t: TestContext,
  site: Site,
  name: string,
  error: string,
  pool: Pool,
  credential: object,
  wanted: (path: string) => boolean = () => true,
) {
  const { operations: all, schemas } = await documentOf(site, name)
  const operations = all.filter(({ path }) => wanted(path))
  const check = Compile(schemas as never, schemas[error] as never)
  const faults: string[] = []
  const reached = new Set<Operation>()
  for (const [n, operation] of operations.entries()) {
    const requests = fc.sample(requestsTo(operation, pool), { seed: seed + n, numRuns: runs })
    for (const request of requests) {
      const { status, text } = await send(site, operation, request, credential)
      if (status < 400) reached.add(operation)
      const fault = faultIn(status, text, (value) => check.Check(value))
      if (fault)
        faults.push(
          `${operation.method} ${JSON.stringify(request).slice(0, 600)} ${fault}: ${text.slice(0, 200)}`,
        )
    }
  }
  t.diagnostic(`${operations.length} operations, ${runs} requests each, seed ${seed}`)
  const share = Math.round((100 * reached.size) / operations.length)
  t.diagnostic(`${share} % of them did at least once what they are for`)
  t.assert.ok(share >= 50, 'requests that are all refused at the door try nothing')
  t.assert.equal(faults.slice(0, 20).join('\n'), '')
}

test('whatever is sent to a route of our own, it answers, and never with a 5xx', async (t: TestContext) => {
  const site = await openSite(t)
  const item = await site.write('blt1', 'One')
  const release = await site.release('One', [item])
  const deployment = await site.ended(await site.client.deploy('site', 'staging', { release }))
  const { items: users } = (await (await site.ask('/headgate/v1/users')).json()) as {
    items: { id: string }[]
  }
  const made = async <T>(path: string, json: object) =>
    (await (await site.ask(`/headgate/v1${path}`, { json })).json()) as T
  const hook = { project: 'site', url: 'https://example.com/hook', kinds: ['*'], disabled: true }
  const { webhook } = await made<{ webhook: { id: string } }>('/webhooks', hook)
  const freeze = await made<{ id: string }>('/projects/site/environments/production/freeze', {
    kind: 'emergency',
    reason: 'x',
  })
  const spare = await made<{ id: string }>('/users', { email: 'spare@example.com' })
  const { token } = await made<{ token: { id: string } }>('/tokens', {
    name: 'spare',
    scopes: ['event.read'],
  })
  const by = await principalOf(site.house, site.credentials.token)
  const { id: project_id } = await getProjectByKey(asPrincipal(site.house, by), { key: 'site' })
  const run = await requestRun(asPrincipal(site.house, by), {
    ...{
      project_id,
      environment_id: null,
      kind: 'check',
      executor: 'command',
      settings: { command: ['true'] },
    },
    ...{ input: {}, cause: 'request' },
  })
  await makePlatform(t, site)
  const any = [release, deployment.id, users[0]!.id]
  const pool: Pool = {
    ...{ item: [item], rel: [release], dep: [deployment.id], pln: [deployment.plan_id!], any },
    ...{
      key: [item],
      projects: ['site', 'platform'],
      ...{ resources: ['config'], variables: ['REGION'] },
      environments: ['staging', 'production'],
      project: ['site'],
      environment: ['staging'],
    },
    ...{
      release: [release],
      number: ['1'],
      against: ['environment:staging', release],
      after: ['1', release],
    },
    ...{ releases: [release], deployments: [deployment.id], plans: [deployment.plan_id!] },
    ...{
      webhooks: [webhook.id],
      freeze: [freeze.id],
      users: [spare.id],
      tokens: [token.id],
      runs: [showId('run', run.id)],
    },
  }
  const credential = { authorization: `Bearer ${site.credentials.token}` }
  await fuzz(t, site, 'native', 'Problem', pool, credential, (path) => !infra.test(path))

  await site.client.createProject({ key: 'platform', kind: 'infra' })
  await site.client.createEnvironment('platform', { name: 'prod' })
  const schedules = '/projects/platform/environments/prod/schedules'
  const { id } = await made<{ id: string }>(schedules, { cron: '0 4 * * *' })
  const there: Pool = {
    ...{ ...pool, key: ['config/a'], projects: ['platform'], environments: ['prod'], schedules: [id] },
    ...{ project: ['platform'], environment: ['prod'], resource: ['config/a'], item: ['config/a'] },
  }
  await fuzz(t, site, 'native', 'Problem', there, credential, (path) => infra.test(path))
})

test('whatever is sent to a vendor’s route, it answers in its envelope, and never with a 5xx', async (t: TestContext) => {
  const site = await openSite(t)
  await site.write('blt1', 'One')
  const { external: api_key } = await site.house.db
    .selectFrom('external_id')
    .select('external')
    .where('kind', '=', 'stack')
    .executeTakeFirstOrThrow()
  const credential = { api_key, authorization: site.credentials.token }
  const made = await site.ask('/v3/releases', { headers: credential, json: { release: { name: 'One' } } })
  const { release } = (await made.json()) as { release: { uid: string } }
  const listed = await site.ask('/v3/roles', { headers: credential })
  const { roles } = (await listed.json()) as { roles: { uid: string }[] }
  const scope = [
    { module: 'environment', environments: ['staging'] },
    { module: 'branch', branches: ['main'] },
  ]
  const json = { token: { name: 'One', scope } }
  const kept = await site.ask('/v3/stacks/delivery_tokens', { headers: credential, json })
  const { token } = (await kept.json()) as { token: { uid: string } }
  const pool: Pool = {
    ...{ any: [release.uid, 'blt1', 'page', 'staging'], release: [release.uid], entry: ['blt1'] },
    ...{
      content_type: ['page'],
      environment: ['staging'],
      environments: ['staging'],
      locale: ['en-us'],
      uid: ['blt1'],
    },
    ...{ name: ['One'], version: ['1'], branch: ['main'], target_branch: ['main'], source: ['main'] },
    ...{ organization: ['blt0123456789abcdef'], alias: ['live'], role: [roles[0]!.uid], token: [token.uid] },
  }
  await fuzz(t, site, 'contentstack', 'Error', pool, credential)
})
