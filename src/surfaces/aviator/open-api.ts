import { sampleOf, type SampledSchema } from '#surfaces/sample-of.ts'
import type { Mounted } from './mount.ts'

const securitySchemes = {
  token: { type: 'http', scheme: 'bearer', description: 'A token of Headgate' },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'x-buildkite-signature',
    description: 'Made with the secret of the webhook; or `x-buildkite-token`, its token',
  },
}

const error = {
  type: 'object',
  required: ['error'],
  properties: {
    error: { type: 'string' },
    message: { type: 'string', description: 'More of it, for people' },
  },
  additionalProperties: true,
}

const refusal = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
})

const anything = { type: 'object', additionalProperties: true }

/** What a request that mounts itself takes. */
const ownBodies: Record<string, object> = {
  graphql: {
    type: 'object',
    required: ['query'],
    properties: {
      query: { type: 'string', examples: ['{ viewer { email } }'] },
      variables: anything,
      operationName: { type: 'string' },
    },
  },
}

/** What is served of the vendor's API: absent endpoints are not in it. */
export function openApi(all: readonly Mounted[]): object {
  const paths: Record<string, Record<string, object>> = {}
  const served = all.filter(({ endpoint }) => endpoint.state !== 'absent')
  for (const mounted of served) {
    const address = mounted.endpoint.path.replaceAll(/:(\w+)/g, '{$1}')
    const operations = (paths[address] ??= {})
    operations[mounted.endpoint.method.toLowerCase()] = operation(mounted)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Aviator Releases',
      version: '1',
      description: 'The endpoints of this vendor’s API that Headgate serves, with what it reads and answers.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    tags: [...new Set(served.map(({ resource }) => resource))].map((name) => ({ name })),
    paths,
    components: { securitySchemes, schemas: { Error: error } },
  }
}

function operation({ endpoint, route, resource, name }: Mounted): object {
  const { needs, method, path, source } = endpoint
  const body = (route ? route.body : (ownBodies[resource] ?? anything)) as SampledSchema | undefined
  return {
    operationId: `${resource.replaceAll(' ', '_')}_${name}`,
    tags: [resource],
    summary: summaries[`${resource} ${name}`] ?? `${method} ${path}`,
    description: `Source: ${source}.`,
    security: [{ [needs]: [] }],
    parameters: [...pathParameters(path), ...(method === 'GET' ? page : [])],
    ...(body && {
      requestBody: { content: { 'application/json': { schema: body, example: sampleOf(body) } } },
    }),
    responses: {
      [route?.status ?? 200]: {
        description: 'Done',
        content: { 'application/json': { schema: route?.answer ?? anything } },
      },
      '400': refusal('What was sent is not valid, or the environment is frozen'),
      '401': refusal('No valid token'),
      '403': refusal('Known, but may not'),
      '404': refusal('There is no such project, environment, release or repository'),
      '409': refusal('Not possible now'),
      '429': refusal('Too many requests'),
      '500': refusal('Something broke here'),
      '503': refusal('Not available now'),
    },
  }
}

const summaries: Readonly<Record<string, string>> = {
  'releases create': 'Create a release candidate, and its release where there is none',
  'deployments create': 'Deploy a release candidate to an environment',
  'deployments report': 'Say how the deployment of a release candidate stands',
  'deployments list': 'Deployments of an environment, newest first',
  'deployments rollBack': 'Deploy what ran before the newest deployment of an environment',
  'workflow runs build': 'Say which run of GitHub Actions builds a release candidate',
  'workflow runs deploy': 'Say which run of GitHub Actions carries out a deployment',
  'webhooks buildkite': 'What Buildkite says of its builds',
  'graphql query': 'GraphQL',
  'graphql queryUnderApi': 'GraphQL, under the path of an installation of one host',
}

const examples: Record<string, string> = {
  project: 'shop',
  environment: 'production',
  version: '2024.10.21-3-rc1',
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' }, example: examples[name] },
  }))
}

const integer = { type: 'integer', minimum: 1 }
const page = [
  { name: 'page', in: 'query', schema: { ...integer, default: 1 } },
  { name: 'per_page', in: 'query', description: 'At most 100', schema: { ...integer, default: 10 } },
]
