import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { claimKey } from '#app/idempotency/claim-key.ts'
import type { KeptAnswer } from '#app/idempotency/kept-answer.ts'
import { settleKey } from '#app/idempotency/settle-key.ts'
import type { Context } from '#app/context.ts'
import { invalidField } from '#domain/errors.ts'
import { actAs, callerOf } from './caller.ts'

const safe = ['GET', 'HEAD', 'OPTIONS']

/** Headers that belong to an answer and not to the request that it was first given to. */
const kept = ['content-type', 'location', 'etag', 'retry-after'] as const

/**
 * Idempotency-Key (draft-ietf-httpapi-idempotency-key-header) on every change by somebody who is known. The key is
 * taken once the request has been found well-formed: one that was not has done nothing, and its key is still free.
 */
export function honourKeys(server: FastifyInstance): void {
  const working = new WeakMap<FastifyRequest, Context & Required<Pick<Context, 'claim'>>>()

  const take = async (request: FastifyRequest, reply: FastifyReply) => {
    const key = keyOf(request)
    if (key === undefined) return
    const ctx = callerOf(request)
    const { method, url, body, headers } = request
    const asked = { body: body ?? null, if_match: headers['if-match'] ?? null }
    const taken = await claimKey(ctx, { key, method, path: url, asked })
    if ('answer' in taken) return replay(reply, taken.answer)
    const carrying = { ...ctx, claim: taken.claim }
    working.set(request, carrying)
    actAs(request, carrying)
  }

  const settle = async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const ctx = working.get(request)
    // What flows out cannot be kept: what was done is marked, and its answer is told as lost to a retry.
    if (!ctx || (typeof payload === 'object' && payload !== null)) return
    working.delete(request)
    const body = typeof payload === 'string' ? payload : null
    const answer = { status: reply.statusCode, headers: headersOf(reply), body }
    // The same goes for what could not be kept.
    await settleKey(ctx, ctx.claim, answer).catch(() => undefined)
  }

  // On those routes only: no read has to pass by here.
  server.addHook('onRoute', (route: RouteOptions) => {
    const { public: open } = (route.config ?? {}) as { public?: boolean }
    if (open || [route.method].flat().every((method) => safe.includes(method))) return
    route.preHandler = [route.preHandler ?? [], take].flat()
    route.onSend = [route.onSend ?? [], settle].flat()
  })
}

function headersOf(reply: FastifyReply): Record<string, string> {
  const sent = kept.flatMap((name) => {
    const value = reply.getHeader(name)
    return value === undefined ? [] : [[name, String(value)] as const]
  })
  return Object.fromEntries(sent)
}

/** The key of a request that may change something, without its quotes. Throws `invalid`. */
function keyOf(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key']
  if (header === undefined) return undefined
  const [, quoted, bare] =
    /^(?:"([\x20-\x21\x23-\x5b\x5d-\x7e]{1,255})"|([!#-+\x2d-\x5b\x5d-\x7e]{1,255}))$/.exec(
      String(header).trim(),
    ) ?? []
  const key = quoted ?? bare
  if (key === undefined)
    throw invalidField(
      'headers.idempotency-key',
      'invalid',
      'is not one key of 1 to 255 visible ASCII characters',
    )
  return key
}

function replay(reply: FastifyReply, { status, headers, body }: KeptAnswer): FastifyReply {
  return reply
    .code(status)
    .headers({ ...headers, 'idempotency-replayed': 'true' })
    .serializer(String)
    .send(body ?? undefined)
}
