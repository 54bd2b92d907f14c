import type {
  Deployment,
  DeploymentItem,
  DeploymentRequest,
  RequestedDeployment,
  RetryRequest,
  Rollback,
  RollbackRequest,
} from '#api/deployment.ts'
import type { Why } from '#api/gates.ts'
import type { LiveItem } from '#api/live-item.ts'
import type { LogPage } from '#api/log.ts'
import type { Plan } from '#api/plan.ts'
import type { PlanEffect } from '#api/plan-effect.ts'
import type { ReaderChange } from '#api/release-contents.ts'
import { environmentPath, type Listed, type Paging, type Send } from './path.ts'

type LiveSearch = Paging & { kind?: string; uncertain?: boolean; q?: string }

/** Where and when: deployments, their plans, and what is live. */
export function deploymentCalls(send: Send) {
  return {
    deploy: (key: string, name: string, input: DeploymentRequest) =>
      send<RequestedDeployment>('POST', `${environmentPath(key, name)}/deployments`, input),
    rollBack: (key: string, name: string, input: RollbackRequest = {}) =>
      send<Rollback>('POST', `${environmentPath(key, name)}/rollback`, input),
    /** Of a release as it is now, or of a deployment that waits: `{ deployment }`. */
    why: (
      key: string,
      name: string,
      asked: string | { release?: string; deployment?: string; at?: string },
    ) =>
      send<Why>(
        'GET',
        `${environmentPath(key, name)}/why`,
        undefined,
        typeof asked === 'string' ? { release: asked } : asked,
      ),
    listLive: (key: string, name: string, page: LiveSearch = {}) =>
      send<Listed<LiveItem>>('GET', `${environmentPath(key, name)}/live`, undefined, page),

    getDeployment: (id: string) => send<Deployment>('GET', `/deployments/${id}`),
    getPlan: (id: string) => send<Plan>('GET', `/deployments/${id}/plan`),
    /** What readers would see of a plan, field by field; so for a deployment's. */
    listPlanContents: (id: string, page: Paging = {}) =>
      send<Listed<ReaderChange>>('GET', `/plans/${id}/contents`, undefined, page),
    listDeploymentContents: (id: string, page: Paging = {}) =>
      send<Listed<ReaderChange>>('GET', `/deployments/${id}/contents`, undefined, page),
    /** What a plan does inside its items. */
    listPlanEffects: (id: string, page: Paging = {}) =>
      send<Listed<PlanEffect>>('GET', `/plans/${id}/effects`, undefined, page),
    getPlanById: (id: string) => send<Plan>('GET', `/plans/${id}`),
    listDeploymentItems: (id: string, page: Paging = {}) =>
      send<Listed<DeploymentItem>>('GET', `/deployments/${id}/items`, undefined, page),
    getDeploymentLog: (id: string, page: Paging = {}) =>
      send<LogPage>('GET', `/deployments/${id}/log`, undefined, page),
    cancelDeployment: (id: string, reason?: string) =>
      send<Deployment>('POST', `/deployments/${id}/cancel`, { reason }),
    retryDeployment: (id: string, input: RetryRequest = {}) =>
      send<Deployment>('POST', `/deployments/${id}/retry`, input),
  }
}
