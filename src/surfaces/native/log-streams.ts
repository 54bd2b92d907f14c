import { PassThrough } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { House } from '#app/context.ts'
import { authorizeLog, readLog } from '#app/logs/read-log.ts'
import { DomainError, isDomainError } from '#domain/errors.ts'
import type { LogWakes } from '#surfaces/contract.ts'
import { callerOf, identifyAgain } from './caller.ts'
import { viewLogLine } from './views/run.ts'

export type Subject = Parameters<typeof authorizeLog>[1]

/** Times in milliseconds. */
const logStreamLimits = {
  perCaller: 50,
  total: 500,
  heartbeatMs: 15_000,
  recheckMs: 60_000,
  lookMs: 2000,
  lines: 500,
  /** How long a client may leave what it was sent unread before it is dropped. It can go on where it was. */
  stuckMs: 30_000,
}

export interface LogStreams {
  /** A stream of server-sent events: a line each, then `end`. Throws `not_found`, `limit_reached`. */
  open(request: FastifyRequest, subject: Subject, after: number): Promise<PassThrough>
  close(): void
}

/** The logs that are being followed here. */
export function createLogStreams(wakes: LogWakes, house: House, limits = logStreamLimits): LogStreams {
  /** With whose they are. */
  const streams = new Map<PassThrough, string>()
  return {
    async open(request, subject, after) {
      const ctx = callerOf(request)
      await authorizeLog(ctx, subject)
      const caller = ctx.principal?.token_id ?? ctx.principal?.user_id ?? 'nobody'
      const own = streams.values().filter((one) => one === caller)
      if ([...own].length >= limits.perCaller)
        throw tooMany('logs may be followed with one credential', limits.perCaller)
      if (streams.size >= limits.total) throw tooMany('logs may be followed here', limits.total)
      const body = new PassThrough()
      streams.set(body, caller)
      body.once('close', () => streams.delete(body))
      follow({ wakes, house, request, subject, limits, body }, after).catch((error: unknown) => {
        if (!isDomainError(error, 'not_found') && !isDomainError(error, 'unauthenticated'))
          request.log.warn({ err: error }, 'a log could not be followed to its end')
        if (!body.writableEnded) body.end(': go on with Last-Event-ID\n\n')
      })
      return body
    },
    close() {
      for (const body of streams.keys())
        if (!body.writableEnded) body.end(': Headgate stops here; connect again\n\n')
    },
  }
}

const tooMany = (limit: string, most: number) => new DomainError('limit_reached', { limit, most })

interface Following {
  wakes: LogWakes
  house: House
  request: FastifyRequest
  subject: Subject
  limits: typeof logStreamLimits
  body: PassThrough
}

async function follow(following: Following, after: number): Promise<void> {
  const { wakes, house, request, subject, limits, body } = following
  let ctx = callerOf(request)
  let position = after
  let [beat, checked] = [performance.now(), performance.now()]
  const bell = openBell(body)
  const unwatch = wakes.watch(subject.run_id ?? subject.deployment_id!, bell.ring)
  body.once('close', unwatch)
  body.write('retry: 2000\n\n')
  while (!body.destroyed && !body.writableEnded) {
    const { lines, final } = await readLog(ctx, { ...subject, after: position, limit: limits.lines })
    const text = lines.map((line) => `id: ${line.position}\ndata: ${JSON.stringify(viewLogLine(line))}\n\n`)
    position = lines.at(-1)?.position ?? position
    if (text.length > 0 && !body.write(text.join('')) && !(await bell.drained(limits.stuckMs)))
      return void body.destroy()
    if (lines.length > 0) continue
    if (final) return void body.end('event: end\ndata: {}\n\n')
    if (performance.now() - beat > limits.heartbeatMs) {
      body.write(': still here\n\n')
      beat = performance.now()
    }
    if (performance.now() - checked > limits.recheckMs) {
      ctx = await identifyAgain(house, request)
      checked = performance.now()
    }
    await bell.wait(limits.lookMs)
  }
}

/** Wakes one who waits for news, for room, or for a while. A ring while nobody waits is not forgotten. */
function openBell(body: PassThrough) {
  let rung = false
  let wake = () => {}
  const ring = () => {
    rung = true
    wake()
  }
  body.once('close', ring)
  return {
    ring,
    async wait(ms: number): Promise<void> {
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        const timer = setTimeout(resolve, ms)
        await promise
        clearTimeout(timer)
      }
      rung = false
    },
    /** False: it was not within that time, or never will be. */
    drained: (ms: number) =>
      new Promise<boolean>((resolve) => {
        if (body.destroyed) return resolve(false)
        const timer = setTimeout(() => resolve(false), ms)
        const settle = (is: boolean) => () => {
          clearTimeout(timer)
          resolve(is)
        }
        body.once('drain', settle(true))
        body.once('close', settle(false))
      }),
  }
}
