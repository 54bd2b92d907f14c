import { Deployment } from '#api/deployment.ts'
import { Approval, ApprovalRequest, Override, RejectionRequest } from '#api/gates.ts'
import { List, ref } from '#api/schema.ts'
import { approveDeployment } from '#app/approvals/approve-deployment.ts'
import { listApprovals } from '#app/approvals/list-approvals.ts'
import { rejectDeployment } from '#app/approvals/reject-deployment.ts'
import { overrideGates } from '#app/overrides/override-gates.ts'
import { callerOf } from '../caller.ts'
import { boundVersion } from '../entity-tag.ts'
import { idIn } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewDeployment } from '../views/deployment.ts'
import { viewApproval } from '../views/gates.ts'
import { ById } from './params.ts'

const tags = ['gates']
const one = `${root}/deployments/:id`
const versioned = { config: { versioned: true } }

export function approvalRoutes(server: NativeServer): void {
  server.get(
    `${one}/approvals`,
    {
      schema: {
        tags,
        summary: 'Who said what of its plans, oldest first',
        params: ById,
        response: { 200: List(Approval) },
      },
    },
    async (request) => {
      const deployment_id = idIn('deployment', request.params.id)
      const voices = await listApprovals(callerOf(request), { deployment_id })
      return { items: voices.map(viewApproval), next: null }
    },
  )

  server.post(
    `${one}/approve`,
    {
      ...versioned,
      schema: {
        tags,
        summary: 'Agree to its plan, by the plan’s digest; all gates are looked at again',
        params: ById,
        body: ApprovalRequest,
        response: { 200: ref(Deployment) },
      },
    },
    async (request) => {
      const deployment_id = idIn('deployment', request.params.id)
      const answer = { deployment_id, ...request.body, version: boundVersion(request) }
      return viewDeployment(await approveDeployment(callerOf(request), answer))
    },
  )

  server.post(
    `${one}/reject`,
    {
      ...versioned,
      schema: {
        tags,
        summary: 'Say no to its plan; one voice is enough',
        params: ById,
        body: RejectionRequest,
        response: { 200: ref(Deployment) },
      },
    },
    async (request) => {
      const deployment_id = idIn('deployment', request.params.id)
      const answer = { deployment_id, ...request.body, version: boundVersion(request) }
      return viewDeployment(await rejectDeployment(callerOf(request), answer))
    },
  )

  server.post(
    `${one}/override`,
    {
      ...versioned,
      schema: {
        tags,
        summary: 'Let it pass gates that are shut, with a reason',
        params: ById,
        body: Override,
        response: { 200: ref(Deployment) },
      },
    },
    async (request) => {
      const deployment_id = idIn('deployment', request.params.id)
      const wish = { deployment_id, ...request.body, version: boundVersion(request) }
      return viewDeployment(await overrideGates(callerOf(request), wish))
    },
  )
}
