import { PassThrough } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { Context, House } from '#app/context.ts'
import { wantedEvents, type EventFilter } from '#app/events/list-events.ts'
import { memoryOf } from '#app/memory.ts'
import { DomainError, isDomainError } from '#domain/errors.ts'
import type { EventFeed, FeedPage } from '#surfaces/contract.ts'
import { identifyAgain, callerOf } from './caller.ts'
import { viewEvent } from './views/event.ts'

/** Times in milliseconds, sizes in bytes. */
const usualLimits = {
  perCaller: 20,
  total: 1000,
  heartbeatMs: 15_000,
  recheckMs: 60_000,
  /** How long a client may leave what it was sent unread before it is dropped. It can go on where it was. */
  stuckMs: 30_000,
  buffer: 64 * 1024,
  retryMs: 2000,
}

export type StreamLimits = typeof usualLimits

interface Open {
  caller: string
  recheck(): Promise<void>
  beat(): void
  end(comment: string): void
}

export interface EventStreams {
  /** A stream of server-sent events. Throws `forbidden`, `limit_reached`. */
  open(request: FastifyRequest, filter: EventFilter, after: number | undefined): Promise<PassThrough>
  close(): void
}

/** The open streams of this process. Whoever may no longer see what they follow is cut off at once. */
export function createEventStreams(
  feed: EventFeed,
  house: House,
  asked: Partial<StreamLimits> = {},
): EventStreams {
  const limits = { ...usualLimits, ...asked }
  const streams = new Set<Open>()
  const recheck = () => void Promise.all([...streams].map((stream) => stream.recheck()))
  let rechecking: NodeJS.Timeout | undefined
  // After this turn, when everything that was remembered is forgotten. A burst of changes is looked at once.
  const unwatch = memoryOf(house).watch(() => {
    rechecking ??= setTimeout(() => {
      rechecking = undefined
      recheck()
    }, 20)
  })
  const timers = [
    setInterval(() => streams.forEach((stream) => stream.beat()), limits.heartbeatMs),
    setInterval(recheck, limits.recheckMs),
  ]

  return {
    async open(request, filter, after) {
      const ctx = callerOf(request)
      wantedEvents(ctx, filter)
      const caller = ctx.principal?.token_id ?? ctx.principal?.user_id ?? 'nobody'
      const own = [...streams].filter((stream) => stream.caller === caller).length
      if (own >= limits.perCaller)
        throw tooMany('event streams may be open with one credential', limits.perCaller)
      if (streams.size >= limits.total) throw tooMany('event streams may be open here', limits.total)
      const { stream, body } = openStream({ feed, house, request, ctx, filter, after, limits, caller })
      streams.add(stream)
      body.once('close', () => streams.delete(stream))
      return body
    },
    close() {
      unwatch()
      clearTimeout(rechecking)
      timers.forEach(clearInterval)
      for (const stream of streams) stream.end('Headgate stops here; connect again')
    },
  }
}

const tooMany = (limit: string, most: number) => new DomainError('limit_reached', { limit, most })

interface Opening {
  feed: EventFeed
  house: House
  request: FastifyRequest
  ctx: Context
  filter: EventFilter
  after: number | undefined
  limits: StreamLimits
  caller: string
}

function openStream({ feed, house, request, filter, after, limits, ...given }: Opening) {
  const body = new PassThrough({ highWaterMark: limits.buffer })
  let { ctx } = given
  /** Unknown until it has begun: an id of nothing would send a client back to the beginning. */
  let position: number | undefined
  let stop = () => {}

  function end(comment: string): void {
    stop()
    if (body.writableEnded) return
    body.end(`: ${comment}\n\n`)
    // Who does not even read that is let go.
    setTimeout(() => body.destroy(), 5000).unref()
  }

  async function hear(page: FeedPage): Promise<void> {
    position = page.position
    const text = page.events.map(wire).join('')
    if (text === '' || body.writableEnded || body.write(text)) return
    if (!(await drained(body, limits.stuckMs)))
      end('dropped: what was sent is not being read; go on with Last-Event-ID')
  }

  const stream: Open = {
    caller: given.caller,
    beat() {
      if (position === undefined || body.writableNeedDrain || body.writableEnded) return
      body.write(`: still here\nid: ${position}\n\n`)
    },
    end,
    async recheck() {
      try {
        ctx = await identifyAgain(house, request)
        wantedEvents(ctx, filter)
      } catch (error) {
        // A store that cannot be reached says nothing about the credential.
        if (isDomainError(error, 'unauthenticated') || isDomainError(error, 'forbidden'))
          end('the credential no longer opens this')
      }
    },
  }

  body.once('close', () => stop())
  body.write(`retry: ${limits.retryMs}\n\n`)
  const following = {
    after,
    wanted: () => wantedEvents(ctx, filter),
    hear,
    lost: () => end('go on with Last-Event-ID'),
  }
  feed.follow(following).then(
    (begun) => {
      stop = begun.stop
      position = begun.position
      if (body.destroyed) stop()
      else body.write(`id: ${position}\n\n`)
    },
    () => end('go on with Last-Event-ID'),
  )
  return { stream, body }
}

/** False: it was not within that time, or never will be. */
function drained(body: PassThrough, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (is: boolean) => () => {
      clearTimeout(timer)
      body.off('drain', yes).off('close', no)
      resolve(is)
    }
    const [yes, no] = [settle(true), settle(false)]
    const timer = setTimeout(no, ms)
    body.once('drain', yes).once('close', no)
  })
}

/** Many streams send the same event: it is written once. */
const written = new WeakMap<object, string>()

function wire(event: FeedPage['events'][number]): string {
  const known = written.get(event)
  if (known !== undefined) return known
  const text = `id: ${event.position}\ndata: ${JSON.stringify(viewEvent(event))}\n\n`
  written.set(event, text)
  return text
}
