import fc from 'fast-check'
import { test, type TestContext } from 'node:test'
import { idOf } from '#surfaces/facets/ids.ts'
import { facets } from '#surfaces/facets/index.ts'
import { requestsTo, type Operation, type Schema } from '../../http/fuzz-requests.ts'
import { openInfraHouse } from '../../infra-house.ts'

const seed = Number(process.env['HEADGATE_FUZZ_SEED'] ?? 20_261_122)
/** How many requests for each operation. */
const runs = Number(process.env['HEADGATE_FUZZ_RUNS'] ?? 8)

interface Described {
  parameters: Operation['parameters']
  requestBody?: { content: Record<string, { schema: Schema; example: object }> }
}

const insides = /node_modules|node:internal|\.ts:\d+|\bat \w+ \(|syntax error at|SQLSTATE|fatal: /

test('whatever is sent to this door, it answers in its shape, and never with a 5xx', async (t: TestContext) => {
  // Nothing is planned: what is asked for waits.
  const house = await openInfraHouse(t, { HEADGATE_ROLE: 'api' })
  const resources = [
    { type: 'config', name: 'a', spec: { content: 'one' } },
    { type: 'config', name: 'broken', spec: { content: '${config.nowhere.out.attributes.path}' } },
  ]
  const { project, environments } = await house.platform({ resources })
  const clusterId = idOf(environments['prod']!.id)
  const authorization = `Basic ${btoa(`admin@example.com:${house.tokens.admin}`)}`
  const ask = (method: string, url: string, payload?: string, headers: Record<string, string> = {}) =>
    house.server!.inject({
      ...{ method: method as 'GET', url, headers: { ...headers, authorization } },
      ...(payload !== undefined && { payload }),
    })
  const made = await ask('PUT', `/cc-ui/v1/clusters/${clusterId}/deployments/release?releaseTraceId=t`)
  const { id } = made.json<{ id: string }>()
  const pool = {
    ...{ any: ['config', 'a', 'True', id, clusterId], clusterId: [clusterId], deploymentId: [id] },
    ...{ stackName: [project.key], clusterName: ['prod'], resourceType: ['config'], resourceName: ['a'] },
    ...{ releaseType: ['RELEASE', 'PLAN', 'LAUNCH'], releaseTraceId: ['t'], branch: ['main'] },
  }
  const { paths, components } = facets.openApi!() as {
    paths: Record<string, Record<string, Described>>
    components: { schemas: Record<string, Schema> }
  }
  const operations = Object.entries(paths).flatMap(([path, all]) =>
    Object.entries(all).map(([method, { parameters, requestBody }]): Operation => {
      const { schema: body, example } = requestBody?.content['application/json'] ?? {}
      return {
        ...{ method: method.toUpperCase(), path, parameters, schemas: components.schemas },
        ...(body && { body }),
        ...(example && { example }),
      }
    }),
  )
  // A log that is followed ends when its deployment does, and none does here.
  const tried = operations.filter(({ path }) => !path.endsWith('/logs/stream'))
  const faults: string[] = []
  const reached = new Set<Operation>()
  for (const [n, operation] of tried.entries())
    for (const request of fc.sample(requestsTo(operation, pool), { seed: seed + n, numRuns: runs })) {
      const { url, payload, headers } = request
      const { statusCode, body } = await ask(operation.method, url, payload, headers)
      if (statusCode < 400) reached.add(operation)
      const fault = faultIn(statusCode, body)
      if (fault)
        faults.push(
          `${operation.method} ${JSON.stringify(request).slice(0, 600)} ${fault}: ${body.slice(0, 200)}`,
        )
    }
  t.diagnostic(`${tried.length} operations, ${reached.size} of them did what they are for, seed ${seed}`)
  t.assert.equal(faults.slice(0, 20).join('\n'), '')
  t.assert.ok(reached.size >= tried.length / 2, 'requests that are all refused try nothing')
})

function faultIn(status: number, body: string): string | undefined {
  if (status >= 500) return `answered ${status}`
  if (insides.test(body)) return 'shows its insides'
  if (status < 400) return undefined
  try {
    const { message, code } = JSON.parse(body) as { message?: unknown; code?: unknown }
    return typeof message === 'string' && code === String(status) ? undefined : 'is no error of this door'
  } catch {
    return 'is no JSON'
  }
}
