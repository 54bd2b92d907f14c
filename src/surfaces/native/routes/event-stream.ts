import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Exactly } from '#api/schema.ts'
import { callerOf } from '../caller.ts'
import { eventFilters, filterIn } from '../event-filter.ts'
import type { EventStreams } from '../event-streams.ts'
import { afterNumber } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'

const StreamQuery = Exactly({
  ...eventFilters,
  after: Type.Optional(
    Type.String({
      maxLength: 20,
      description:
        'The `id` of the last event that was seen; 0 for all. Last-Event-ID says the same, and wins',
    }),
  ),
})

export function eventStreamRoutes(server: NativeServer, streams: EventStreams): void {
  server.get(
    `${root}/events/stream`,
    {
      // Asked for its head only, it would never end.
      exposeHeadRoute: false,
      schema: {
        tags: ['events'],
        summary: 'What happens, as it happens',
        description:
          'Server-sent events in the order of the chain: `id` is the place in it, `data` an Event. Reconnect with ' +
          'Last-Event-ID (an EventSource does) and get what came after, each once. Without it the stream begins now.',
        produces: ['text/event-stream'],
        querystring: StreamQuery,
        response: { 200: Type.Unsafe<Readable>({ type: 'string', description: 'text/event-stream' }) },
      },
    },
    async (request, reply) => {
      const { after, ...asked } = request.query
      return openStream(streams, request, reply, { asked, after })
    },
  )
}

/** Whether a list of events is wanted as a stream. */
export function wantsStream({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && headers.accept?.includes('text/event-stream') === true
}

/** Sets the headers; the answer is what to send. */
export async function openStream(
  streams: EventStreams,
  request: FastifyRequest,
  reply: Pick<FastifyReply, 'header'>,
  { asked, after }: { asked: Parameters<typeof filterIn>[1]; after: string | undefined },
): Promise<Readable> {
  const last = request.headers['last-event-id']
  const filter = await filterIn(callerOf(request), asked)
  const begin = afterNumber((typeof last === 'string' && last.trim()) || after)
  const body = await streams.open(request, filter, begin)
  void reply.header('content-type', 'text/event-stream; charset=utf-8')
  void reply.header('cache-control', 'no-store')
  void reply.header('x-accel-buffering', 'no')
  // The connection carries nothing after it: when the server stops, it ends with the stream.
  void reply.header('connection', 'close')
  return body
}
