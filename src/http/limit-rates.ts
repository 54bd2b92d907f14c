import { hash } from 'node:crypto'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { DomainError } from '#domain/errors.ts'
import type { Surface } from '#surfaces/contract.ts'
import { limits } from './limits.ts'
import { pathOf } from './surface-voice.ts'

/** Requests a minute at a surface; 0 is no limit. */
export type RateOf = (surface: Surface) => number

const windowSeconds = 60

/**
 * Counts requests by the credential that they carry, or by address where they carry none, for each surface and in
 * this process alone. Every answer of a limited surface says what is left (draft-ietf-httpapi-ratelimit-headers).
 * Throws `rate_limited`.
 */
export async function limitRates(
  server: FastifyInstance,
  surfaces: readonly Surface[],
  rateOf: RateOf,
): Promise<void> {
  server.decorateRequest('rate')
  await server.register(rateLimit, { global: false, cache: limits.countedCallers })
  const limited = surfaces.map((surface) => {
    const max = rateOf(surface)
    const keyGenerator = (request: FastifyRequest) => callerKey(surface, request)
    return {
      surface,
      max,
      count:
        max > 0 ? server.createRateLimit({ max, timeWindow: windowSeconds * 1000, keyGenerator }) : undefined,
    }
  })
  server.addHook('onRequest', async (request, reply) => {
    const path = pathOf(request.raw.url ?? '/')
    const { max = 0, count } = limited.find(({ surface }) => surface.claims(path)) ?? {}
    if (!count || request.routeOptions.config.unlimited) return
    const counted = await count(request)
    if (counted.isAllowed) return
    const { remaining, ttlInSeconds, isExceeded } = counted
    request.rate = { limit: max, remaining, reset_seconds: ttlInSeconds }
    void reply.headers({
      'ratelimit-policy': `"default";q=${max};w=${windowSeconds}`,
      ratelimit: `"default";r=${remaining};t=${ttlInSeconds}`,
    })
    if (!isExceeded) return
    void reply.header('retry-after', ttlInSeconds)
    const details = { retry_after_seconds: ttlInSeconds, limit: max, window_seconds: windowSeconds }
    throw new DomainError('rate_limited', details)
  })
}

/** Never the credential itself. It is not checked yet: a wrong one spends its own allowance. */
function callerKey(surface: Surface, request: FastifyRequest): string {
  const credential = surface.credential?.(request) ?? request.headers.authorization
  return credential ? hash('sha256', credential, 'base64url') : request.ip
}
