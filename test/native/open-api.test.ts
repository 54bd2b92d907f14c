import { test, type TestContext } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { openHouse } from '../open-house.ts'

interface Operation {
  summary?: string
  operationId?: string
  requestBody?: { content: Record<string, { example?: unknown }> }
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
    tags: { name: string }[]
    paths: Record<string, Record<string, Operation>>
    components: { schemas: Record<string, unknown> }
  }
  t.assert.equal(api.openapi, '3.1.0')
  t.assert.deepEqual(await new Validator().validate(JSON.parse(text)), { valid: true })
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  t.assert.ok(operations.length > 35)
  const ids = new Set<string>()
  const chapters = new Set(api.tags.map(({ name }) => name))
  for (const { path, method, operation } of operations) {
    const what = `${method} ${path}`
    t.assert.ok(path.startsWith('/headgate/v1/'), what)
    t.assert.ok(operation.summary && operation.tags?.length === 1, what)
    t.assert.ok(chapters.has(operation.tags[0] as string), `${what} is in a chapter that nobody introduces`)
    const names = operation.parameters?.map(({ name }) => name) ?? []
    t.assert.equal(new Set(names).size, names.length, what)
    const changes = method !== 'get' && operation.security?.length !== 0
    t.assert.equal(names.includes('Idempotency-Key'), changes, what)
    t.assert.equal(names.includes('If-Match'), operation.responses['412'] !== undefined, what)
    t.assert.ok(operation.operationId && !ids.has(operation.operationId), what)
    ids.add(operation.operationId)
    for (const { example } of Object.values(operation.requestBody?.content ?? {}))
      t.assert.ok(example !== undefined, what)
    const answers = Object.keys(operation.responses)
    t.assert.ok(
      answers.some((status) => /^20\d$/.test(status)),
      what,
    )
    const problem = operation.responses['500']?.content?.['application/problem+json']?.schema
    t.assert.deepEqual(problem, { $ref: '#/components/schemas/Problem' }, what)
    for (const [, name] of path.matchAll(/\{(\w+)\}/g))
      t.assert.ok(
        operation.parameters?.some((parameter) => parameter.in === 'path' && parameter.name === name),
        what,
      )
  }
  const cut = api.paths['/headgate/v1/projects/{key}/cut']!['post']!
  t.assert.ok(cut.responses['424'], 'a repository may be out of reach')
  const named = new Set(Object.keys(api.components.schemas))
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    t.assert.ok(named.has(name ?? ''), String(name))
  t.assert.ok(!text.includes('#/$defs') && !/"\$ref":"(?!#\/components)/.test(text))
})

test('every change of what has a version can be bound to it', async (t: TestContext) => {
  const { ask } = await openHouse(t)
  const api = (await (await ask('/headgate/v1/openapi.json')).json()) as {
    paths: Record<string, Record<string, Operation>>
    components: { schemas: Record<string, { properties?: Record<string, { type?: string }> }> }
  }
  const versioned = Object.entries(api.paths).filter(([, { get }]) => {
    const answer = get?.responses['200']?.content?.['application/json']?.schema as
      | { $ref?: string }
      | undefined
    const name = answer?.$ref?.split('/').at(-1) ?? ''
    return api.components.schemas[name]?.properties?.['version']?.type === 'integer'
  })
  t.assert.ok(versioned.length >= 5)
  for (const [path, operations] of versioned)
    for (const [method, { responses }] of Object.entries(operations))
      if (method !== 'get') t.assert.ok(responses['412'], `${method} ${path} takes no If-Match`)
})
