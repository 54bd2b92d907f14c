import type { LogPage } from '#api/log.ts'
import type { Run } from '#api/run.ts'
import { environmentPath, type Listed, type Paging, type Send } from './path.ts'

type RunSearch = Paging & { environment?: string; kind?: string; state?: string }

/** Invocations that are no deployment. */
export function runCalls(send: Send) {
  return {
    listRuns: (project: string, page: RunSearch = {}) =>
      send<Listed<Run>>('GET', '/runs', undefined, { project, ...page }),
    getRun: (id: string) => send<Run>('GET', `/runs/${id}`),
    getRunLog: (id: string, page: Paging = {}) => send<LogPage>('GET', `/runs/${id}/log`, undefined, page),
    cancelRun: (id: string, reason?: string) => send<Run>('POST', `/runs/${id}/cancel`, { reason }),
    checkEnvironment: (key: string, name: string, reason?: string) =>
      send<Run>('POST', `${environmentPath(key, name)}/check`, { reason }),
  }
}
