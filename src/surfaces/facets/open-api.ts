import type { TSchema } from 'typebox'
import { sampleOf, type SampledSchema } from '#surfaces/sample-of.ts'
import type { Mounted } from './mount.ts'

const securitySchemes = {
  basic: { type: 'http', scheme: 'basic', description: 'E-mail address and token, or password' },
  token: { type: 'http', scheme: 'bearer', description: 'A token of Headgate' },
}

const ErrorDetails = {
  type: 'object',
  required: ['message', 'code'],
  properties: { message: { type: 'string' }, code: { type: 'string', description: 'The status' } },
}

const refusal = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorDetails' } } },
})

const refusals = {
  '400': refusal('What was sent is not valid'),
  '401': refusal('No valid credentials'),
  '403': refusal('Known, but may not; or a deployment is in progress, or releases are stopped'),
  '404': refusal('There is no such thing here'),
  '409': refusal('Not possible now'),
  '429': refusal('Too many requests'),
  '500': refusal('Something broke here'),
  '503': refusal('Not available now'),
}

/** What is served of the vendor's API: absent endpoints are not in it. */
export function openApi(all: readonly Mounted[]): object {
  const paths: Record<string, Record<string, object>> = {}
  const served = all.filter(({ route }) => route !== undefined)
  for (const mounted of served) {
    const address = mounted.endpoint.path.replaceAll(/:(\w+)/g, '{$1}')
    const operations = (paths[address] ??= {})
    operations[mounted.endpoint.method.toLowerCase()] = operation(mounted)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Facets control plane',
      version: '1',
      description: 'The endpoints of this vendor’s API that Headgate serves, with what it reads and answers.',
    },
    servers: [{ url: '/' }],
    security: [{ basic: [] }, { token: [] }],
    tags: [...new Set(served.map(({ resource }) => resource))].map((name) => ({ name })),
    paths,
    components: { securitySchemes, schemas: { ErrorDetails } },
  }
}

function operation({ endpoint, route, resource, name }: Mounted): object {
  const { method, path, source, open } = endpoint
  const body = route?.body as SampledSchema | undefined
  return {
    operationId: `${resource}_${name}`,
    tags: [resource],
    summary: `${method} ${path}`,
    description: `Source: ${source}.`,
    ...(open ? { security: [] } : {}),
    parameters: [...pathParameters(path), ...queryParameters(route?.query ?? {})],
    ...(body && {
      requestBody: { content: { 'application/json': { schema: body, example: sampleOf(body) } } },
    }),
    responses: { '200': answerOf(route!.answer), ...refusals },
  }
}

function answerOf(answer: TSchema | 'nothing' | 'raw'): object {
  if (answer === 'nothing') return { description: 'Done' }
  if (answer === 'raw') return { description: 'As it comes' }
  return { description: 'Done', content: { 'application/json': { schema: answer } } }
}

const examples: Record<string, string> = {
  clusterId: '62b1c8f2a3d4e5f601234567',
  stackName: 'platform',
  clusterName: 'prod',
  resourceType: 'service',
  resourceName: 'api',
  releaseType: 'RELEASE',
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' } },
    ...(examples[name] ? { example: examples[name] } : {}),
  }))
}

function queryParameters(query: Readonly<Record<string, TSchema>>): object[] {
  return Object.entries(query).map(([name, schema]) => ({ name, in: 'query', schema }))
}
