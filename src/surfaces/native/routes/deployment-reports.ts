import { Deployment, DeploymentReport } from '#api/deployment.ts'
import { ref } from '#api/schema.ts'
import { reportDeployment } from '#app/deployments/report-deployment.ts'
import { callerOf } from '../caller.ts'
import { idIn } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewDeployment } from '../views/deployment.ts'
import { ById } from './params.ts'

export function deploymentReportRoutes(server: NativeServer): void {
  server.post(
    `${root}/deployments/:id/report`,
    {
      schema: {
        tags: ['deployments'],
        summary: 'Say how it stands, where Headgate does not deploy it itself',
        params: ById,
        body: DeploymentReport,
        response: { 200: ref(Deployment) },
      },
    },
    async (request) => {
      const deployment_id = idIn('deployment', request.params.id)
      const { status, reason } = request.body
      return viewDeployment(
        await reportDeployment(callerOf(request), {
          deployment_id,
          status,
          ...(reason && { detail: reason }),
        }),
      )
    },
  )
}
