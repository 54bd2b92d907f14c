import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
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

  server.addHook('preHandler', async (request, reply) => {
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
  })

  server.addHook('onSend', async (request, reply, payload) => {
    const ctx = working.get(request)
    if (!ctx) return
    working.delete(request)
    const body = typeof payload === 'string' ? payload : null
    const headers = Object.fromEntries(
      kept.flatMap((name) => {
        const value = reply.getHeader(name)
        return value === undefined ? [] : [[name, String(value)]]
      }),
    )
    // What was done is marked with it already. An answer that could not be kept is told as lost to a retry.
    await settleKey(ctx, ctx.claim, { status: reply.statusCode, headers, body }).catch(() => undefined)
  })
}

/** The key of a request that may change something, without its quotes. Throws `invalid`. */
function keyOf(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key']
  const { public: open } = request.routeOptions.config as { public?: boolean }
  if (header === undefined || open || safe.includes(request.method)) return undefined
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
