import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from '#api/problem.ts'
import { DomainError } from '#domain/errors.ts'
import { problemOf } from './errors.ts'

/** Answers any error as a problem of RFC 9457. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  answerProblem(problemOf(error instanceof DomainError ? error : undefined, request.id), reply)
}

export function answerUnmatched(request: FastifyRequest, reply: FastifyReply): void {
  const detail = 'Nothing is served at this path with this method. See /headgate/v1/openapi.json.'
  const problem = { type: 'urn:headgate:problem:not_found', title: 'Not found', status: 404, detail }
  answerProblem({ ...problem, code: 'not_found', request_id: request.id }, reply)
}

function answerProblem(problem: Problem, reply: FastifyReply): void {
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer')
  if (problem.retry_after_seconds !== undefined) void reply.header('retry-after', problem.retry_after_seconds)
  // Serialised here: the schemas of a route's answers do not reach where no route was found.
  void reply
    .code(problem.status)
    .type('application/problem+json')
    .serializer(String)
    .send(JSON.stringify(problem))
}
