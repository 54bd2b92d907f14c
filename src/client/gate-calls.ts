import type { Deployment } from '#api/deployment.ts'
import type { Approval, Freeze, Hold, NewFreeze, Override } from '#api/gates.ts'
import { environmentPath, projectPath, type Listed, type Paging, type Send } from './path.ts'

/** What may keep a deployment back, and who lets it go on. */
export function gateCalls(send: Send) {
  return {
    listFreezes: (key: string, name: string, page: Paging & { lifted?: boolean } = {}) =>
      send<Listed<Freeze>>('GET', `${environmentPath(key, name)}/freeze`, undefined, page),
    freeze: (key: string, name: string, input: NewFreeze) =>
      send<Freeze>('POST', `${environmentPath(key, name)}/freeze`, input),
    freezeProject: (key: string, input: NewFreeze) =>
      send<Freeze>('POST', `${projectPath(key)}/freeze`, input),
    liftFreeze: (key: string, id: string, reason: string) =>
      send<Freeze>('DELETE', `${projectPath(key)}/freeze/${id}`, { reason }),

    getHold: (key: string, name: string) => send<Hold>('GET', `${environmentPath(key, name)}/hold`),
    releaseHold: (key: string, name: string, reason: string) =>
      send<Hold>('DELETE', `${environmentPath(key, name)}/hold`, { reason }),

    listApprovals: (id: string) => send<Listed<Approval>>('GET', `/deployments/${id}/approvals`),
    approveDeployment: (id: string, plan_digest: string, reason?: string) =>
      send<Deployment>('POST', `/deployments/${id}/approve`, { plan_digest, reason }),
    rejectDeployment: (id: string, plan_digest: string, reason?: string) =>
      send<Deployment>('POST', `/deployments/${id}/reject`, { plan_digest, reason }),
    overrideGates: (id: string, override: Override) =>
      send<Deployment>('POST', `/deployments/${id}/override`, override),
  }
}
