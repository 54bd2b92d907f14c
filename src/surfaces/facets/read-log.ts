import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { readLog } from '#app/logs/read-log.ts'
import { DomainError, invalidField, isDomainError } from '#domain/errors.ts'
import { text } from './read-query.ts'
import type { Call } from './route.ts'

const limits = { lines: 500, streams: 200, lookMs: 500 }

/**
 * The lines after `nextToken`. It is answered also where there are no more: who asks on with it gets what is said later.
 * Throws `invalid`.
 */
export async function readLogPage({ ctx, query }: Call, deployment_id: string) {
  const token = text(query, 'nextToken', 20) ?? '0'
  if (!/^[0-9]{1,15}$/.test(token))
    throw invalidField('nextToken', 'invalid', 'is none that was answered here')
  const { lines } = await readLog(ctx, { deployment_id, after: Number(token), limit: limits.lines })
  return {
    nextToken: String(lines.at(-1)?.position ?? token),
    logEventList: lines.map(({ at, text: message }) => ({ timestamp: at.getTime(), message })),
  }
}

let streams = 0

/** All lines from the first on, as they come, until it is over. Throws `limit_reached`. */
export async function streamLog({ ctx, reply }: Call, deployment_id: string): Promise<unknown> {
  if (streams >= limits.streams)
    throw new DomainError('limit_reached', { limit: 'logs that are followed here', most: limits.streams })
  // So that what cannot be read is an error, and not an empty log.
  const first = await readLog(ctx, { deployment_id, after: 0, limit: limits.lines })
  const body = Readable.from(follow(ctx, deployment_id, first))
  streams += 1
  body.once('close', () => (streams -= 1))
  reply.raw.once('close', () => body.destroy())
  return reply.type('text/plain; charset=utf-8').header('x-accel-buffering', 'no').send(body)
}

type Page = Awaited<ReturnType<typeof readLog>>

async function* follow(ctx: Call['ctx'], deployment_id: string, first: Page): AsyncGenerator<string> {
  let page = first
  let after = 0
  for (;;) {
    for (const { position, text: line } of page.lines) {
      yield `${line}\n`
      after = position
    }
    if (page.lines.length === 0) {
      if (page.final) return
      await wait(limits.lookMs)
    }
    try {
      page = await readLog(ctx, { deployment_id, after, limit: limits.lines })
    } catch (error) {
      if (isDomainError(error, 'not_found')) return
      throw error
    }
  }
}
