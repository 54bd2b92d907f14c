import { sampleOf, type SampledSchema } from '#surfaces/sample-of.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { root, type Mounted } from './mount.ts'

const apiKey = (name: string, description: string) => ({ type: 'apiKey', in: 'header', name, description })

const securitySchemes = {
  api_key: apiKey('api_key', 'Which stack'),
  authtoken: apiKey('authtoken', 'What signing in gives'),
  management_token: apiKey('authorization', 'A management token, or a token of Headgate'),
  access_token: apiKey('access_token', 'A delivery token'),
}

const security: Record<Endpoint['needs'], object[]> = {
  nothing: [],
  file: [],
  user: [{ authtoken: [] }, { management_token: [] }],
  stack: [
    { api_key: [], authtoken: [] },
    { api_key: [], management_token: [] },
  ],
  delivery: [{ api_key: [], access_token: [] }],
}

const envelope = {
  type: 'object',
  required: ['error_message', 'error_code', 'errors'],
  properties: {
    error_message: { type: 'string' },
    error_code: { type: 'integer' },
    errors: { type: 'object', additionalProperties: true },
  },
}

const refusal = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
})

/** What is served of the vendor's API: absent endpoints are not in it, partial ones say what they lack. */
export function openApi(all: readonly Mounted[]): object {
  const paths: Record<string, Record<string, unknown>> = {}
  const names = new Map<string, string>()
  const served = all.filter(({ endpoint, route }) => route && !endpoint.elsewhere)
  for (const mounted of served) {
    const { method, path } = mounted.endpoint
    // One address has one name in the document, whatever its endpoints call their parameters.
    const shape = path.replaceAll(/:\w+/g, ':')
    const address = names.get(shape) ?? `${root}${path.replaceAll(/:(\w+)/g, '{$1}')}`
    names.set(shape, address)
    const operations = (paths[address] ??= {})
    const before = operations[method.toLowerCase()] as Operation | undefined
    operations[method.toLowerCase()] = before
      ? joined(before, operation(mounted, address), mounted.endpoint.needs)
      : operation(mounted, address)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Contentstack Content Management and Delivery',
      version: '3',
      description: 'The endpoints of this vendor’s API that Headgate serves, with what it reads and answers.',
    },
    servers: [{ url: '/' }],
    security: security.stack,
    tags: [...new Set(served.map(({ resource }) => resource))].map((name) => ({ name })),
    paths,
    components: { securitySchemes, schemas: { Error: envelope } },
  }
}

interface Operation {
  summary: string
  tags: string[]
  security: object[]
  [part: string]: unknown
}

function operation({ endpoint, route, resource, name }: Mounted, address: string): Operation {
  const { needs, method, source, missing } = endpoint
  const body = route?.body as SampledSchema | undefined
  return {
    operationId: `${resource.replaceAll(' ', '_')}_${name}`,
    tags: [resource],
    summary: summaryOf(name),
    description: [missing && `Not built: ${missing}.`, `Source: ${source}.`].filter(Boolean).join(' '),
    security: security[needs],
    parameters: [...pathParameters(address), ...(needs === 'stack' ? [branch] : []), ...pageOf(method, name)],
    ...(body && {
      requestBody: { content: { 'application/json': { schema: body, example: sampleOf(body) } } },
    }),
    responses: {
      [route?.status ?? 200]: {
        description: 'Done',
        ...(needs !== 'file' && {
          content: {
            'application/json': { schema: route?.answer ?? { type: 'object', additionalProperties: true } },
          },
        }),
      },
      ...(needs !== 'nothing' && { '401': refusal('No such stack, or no valid credential') }),
      '422': refusal('Refused: `errors` say which fields and why'),
      '429': refusal('Too many requests'),
      '500': refusal('Something broke here'),
      '503': refusal('Not available now'),
    },
  }
}

/** `addItems` is `Add items`. */
function summaryOf(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The credential tells which of two endpoints at one address is meant. */
function joined(one: Operation, other: Operation, needs: Endpoint['needs']): Operation {
  const when = needs === 'delivery' ? 'with a delivery token' : 'without an api_key'
  return {
    ...one,
    summary: `${one.summary}; ${when}: ${other.summary.toLowerCase()}`,
    tags: [...new Set([...one.tags, ...other.tags])],
    security: [...one.security, ...other.security],
  }
}

const branch = { name: 'branch', in: 'header', description: 'main when left out', schema: { type: 'string' } }

function pathParameters(address: string): object[] {
  return [...address.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
    example: name === 'locale' ? 'en-us' : name === 'environment' ? 'production' : 'blt0123456789abcdef',
  }))
}

/** What every list reads of its query. */
function pageOf(method: Endpoint['method'], name: string): object[] {
  if (method !== 'GET' || name !== 'list') return []
  const integer = { type: 'integer', minimum: 0 }
  return [
    { name: 'limit', in: 'query', schema: integer },
    { name: 'skip', in: 'query', schema: integer },
    { name: 'include_count', in: 'query', schema: { type: 'boolean' } },
  ]
}
