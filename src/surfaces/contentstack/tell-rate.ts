import type { FastifyReply } from 'fastify'
import { limits } from './limits.ts'

/** What is left to the caller, as the vendor's clients read it (section 1.6): on every answer, refusals included. */
export function tellRate(reply: FastifyReply): void {
  const { limit, remaining } = reply.request.rate ?? { limit: limits.rate, remaining: limits.rate }
  void reply.headers({ 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining })
}
