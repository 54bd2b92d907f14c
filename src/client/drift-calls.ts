import type { Deployment } from '#api/deployment.ts'
import type { Drift, DriftCheck, DriftIgnoreRequest, IgnoredDrift, ReassertRequest } from '#api/drift.ts'
import type { Run } from '#api/run.ts'
import { environmentPath, type Listed, type Paging, type Send } from './path.ts'

/** Whether environments of infrastructure are as they were left. */
export function driftCalls(send: Send) {
  const at = (key: string, name: string) => `${environmentPath(key, name)}/drift`
  return {
    listDrift: (page: Paging & { project?: string } = {}) =>
      send<Listed<Drift>>('GET', '/drift', undefined, page),
    getDrift: (key: string, name: string) => send<Drift>('GET', at(key, name)),
    checkDrift: (key: string, name: string, reason?: string) => send<Run>('POST', at(key, name), { reason }),
    listDriftChecks: (key: string, name: string, page: Paging = {}) =>
      send<Listed<DriftCheck>>('GET', `${at(key, name)}/checks`, undefined, page),
    listIgnoredDrift: (key: string, name: string) =>
      send<Listed<IgnoredDrift>>('GET', `${at(key, name)}/ignored`),
    ignoreDrift: (key: string, name: string, input: DriftIgnoreRequest) =>
      send<IgnoredDrift>('POST', `${at(key, name)}/ignored`, input),
    adoptDrift: (key: string, name: string, reason?: string) =>
      send<Run>('POST', `${at(key, name)}/adopt`, { reason }),
    reassertDrift: (key: string, name: string, input: ReassertRequest = {}) =>
      send<Deployment>('POST', `${at(key, name)}/reassert`, input),
  }
}
