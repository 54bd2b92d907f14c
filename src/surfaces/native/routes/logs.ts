import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { LogPage, LogQuery } from '#api/log.ts'
import { ref } from '#api/schema.ts'
import { readLog } from '#app/logs/read-log.ts'
import { callerOf } from '../caller.ts'
import type { LogStreams, Subject } from '../log-streams.ts'
import { oneMore } from '../page.ts'
import { afterNumber, idIn } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewLogLine } from '../views/run.ts'
import { ById } from './params.ts'
import { wantsStream } from './event-stream.ts'

const description =
  'Pages of lines, oldest first. With `Accept: text/event-stream` it is followed as server-sent events: `id` is the ' +
  'position, `data` a LogLine, and `end` the last event; Last-Event-ID goes on after a line.'

export function logRoutes(server: NativeServer, streams: LogStreams): void {
  const answers = { 200: Type.Unsafe<LogPage | Readable>(ref(LogPage)) }
  server.get(
    `${root}/deployments/:id/log`,
    {
      exposeHeadRoute: false,
      schema: {
        ...{ tags: ['deployments'], summary: 'What was said while it ran', description },
        ...{ params: ById, querystring: LogQuery, response: answers },
      },
    },
    (request, reply) =>
      answerLog(
        streams,
        request,
        reply,
        { deployment_id: idIn('deployment', request.params.id) },
        request.query,
      ),
  )
  server.get(
    `${root}/runs/:id/log`,
    {
      exposeHeadRoute: false,
      schema: {
        ...{ tags: ['runs'], summary: 'What was said while it ran', description },
        ...{ params: ById, querystring: LogQuery, response: answers },
      },
    },
    (request, reply) =>
      answerLog(streams, request, reply, { run_id: idIn('run', request.params.id) }, request.query),
  )
}

async function answerLog(
  streams: LogStreams,
  request: FastifyRequest,
  reply: Pick<FastifyReply, 'header' | 'serializer'>,
  subject: Subject,
  { limit, after: said }: { limit: number; after?: string },
): Promise<LogPage | Readable> {
  const last = request.headers['last-event-id']
  if (wantsStream(request)) {
    const after = afterNumber((typeof last === 'string' && last.trim()) || said) ?? 0
    const body = await streams.open(request, subject, after)
    void reply.header('content-type', 'text/event-stream; charset=utf-8')
    void reply.header('cache-control', 'no-store')
    void reply.header('x-accel-buffering', 'no')
    return body
  }
  const after = afterNumber(said) ?? 0
  const { lines, final } = await readLog(callerOf(request), { ...subject, after, limit: oneMore(limit) })
  const items = lines.slice(0, limit).map(viewLogLine)
  return { items, next: lines.length > limit ? String(items.at(-1)!.position) : null, final }
}
