import type { AppliedConfiguration, ConfigurationFile } from '#api/configuration.ts'
import type {
  Deployment,
  DeploymentItem,
  DeploymentRequest,
  Plan,
  Rollback,
  RetryRequest,
  RollbackRequest,
} from '#api/deployment.ts'
import type { Why } from '#api/gates.ts'
import type { Environment, NewEnvironment } from '#api/environment.ts'
import type { Event } from '#api/event.ts'
import type { LogPage } from '#api/log.ts'
import type { LiveItem } from '#api/live-item.ts'
import type { NewProject, Project } from '#api/project.ts'
import type { Run } from '#api/run.ts'
import type { CatalogueItem } from '#api/catalogue.ts'
import type { NewRelease, NewReleaseItems, PinnedRevision, Release, ReleaseItem } from '#api/release.ts'
import type { ChangelogEntry, Difference, ReleaseConflict, Whereabouts } from '#api/release-reading.ts'
import { ProblemError } from './problem-error.ts'

export interface ClientOptions {
  /** Where the server is: `http://127.0.0.1:4400`. */
  url: string
  /** A token's secret, or a session's. */
  token: string
  /** For tests and other runtimes. */
  fetch?: typeof fetch
}

interface Listed<T> {
  items: T[]
  next: string | null
}

interface Paging {
  limit?: number
  after?: string
}

export type Client = ReturnType<typeof createClient>

/** Our API, typed. Every call throws ProblemError when the server refuses, and fetch's own error when it is not there. */
export function createClient(options: ClientOptions) {
  const fetched = fetcher(options)
  const send = async <T>(...request: Request) => (await (await fetched(...request)).json()) as T
  const project = (key: string) => `/projects/${encodeURIComponent(key)}`
  const environment = (key: string, name: string) =>
    `${project(key)}/environments/${encodeURIComponent(name)}`
  return {
    applyConfiguration: (file: ConfigurationFile, { dry_run = false } = {}) =>
      send<AppliedConfiguration>('POST', '/configuration', file, { dry_run }),

    listProjects: (page: Paging = {}) => send<Listed<Project>>('GET', '/projects', undefined, page),
    createProject: (input: NewProject) => send<Project>('POST', '/projects', input),
    getProject: (key: string) => send<Project>('GET', project(key)),

    listEnvironments: (key: string) => send<Listed<Environment>>('GET', `${project(key)}/environments`),
    createEnvironment: (key: string, input: NewEnvironment) =>
      send<Environment>('POST', `${project(key)}/environments`, input),

    listReleases: (key: string, page: Paging & { name?: string } = {}) =>
      send<Listed<Release>>('GET', `${project(key)}/releases`, undefined, page),
    createRelease: (key: string, input: NewRelease) =>
      send<Release>('POST', `${project(key)}/releases`, input),
    getRelease: (id: string) => send<Release>('GET', `/releases/${id}`),
    listReleaseItems: (id: string, page: Paging & { kind?: string; action?: string; q?: string } = {}) =>
      send<Listed<ReleaseItem>>('GET', `/releases/${id}/items`, undefined, page),
    lockRelease: (id: string, reason?: string) => send<Release>('POST', `/releases/${id}/lock`, { reason }),
    unlockRelease: (id: string, reason?: string) =>
      send<Release>('POST', `/releases/${id}/unlock`, { reason }),
    getRevision: (id: string, number: number) =>
      send<PinnedRevision>('GET', `/releases/${id}/revisions/${number}`),
    /** `against`: `rev_…`, `rel_…`, or `live:<environment>`. */
    diffRelease: (id: string, against: string, page: Paging & { change?: Difference['change'] } = {}) =>
      send<Listed<Difference>>('GET', `/releases/${id}/diff`, undefined, { against, ...page }),
    listChangelog: (id: string, environment: string, page: Paging = {}) =>
      send<Listed<ChangelogEntry>>('GET', `/releases/${id}/changelog`, undefined, { environment, ...page }),
    listConflicts: (id: string, page: Paging & { environment?: string } = {}) =>
      send<Listed<ReleaseConflict>>('GET', `/releases/${id}/conflicts`, undefined, page),
    listWhereabouts: (id: string, revision?: number) =>
      send<Listed<Whereabouts>>('GET', `/releases/${id}/whereabouts`, undefined, { revision }),
    listCatalogue: (
      key: string,
      page: Paging & { branch?: string; kind?: string; locale?: string; q?: string } = {},
    ) => send<Listed<CatalogueItem>>('GET', `${project(key)}/catalogue`, undefined, page),
    addReleaseItems: (id: string, input: NewReleaseItems) =>
      send<Listed<ReleaseItem>>('POST', `/releases/${id}/items`, input),

    deploy: (key: string, name: string, input: DeploymentRequest) =>
      send<Deployment>('POST', `${environment(key, name)}/deployments`, input),
    rollBack: (key: string, name: string, input: RollbackRequest = {}) =>
      send<Rollback>('POST', `${environment(key, name)}/rollback`, input),
    /** Of a release as it is now, or of a deployment that waits: `{ deployment }`. */
    why: (
      key: string,
      name: string,
      asked: string | { release?: string; deployment?: string; at?: string },
    ) =>
      send<Why>(
        'GET',
        `${environment(key, name)}/why`,
        undefined,
        typeof asked === 'string' ? { release: asked } : asked,
      ),
    listLive: (
      key: string,
      name: string,
      page: Paging & { kind?: string; uncertain?: boolean; q?: string } = {},
    ) => send<Listed<LiveItem>>('GET', `${environment(key, name)}/live`, undefined, page),

    getDeployment: (id: string) => send<Deployment>('GET', `/deployments/${id}`),
    getPlan: (id: string) => send<Plan>('GET', `/deployments/${id}/plan`),
    getPlanById: (id: string) => send<Plan>('GET', `/plans/${id}`),
    retryDeployment: (id: string, input: RetryRequest = {}) =>
      send<Deployment>('POST', `/deployments/${id}/retry`, input),
    listDeploymentItems: (id: string, page: Paging = {}) =>
      send<Listed<DeploymentItem>>('GET', `/deployments/${id}/items`, undefined, page),
    getDeploymentLog: (id: string, page: Paging = {}) =>
      send<LogPage>('GET', `/deployments/${id}/log`, undefined, page),
    listRuns: (
      project: string,
      page: Paging & { environment?: string; kind?: string; state?: string } = {},
    ) => send<Listed<Run>>('GET', '/runs', undefined, { project, ...page }),
    getRun: (id: string) => send<Run>('GET', `/runs/${id}`),
    getRunLog: (id: string, page: Paging = {}) => send<LogPage>('GET', `/runs/${id}/log`, undefined, page),
    cancelRun: (id: string, reason?: string) => send<Run>('POST', `/runs/${id}/cancel`, { reason }),
    checkEnvironment: (key: string, name: string, reason?: string) =>
      send<Run>('POST', `${environment(key, name)}/check`, { reason }),
    cancelDeployment: (id: string, reason?: string) =>
      send<Deployment>('POST', `/deployments/${id}/cancel`, { reason }),

    /** A tar, as it is made; broken off, it is no backup. */
    backup: async () => (await fetched('POST', '/backup')).body as ReadableStream<Uint8Array>,
    metrics: async () => (await fetched('GET', '/metrics')).text(),

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
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw await ProblemError.from(response)
    return response
  }
}
