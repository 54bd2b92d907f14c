import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { serve } from '../../ground/receiver.ts'
import * as schema from './schema.ts'

export interface StandInBuild {
  id: string
  url: string
  web_url: string
  number: number
  state: (typeof schema.buildStates)[number]
  blocked: boolean
  cancel_reason: string | null
  message: string | null
  commit: string
  branch: string
  env: Record<string, string>
  meta_data: Record<string, string>
  source: 'api'
  created_at: string
  finished_at: string | null
  pipeline: { slug: string }
}

/** What is answered instead; `also`: the request is done all the same, and only its answer is another. */
export interface Instead {
  status?: number
  body?: unknown
  headers?: Record<string, string>
  also?: boolean
  /** The line is cut. */
  cut?: boolean
}

export interface StandIn {
  url: string
  token: string
  organization: string
  pipeline: string
  builds: StandInBuild[]
  /** `POST /builds` and the like, in their order. */
  calls: string[]
  /** What was asked for that the schema does not know. It has to be empty. */
  faults: string[]
  /** Asked before each request is done. */
  instead: (call: string) => Instead | undefined
  move(number: number, change: Partial<Pick<StandInBuild, 'state' | 'blocked' | 'cancel_reason'>>): void
}

/**
 * Stands in for api.buildkite.com: one organization with one pipeline. Every request is validated by the schema that
 * we wrote from Buildkite's public documentation (schema.ts), and so is every build that it answers with.
 */
export async function buildkiteStandIn(t: TestContext): Promise<StandIn> {
  const valid = validators()
  const state: StandIn = {
    url: '',
    token: 'bkua_stand_in_0123456789',
    organization: 'acme-inc',
    pipeline: 'shop',
    builds: [],
    calls: [],
    faults: [],
    instead: () => undefined,
    move(number, change) {
      const build = state.builds.find((one) => one.number === number)
      if (!build) throw new Error(`there is no build ${number}`)
      Object.assign(build, change)
    },
  }
  const { port } = await serve(t, (request, response) => {
    void answer(state, valid, request, response)
  })
  state.url = `http://127.0.0.1:${port}`
  return state
}

type Valid = ReturnType<typeof validators>

function validators() {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true })
  addFormats.default(ajv)
  const compile = (one: object): ValidateFunction => ajv.compile(one)
  return {
    headers: compile(schema.headers),
    createBuild: compile(schema.createBuild),
    getBuildQuery: compile(schema.getBuildQuery),
    listBuildsQuery: compile(schema.listBuildsQuery),
    noQuery: compile(schema.noQuery),
    build: compile(schema.build),
    faultsOf: (validate: ValidateFunction) => ajv.errorsText(validate.errors),
  }
}

async function answer(
  state: StandIn,
  valid: Valid,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await text(request)
  const url = new URL(request.url ?? '/', state.url)
  const root = `/v2/organizations/${state.organization}/pipelines/${state.pipeline}`
  const path = url.pathname.startsWith(root) ? url.pathname.slice(root.length) : url.pathname
  const call = `${request.method} ${path}`
  state.calls.push(call)
  const say = (status: number, said: unknown, more: Record<string, string> = {}) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...limits, ...more })
      .end(JSON.stringify(said))
  const check = (validate: ValidateFunction, what: unknown, name: string) => {
    if (!validate(what)) state.faults.push(`${call} ${name}: ${valid.faultsOf(validate)}`)
  }
  check(valid.headers, request.headers, 'headers')
  const instead = state.instead(call)
  if (instead && !instead.also) return other(response, instead, say)
  const [status, said] = perform()
  if (instead) return other(response, instead, say)
  if (status < 300 && path !== '') for (const one of [said].flat()) check(valid.build, one, 'answer')
  say(status, said)

  function perform(): [number, unknown] {
    const query = Object.fromEntries(url.searchParams)
    if (request.headers.authorization !== `Bearer ${state.token}`)
      return [
        401,
        {
          message:
            'Authentication required. Please supply a valid API Access Token: https://buildkite.com/docs/apis/rest-api#authentication',
        },
      ]
    if (!url.pathname.startsWith(root)) return [404, { message: 'No pipeline found' }]
    if (call === 'GET ') {
      check(valid.noQuery, query, 'query')
      return [200, { id: randomUUID(), name: 'The shop', slug: state.pipeline, default_branch: 'trunk' }]
    }
    if (call === 'POST /builds') {
      const asked: unknown = JSON.parse(body)
      if (!valid.createBuild(asked)) {
        check(valid.createBuild, asked, 'body')
        return [422, { message: 'Validation Failed', errors: [{ field: 'commit', code: 'missing_field' }] }]
      }
      return [201, create(state, asked as Asked)]
    }
    if (call === 'GET /builds') {
      check(valid.listBuildsQuery, query, 'query')
      return [200, state.builds.filter((build) => isAsked(build, query)).toReversed()]
    }
    const [, number = '', verb = ''] = /^\/builds\/([0-9]+)(\/cancel)?$/.exec(path) ?? []
    const build = state.builds.find((one) => one.number === Number(number))
    if (!build) return [404, { message: 'No build found' }]
    if (verb === '' && request.method === 'GET') {
      check(valid.getBuildQuery, query, 'query')
      return [200, build]
    }
    if (request.method !== 'PUT' || verb === '') return [404, { message: 'Not Found' }]
    if (!['scheduled', 'running', 'failing'].includes(build.state))
      return [422, { message: `Build can't be canceled because it's already ${build.state}.` }]
    build.state = 'canceling'
    return [200, build]
  }
}

const limits = { 'ratelimit-remaining': '180', 'ratelimit-limit': '200', 'ratelimit-reset': '42' }

function other(
  response: ServerResponse,
  { status = 500, body = {}, headers = {}, cut = false }: Instead,
  say: (status: number, said: unknown, more: Record<string, string>) => unknown,
): void {
  if (cut) response.destroy()
  else say(status, body, headers)
}

type Asked = Pick<StandInBuild, 'commit' | 'branch'> &
  Partial<Pick<StandInBuild, 'message' | 'env' | 'meta_data'>>

function create(
  state: StandIn,
  { commit, branch, message = null, env = {}, meta_data = {} }: Asked,
): StandInBuild {
  const number = state.builds.length + 1
  const place = `${state.organization}/${state.pipeline}/builds/${number}`
  const build: StandInBuild = {
    id: randomUUID(),
    url: `${state.url}/v2/organizations/${state.organization}/pipelines/${state.pipeline}/builds/${number}`,
    web_url: `https://buildkite.com/${place}`,
    number,
    state: 'scheduled',
    blocked: false,
    cancel_reason: null,
    message,
    commit,
    branch,
    env,
    meta_data,
    source: 'api',
    created_at: new Date().toISOString(),
    finished_at: null,
    pipeline: { slug: state.pipeline },
  }
  state.builds.push(build)
  return build
}

function isAsked({ meta_data }: StandInBuild, query: Record<string, string>): boolean {
  return Object.entries(query).every(([name, value]) => {
    const [, key] = /^meta_data\[(.+)\]$/.exec(name) ?? []
    return key === undefined || meta_data[key] === value
  })
}
