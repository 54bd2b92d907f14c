import { Ajv, type ValidateFunction } from 'ajv'
import { idOf } from '#surfaces/facets/ids.ts'
import { facets } from '#surfaces/facets/index.ts'
import type { DeploymentLog } from '#surfaces/facets/wire/deployment.ts'
import type { Role } from '#domain/roles.ts'
import { until } from '../../code-house.ts'
import { sharedInfraHouse, type InfraHouse, type Platform } from '../../infra-house.ts'

/** What a client got: the status, and the body as JSON, or as text where it is none. */
export interface Answer<T = unknown> {
  status: number
  body: T
  headers: Headers
}

export interface Sent {
  /** Who asks, by Basic with a token; a releaser when left out, null: without credentials. */
  as?: Role | null
  json?: unknown
  headers?: Record<string, string>
}

export interface ErrorDetails {
  message: string
  code: string
}

const over = /^(SUCCEEDED|FAILED|FAULT|TIMED_OUT|STOPPED|INVALID|APPROVED|REJECTED)$/

/** The door of a house, spoken to as curl would; every answer is held against what the door says of it. */
export function openDesk(house: InfraHouse) {
  async function call<T = DeploymentLog>(
    method: string,
    path: string,
    { as = 'releaser', json, headers }: Sent = {},
  ): Promise<Answer<T>> {
    const basic = as === null ? undefined : `Basic ${btoa(`${as}@example.com:${house.tokens[as]}`)}`
    const answer = await fetch(`${house.url}${path}`, {
      method,
      headers: {
        ...(basic ? { authorization: basic } : {}),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })
    const body = readBody(await answer.text())
    const fault = faultIn(method, path, answer.status, body)
    if (fault)
      throw new Error(`${method} ${path} answered ${answer.status}, which is not as it says: ${fault}`)
    return { status: answer.status, body: body as T, headers: answer.headers }
  }
  const errorOf = async (method: string, path: string, sent?: Sent) => {
    const { status, body } = await call<ErrorDetails>(method, path, sent)
    return { status, ...body }
  }
  return {
    house,
    call,
    /** The status, message and code of a refusal. */
    errorOf,
    /** The deployments of a cluster. */
    deployments: (platform: Platform, name = 'prod') =>
      `/cc-ui/v1/clusters/${idOf(platform.environments[name]!.id)}/deployments`,
    /** Asks for it and waits until it is over, or in one of these states. Fails where it is refused. */
    async released(method: string, path: string, sent: Sent = {}, until: readonly string[] = []) {
      const { status, body } = await call(method, path, sent)
      if (status !== 200) throw new Error(`${method} ${path} was refused: ${status} ${JSON.stringify(body)}`)
      return this.ended(path, body.id!, until)
    },
    /** The log of this id of the cluster that a path is of, once it is over, or in one of these states. */
    async ended(path: string, id: string, states: readonly string[] = []): Promise<DeploymentLog> {
      const all = path.slice(0, path.indexOf('/deployments') + '/deployments'.length)
      return until(
        async () => (await call('GET', `${all}/${id}`)).body,
        ({ status = '' }) => over.test(status) || states.includes(status),
        `the end of release ${id}`,
      )
    },
  }
}

export type Desk = ReturnType<typeof openDesk>

/** One for all the tests of a file; it is open while they run. */
export function sharedDesk(env: Record<string, string> = {}): () => Desk {
  const house = sharedInfraHouse(env)
  let desk: Desk | undefined
  return () => (desk ??= openDesk(house()))
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: object }> }>
}

const ajv = new Ajv({ strict: false, validateFormats: false })
const compiled = new Map<object, ValidateFunction>()
const errorSchema = {
  type: 'object',
  required: ['message', 'code'],
  properties: { message: { type: 'string', minLength: 1 }, code: { type: 'string', pattern: '^[0-9]{3}$' } },
  additionalProperties: false,
}

const { paths } = facets.openApi!() as { paths: Record<string, Record<string, Operation>> }
const patterns = Object.entries(paths)
  .map(([path, operations]) => ({
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`, 'i'),
    operations,
    fixed: path.replaceAll(/\{\w+\}/g, '').length,
  }))
  .toSorted((a, b) => b.fixed - a.fixed)

/** What is wrong with an answer, by what the door itself says of it. */
function faultIn(method: string, path: string, status: number, body: unknown): string | undefined {
  const [bare = ''] = path.split('?')
  if (status !== 200) return check(errorSchema, body)
  const known = patterns.find(
    ({ pattern, operations }) => pattern.test(bare) && operations[method.toLowerCase()],
  )
  const schema =
    known?.operations[method.toLowerCase()]?.responses['200']?.content?.['application/json']?.schema
  return schema && check(schema, body)
}

function check(schema: object, body: unknown): string | undefined {
  const validate = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, validate)
  return validate(body) ? undefined : ajv.errorsText(validate.errors)
}
