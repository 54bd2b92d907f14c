import { Plan } from '#api/deployment.ts'
import { ref } from '#api/schema.ts'
import { getPlan, getPlanById } from '#app/deployments/get-plan.ts'
import { DomainError } from '#domain/errors.ts'
import { callerOf } from '../caller.ts'
import { idIn } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewPlan } from '../views/plan.ts'
import { ById } from './params.ts'

export function planRoutes(server: NativeServer): void {
  const tags = ['deployments']

  server.get(
    `${root}/deployments/:id/plan`,
    {
      schema: {
        tags,
        summary: 'What it would change, or changed',
        params: ById,
        response: { 200: ref(Plan) },
      },
    },
    async (request) => {
      const deployment_id = idIn('deployment', request.params.id)
      const plan = await getPlan(callerOf(request), { deployment_id })
      if (!plan) throw new DomainError('not_found', { what: 'plan', id: 'of this deployment yet' })
      return viewPlan(plan)
    },
  )

  server.get(
    `${root}/plans/:id`,
    { schema: { tags, summary: 'A stored plan', params: ById, response: { 200: ref(Plan) } } },
    async (request) =>
      viewPlan(await getPlanById(callerOf(request), { plan_id: idIn('plan', request.params.id) })),
  )
}
