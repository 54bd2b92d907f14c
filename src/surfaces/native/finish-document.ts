import { showId, type Noun } from '#domain/ids.ts'
import { hexadecimal, sampleOf, type SampledSchema } from '#surfaces/sample-of.ts'
import { requestSamples } from './request-samples.ts'

/** What of an OpenAPI document is looked at here. */
export interface OpenApi {
  paths: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, SampledSchema> }
  [part: string]: unknown
}

interface Media {
  schema?: SampledSchema
  example?: unknown
}

interface Operation {
  operationId?: string
  summary?: string
  parameters?: {
    name: string
    in: string
    required?: boolean
    schema?: SampledSchema
    [word: string]: unknown
  }[]
  requestBody?: { required?: boolean; content: Record<string, Media> }
  responses: Record<string, unknown>
}

/** What the document cannot see in a route's schema. */
export interface RouteFacts {
  public: boolean
  versioned: boolean
  /** Whether its body can be left out. */
  bodyless: boolean
}

const changing = ['post', 'put', 'patch', 'delete']

const keyHeader = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'Chosen by the client, 1 to 255 characters: the same request with the same key within 24 hours is done once and ' +
    'answered alike, with Idempotency-Replayed: true.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
}

const matchHeader = {
  name: 'If-Match',
  in: 'header',
  description: 'The ETag that was read: the change is made only if the version is still the same.',
  schema: { type: 'string' },
}

const refusals: Record<string, string> = {
  '400': 'Not readable',
  '401': 'Not signed in',
  '403': 'Not allowed',
  '404': 'Not there, or not to be seen by this caller',
  '409': 'Not as things stand: `code` and `blockers` say why',
  '412': 'Changed since it was read',
  '422': 'Not valid: `faults` say which fields and why',
  '424': 'The repository cannot be reached: `detail` has what git says',
  '429': 'Too many requests: Retry-After says when',
  '500': 'Something broke here; the log has it under `request_id`',
  '503': 'Not available now: Retry-After says when to ask again',
}

/** Adds to a generated document what holds for all operations alike: names, headers, refusals, sample requests. */
export function finishDocument(
  document: OpenApi,
  factsOf: (method: string, path: string) => RouteFacts,
): OpenApi {
  const schemas = document.components?.schemas ?? {}
  const resolve = (ref: string) => schemas[ref.split('/').at(-1) ?? '']
  for (const [path, operations] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(operations)) {
      const facts = factsOf(method, path)
      operation.operationId = nameOf(method, path)
      addHeaders(operation, method, facts)
      const about = {
        changes: changing.includes(method),
        named: path.includes('{'),
        fetches: fetches.test(path),
      }
      addRefusals(operation, { ...about, ...facts })
      for (const parameter of operation.parameters ?? []) {
        if (parameter.in === 'path') parameter['example'] ??= pathSample(parameter.name, path)
        else if (parameter.schema?.default !== undefined) parameter.required = false
      }
      sayAnswers(operation, resolve)
      if (operation.requestBody) operation.requestBody.required = !facts.bodyless
      for (const media of Object.values(operation.requestBody?.content ?? {}))
        if (media.schema) media.example ??= sampleFor(method, path) ?? sampleOf(media.schema, resolve)
    }
  return document
}

/** What looks into a repository, and fetches it where it does not know enough. */
const fetches = /\/(?:accept|catalogue|changelog|commits\/\{sha\}|contains|cut|fetch|pick)$/

const done: Record<string, string> = {
  '200': 'Done',
  '201': 'Made',
  '202': 'Taken on',
  '204': 'Done; there is nothing to say',
}

function sayAnswers({ responses }: Operation, resolve: (ref: string) => SampledSchema | undefined): void {
  for (const [status, description] of Object.entries(done)) {
    const answer = responses[status] as { description?: string; content?: Record<string, Media> } | undefined
    if (!answer) continue
    if (!answer.description || answer.description === 'Default Response') answer.description = description
    for (const media of Object.values(answer.content ?? {}))
      if (media.schema) media.example ??= sampleOf(media.schema, resolve)
  }
}

/** `GET /headgate/v1/projects/{key}/releases` is `get_projects_key_releases`. */
function nameOf(method: string, path: string): string {
  const words = path
    .split('/')
    .slice(3)
    .map((part) => part.replaceAll(/[{}]/g, '').replaceAll(/\W/g, '_'))
  return [method, ...words].join('_')
}

function addHeaders(operation: Operation, method: string, facts: RouteFacts): void {
  if (!changing.includes(method) || facts.public) return
  const headers = facts.versioned ? [keyHeader, matchHeader] : [keyHeader]
  operation.parameters = [...(operation.parameters ?? []), ...headers]
}

function addRefusals(
  { responses, parameters = [], requestBody }: Operation,
  facts: RouteFacts & { changes: boolean; named: boolean; fetches: boolean },
): void {
  const asks = requestBody !== undefined || parameters.some((one) => one.in === 'query')
  const possible: Record<string, boolean> = {
    ...{ '400': asks, '401': !facts.public, '403': !facts.public, '404': facts.named },
    ...{ '409': facts.changes && !facts.public, '412': facts.versioned, '422': asks || facts.changes },
    ...{ '424': facts.fetches, '429': true, '500': true, '503': true },
  }
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
  for (const [status, description] of Object.entries(refusals))
    if (possible[status]) responses[status] ??= { description, content }
}

function sampleFor(method: string, path: string): object | undefined {
  return requestSamples[`${method.toUpperCase()} ${path.replace(/^\/headgate\/v1/, '')}`]
}

const nouns: Readonly<Record<string, Noun>> = {
  releases: 'release',
  candidates: 'candidate',
  deployments: 'deployment',
  plans: 'plan',
  runs: 'run',
  users: 'user',
  tokens: 'token',
  webhooks: 'webhook',
  deliveries: 'delivery',
  freeze: 'freeze',
}

function pathSample(name: string, path: string): string {
  if (name === 'key') return 'website'
  if (name === 'name') return 'production'
  if (name === 'number') return '1'
  if (name === 'sha') return '0123abc'
  const [, before = ''] = new RegExp(`/(\\w+)/\\{${name}\\}`).exec(path) ?? []
  const noun = nouns[before]
  return noun ? showId(noun, hexadecimal) : name
}
