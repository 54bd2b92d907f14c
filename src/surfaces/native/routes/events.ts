import { Type, type Static } from 'typebox'
import { ChainVerdict, Event } from '#api/event.ts'
import { Exactly, Page, SearchQuery, ref } from '#api/schema.ts'
import { authorize } from '#app/authorize.ts'
import { listEvents } from '#app/events/list-events.ts'
import { callerOf } from '../caller.ts'
import type { EventStreams } from '../event-streams.ts'
import { oneMore, pageOf } from '../page.ts'
import { eventFilters, filterIn } from '../event-filter.ts'
import { afterNumber } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { openStream, wantsStream } from './event-stream.ts'
import { viewEvent } from '../views/event.ts'

const EventPage = Page(Event)
const EventSearch = SearchQuery(eventFilters)

const VerifyQuery = Exactly({
  from: Type.Optional(
    Type.String({
      pattern: '^([0-9]{1,15}|last)$',
      description: 'Believe this position, and recompute what follows; `last`: where it was found whole last',
    }),
  ),
})

/** What main.ts hands in from the post room. */
export type VerifyChain = (from?: number | 'last') => Promise<ChainVerdict>

export function eventRoutes(server: NativeServer, verifyChain: VerifyChain, streams: EventStreams): void {
  const tags = ['events']

  server.get(
    `${root}/events`,
    {
      schema: {
        tags,
        summary: 'What happened, newest first; accepting text/event-stream, what happens, as it happens',
        querystring: EventSearch,
        response: { 200: EventPage },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { limit, after, ...asked } = request.query
      if (wantsStream(request)) {
        // A stream is sent as it is, whatever the schema says of the list.
        const body: unknown = await openStream(streams, request, reply, { asked, after })
        return body as Static<typeof EventPage>
      }
      const filter = await filterIn(ctx, asked)
      const rows = await listEvents(ctx, { ...filter, limit: oneMore(limit), before: afterNumber(after) })
      return pageOf(rows, limit, viewEvent, (row) => String(row.ordinal))
    },
  )

  server.get(
    `${root}/audit/verify`,
    {
      schema: {
        tags,
        summary: 'Recompute the hash chain of all events that are kept',
        querystring: VerifyQuery,
        response: { 200: ref(ChainVerdict) },
      },
    },
    async (request) => {
      authorize(callerOf(request), 'event.read')
      const { from } = request.query
      return verifyChain(from === undefined || from === 'last' ? from : Number(from))
    },
  )
}
