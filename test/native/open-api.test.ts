import { test, type TestContext } from 'node:test'
import { openHouse } from '../open-house.ts'

interface Operation {
  summary?: string
  tags?: string[]
  parameters?: { name: string; in: string; required?: boolean }[]
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>
  security?: unknown[]
}

test('every route is described, with what it takes, answers and refuses', async (t: TestContext) => {
  const { ask } = await openHouse(t)
  const response = await ask('/headgate/v1/openapi.json', { headers: { authorization: '' } })
  t.assert.equal(response.status, 200)
  const text = await response.text()
  const api = JSON.parse(text) as {
    openapi: string
    paths: Record<string, Record<string, Operation>>
    components: { schemas: Record<string, unknown> }
  }
  t.assert.equal(api.openapi, '3.1.0')
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  t.assert.ok(operations.length > 35)
  for (const { path, method, operation } of operations) {
    const what = `${method} ${path}`
    t.assert.ok(path.startsWith('/headgate/v1/'), what)
    t.assert.ok(operation.summary && operation.tags?.length === 1, what)
    const answers = Object.keys(operation.responses)
    t.assert.ok(
      answers.some((status) => /^20\d$/.test(status)),
      what,
    )
    const problem = operation.responses['4XX']?.content?.['application/problem+json']?.schema
    t.assert.deepEqual(problem, { $ref: '#/components/schemas/Problem' }, what)
    for (const [, name] of path.matchAll(/\{(\w+)\}/g))
      t.assert.ok(
        operation.parameters?.some((parameter) => parameter.in === 'path' && parameter.name === name),
        what,
      )
  }
  const named = new Set(Object.keys(api.components.schemas))
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    t.assert.ok(named.has(name ?? ''), String(name))
  t.assert.ok(!text.includes('#/$defs') && !/"\$ref":"(?!#\/components)/.test(text))
})
