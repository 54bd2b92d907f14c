import type { FastifyRequest } from 'fastify'
import { readBasic } from '#app/identity/principal-by-basic.ts'
import { enterState } from '#app/state/enter-state.ts'
import type { StateCaller } from '#app/state/state-caller.ts'
import { DomainError } from '#domain/errors.ts'
import type { House } from '#surfaces/contract.ts'

/** As a path names it. */
export interface Place {
  /** The key of a project. */
  project: string
  environment: string
}

const callers = new WeakMap<FastifyRequest, StateCaller>()

/**
 * Who asks, and for which state: Terraform knows Basic credentials only. Asked once for each request. Throws
 * `unauthenticated`, `throttled`, `not_found`.
 */
export async function admit(house: House, request: FastifyRequest): Promise<StateCaller> {
  const known = callers.get(request)
  if (known) return known
  const { authorization } = request.headers
  if (authorization === undefined) throw new DomainError('unauthenticated', { credential: 'none' })
  const basic = readBasic(authorization)
  if (!basic) throw new DomainError('unauthenticated', { credential: 'password' })
  const { project, environment } = request.params as Place
  const caller = await enterState(house, basic, { project_key: project, environment_name: environment })
  callers.set(request, caller)
  return caller
}
