import { Plan } from '#api/plan.ts'
import { PlanEffect } from '#api/plan-effect.ts'
import { Page, PageQuery, ref } from '#api/schema.ts'
import { getPlan, getPlanById } from '#app/deployments/get-plan.ts'
import { listPlanEffects } from '#app/deployments/list-plan-effects.ts'
import { DomainError } from '#domain/errors.ts'
import { callerOf } from '../caller.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterNumber, idIn } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewPlan, viewPlanEffect } from '../views/plan.ts'
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

  server.get(
    `${root}/plans/:id/effects`,
    {
      schema: {
        ...{ tags, summary: 'What a plan does inside its items, in its order' },
        ...{ params: ById, querystring: PageQuery, response: { 200: Page(PlanEffect) } },
      },
    },
    async (request) => {
      const { limit } = request.query
      const plan_id = idIn('plan', request.params.id)
      const after = afterNumber(request.query.after)
      const page = { plan_id, limit: oneMore(limit), after }
      const rows = await listPlanEffects(callerOf(request), page)
      return pageOf(rows, limit, viewPlanEffect, ({ position }) => String(position))
    },
  )
}
