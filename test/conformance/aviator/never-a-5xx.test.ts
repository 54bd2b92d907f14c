import fc from 'fast-check'
import { test, type TestContext } from 'node:test'
import { aviator } from '#surfaces/aviator/index.ts'
import { requestsTo, type Operation, type Schema } from '../../http/fuzz-requests.ts'
import { openDesk } from './open-desk.ts'

const seed = Number(process.env['HEADGATE_FUZZ_SEED'] ?? 20_261_121)
/** How many requests for each operation. */
const runs = Number(process.env['HEADGATE_FUZZ_RUNS'] ?? 8)

interface Described {
  parameters: Operation['parameters']
  requestBody?: { content: Record<string, { schema: Schema; example: object }> }
}

const insides = /node_modules|node:internal|\.ts:\d+|\bat \w+ \(|syntax error at|SQLSTATE|fatal: /

test('whatever is sent to this door, it answers in its shape, and never with a 5xx', async (t: TestContext) => {
  const { house, call, open } = await openDesk(t)
  const project = await open()
  await project.create('1.0.0-rc1')
  const json = { release_candidate_version: '1.0.0-rc1' }
  const { id } = (await call('POST', project.deployments(), { json })).body as { id: number }
  const [candidate] = await house.ctx.db.selectFrom('candidate').select('ordinal').execute()
  const pool = {
    ...{ any: ['1.0.0-rc1', 'acme/shop', String(id)], project: ['shop'], environment: ['production'] },
    ...{ version: ['1.0.0-rc1', '1.0.0-rc2'], repo: ['acme/shop'], commit: [project.shop.repository.head()] },
    ...{ release_cut_id: [String(candidate!.ordinal)], deployment_id: [String(id)] },
  }
  const { paths, components } = aviator.openApi!() as {
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
  const faults: string[] = []
  const reached = new Set<Operation>()
  const authorization = `Bearer ${house.tokens.admin}`
  for (const [n, operation] of operations.entries())
    for (const request of fc.sample(requestsTo(operation, pool), { seed: seed + n, numRuns: runs })) {
      const { statusCode, body } = await house.server!.inject({
        ...{ method: operation.method as 'GET', url: request.url },
        headers: { ...request.headers, authorization },
        ...(request.payload !== undefined && { payload: request.payload }),
      })
      if (statusCode < 400) reached.add(operation)
      const fault = faultIn(statusCode, body)
      if (fault)
        faults.push(
          `${operation.method} ${JSON.stringify(request).slice(0, 600)} ${fault}: ${body.slice(0, 200)}`,
        )
    }
  t.diagnostic(`${operations.length} operations, ${reached.size} of them did what they are for, seed ${seed}`)
  t.assert.equal(faults.slice(0, 20).join('\n'), '')
  t.assert.ok(reached.size >= operations.length / 2, 'requests that are all refused try nothing')
})

function faultIn(status: number, body: string): string | undefined {
  if (status >= 500) return `answered ${status}`
  if (insides.test(body)) return 'shows its insides'
  if (status < 400) return undefined
  try {
    const { error, errors } = JSON.parse(body) as { error?: unknown; errors?: unknown }
    return typeof error === 'string' || Array.isArray(errors) ? undefined : 'is no error of this door'
  } catch {
    return 'is no JSON'
  }
}
