import { Hold, LiftRequest } from '#api/gates.ts'
import { ref } from '#api/schema.ts'
import { getHold } from '#app/holds/get-hold.ts'
import { releaseHold } from '#app/holds/release-hold.ts'
import { DomainError } from '#domain/errors.ts'
import { callerOf } from '../caller.ts'
import { environmentAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewHold } from '../views/gates.ts'
import { ByKeyAndName } from './params.ts'

const tags = ['gates']
const one = `${root}/projects/:key/environments/:name/hold`

export function holdRoutes(server: NativeServer): void {
  server.get(
    one,
    {
      schema: {
        tags,
        summary: 'The hold that a rollback left here; 404 where nothing holds it',
        params: ByKeyAndName,
        response: { 200: ref(Hold) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id, project_id } = await environmentAt(ctx, request.params)
      const hold = await getHold(ctx, { project_id, environment_id })
      if (!hold) throw new DomainError('not_found', { what: 'hold', id: 'on this environment' })
      return viewHold(hold)
    },
  )

  server.delete(
    one,
    {
      schema: {
        tags,
        summary: 'Release the hold: automation, and what was rolled back from, may come in again',
        params: ByKeyAndName,
        body: LiftRequest,
        response: { 200: ref(Hold) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id, project_id } = await environmentAt(ctx, request.params)
      return viewHold(await releaseHold(ctx, { project_id, environment_id, reason: request.body.reason }))
    },
  )
}
