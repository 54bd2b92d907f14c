import { Type } from 'typebox'
import { ChainVerdict, Event } from '#api/event.ts'
import { OneOf, Page, SearchQuery, ref } from '#api/schema.ts'
import { authorize } from '#app/authorize.ts'
import { listEvents } from '#app/events/list-events.ts'
import { eventKinds } from '#domain/events.ts'
import { callerOf } from '../caller.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterNumber, projectAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewEvent } from '../views/event.ts'

const EventSearch = SearchQuery({
  project: Type.Optional(Type.String({ maxLength: 128, description: 'Only of this project' })),
  kind: Type.Optional(OneOf(eventKinds)),
})

/** What main.ts hands in from the post room. */
export type VerifyChain = () => Promise<ChainVerdict>

export function eventRoutes(server: NativeServer, verifyChain: VerifyChain): void {
  const tags = ['events']

  server.get(
    `${root}/events`,
    {
      schema: {
        tags,
        summary: 'What happened, newest first',
        querystring: EventSearch,
        response: { 200: Page(Event) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { limit, after, project, kind } = request.query
      const project_id = project === undefined ? undefined : (await projectAt(ctx, { key: project })).id
      const rows = await listEvents(ctx, {
        project_id,
        kind,
        limit: oneMore(limit),
        before: afterNumber(after),
      })
      return pageOf(rows, limit, viewEvent, (row) => String(row.ordinal))
    },
  )

  server.get(
    `${root}/audit/verify`,
    {
      schema: {
        tags,
        summary: 'Recompute the hash chain of all events',
        response: { 200: ref(ChainVerdict) },
      },
    },
    async (request) => {
      authorize(callerOf(request), 'event.read')
      return verifyChain()
    },
  )
}
