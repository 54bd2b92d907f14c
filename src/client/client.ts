import type { AppliedConfiguration, ConfigurationFile } from '#api/configuration.ts'
import type { Environment, NewEnvironment } from '#api/environment.ts'
import type { Event } from '#api/event.ts'
import type { NewProject, Project } from '#api/project.ts'
import { candidateCalls } from './candidate-calls.ts'
import { changelogCalls } from './changelog-calls.ts'
import { deploymentCalls } from './deployment-calls.ts'
import { driftCalls } from './drift-calls.ts'
import { gateCalls } from './gate-calls.ts'
import { importCalls } from './import-calls.ts'
import { infraCalls } from './infra-calls.ts'
import { insightCalls } from './insight-calls.ts'
import { pickCalls } from './pick-calls.ts'
import { projectPath, type Listed, type Paging } from './path.ts'
import { ProblemError } from './problem-error.ts'
import { releaseCalls } from './release-calls.ts'
import { runCalls } from './run-calls.ts'
import { stateCalls } from './state-calls.ts'
import { webhookCalls } from './webhook-calls.ts'

export interface ClientOptions {
  /** Where the server is: `http://127.0.0.1:4400`. */
  url: string
  /** A token's secret, or a session's. */
  token: string
  /** For tests and other runtimes. */
  fetch?: typeof fetch
}

export type Client = ReturnType<typeof createClient>

/** Our API, typed. Every call throws ProblemError when the server refuses, and fetch's own error when it is not there. */
export function createClient(options: ClientOptions) {
  const fetched = fetcher(options)
  const send = async <T>(...request: Request) => (await (await fetched(...request)).json()) as T
  return {
    applyConfiguration: (file: ConfigurationFile, { dry_run = false } = {}) =>
      send<AppliedConfiguration>('POST', '/configuration', file, { dry_run }),

    listProjects: (page: Paging = {}) => send<Listed<Project>>('GET', '/projects', undefined, page),
    createProject: (input: NewProject) => send<Project>('POST', '/projects', input),
    getProject: (key: string) => send<Project>('GET', projectPath(key)),

    listEnvironments: (key: string) => send<Listed<Environment>>('GET', `${projectPath(key)}/environments`),
    createEnvironment: (key: string, input: NewEnvironment) =>
      send<Environment>('POST', `${projectPath(key)}/environments`, input),

    ...releaseCalls(send),
    ...changelogCalls(send, fetched),
    ...candidateCalls(send),
    ...pickCalls(send),
    ...deploymentCalls(send),
    ...gateCalls(send),
    ...runCalls(send),
    ...stateCalls(send, fetched),
    ...driftCalls(send),
    ...infraCalls(send),
    ...importCalls(send, fetched),

    /** A tar, as it is made; broken off, it is no backup. */
    backup: async () => (await fetched('POST', '/backup')).body as ReadableStream<Uint8Array>,
    metrics: async () => (await fetched('GET', '/metrics')).text(),

    ...webhookCalls(send),
    ...insightCalls(send),

    listEvents: (page: Paging & { project?: string; kind?: string } = {}) =>
      send<Listed<Event>>('GET', '/events', undefined, page),
  }
}

type Request = [method: string, path: string, body?: unknown, query?: object]

function fetcher({ url, token, fetch: send = fetch }: ClientOptions) {
  const base = `${url.replace(/\/+$/, '')}/headgate/v1`
  return async (...[method, path, body, query = {}]: Request): Promise<Response> => {
    const said = Object.entries(query).filter(([, value]) => value !== undefined)
    const search = new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString()
    const response = await send(`${base}${path}${search && `?${search}`}`, {
      method,
      ...sent(body, { authorization: `Bearer ${token}` }),
    })
    if (!response.ok) throw await ProblemError.from(response)
    return response
  }
}

/** A body as JSON, or a tar as it comes. */
function sent(body: unknown, headers: Record<string, string>): RequestInit {
  if (body === undefined) return { headers }
  if (body instanceof ReadableStream)
    // Without `duplex`, Node refuses to send what it has not got yet.
    return {
      headers: { ...headers, 'content-type': 'application/x-tar' },
      body,
      duplex: 'half',
    } as RequestInit
  return { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
