import { Type } from 'typebox'
import { Why } from '#api/gates.ts'
import { Exactly, ref, Time } from '#api/schema.ts'
import { explainGates } from '#app/deployments/explain-gates.ts'
import { callerOf } from '../caller.ts'
import { environmentAt, idField, timeField } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { ByKeyAndName } from './params.ts'

const WhyQuery = Exactly({
  release: Type.Optional(
    Type.String({ maxLength: 100, description: 'The release that is thought of, as it is now' }),
  ),
  deployment: Type.Optional(
    Type.String({ maxLength: 100, description: 'Or a deployment of this environment that waits' }),
  ),
  at: Type.Optional(Type.Unsafe<string>({ ...Time, description: 'As of this moment; now when left out' })),
})

export function whyRoutes(server: NativeServer): void {
  server.get(
    `${root}/projects/:key/environments/:name/why`,
    {
      schema: {
        tags: ['gates'],
        summary: 'Every gate: why it is shut, who can open it, when it opens, and the place in the queue',
        params: ByKeyAndName,
        querystring: WhyQuery,
        response: { 200: ref(Why) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id, project_id } = await environmentAt(ctx, request.params)
      const { release, deployment, at } = request.query
      const answer = await explainGates(ctx, {
        ...{ project_id, environment_id },
        release_id: release && idField('release', 'query.release', release),
        deployment_id: deployment && idField('deployment', 'query.deployment', deployment),
        at: at === undefined ? undefined : timeField('query.at', at),
      })
      return { ...answer, at: answer.at.toISOString(), open: answer.blockers.length === 0 }
    },
  )
}
