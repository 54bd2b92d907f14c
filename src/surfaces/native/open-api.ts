import swagger from '@fastify/swagger'
import type { FastifyInstance, RouteOptions } from 'fastify'
import type { TSchema } from 'typebox'
import { AppliedConfiguration } from '#api/configuration.ts'
import { Change, Deployment, DeploymentItem, Plan, Why } from '#api/deployment.ts'
import { Environment } from '#api/environment.ts'
import { ChainVerdict, Event } from '#api/event.ts'
import { Token, User } from '#api/identity.ts'
import { LiveItem } from '#api/live-item.ts'
import { Blocker, Conflict, Problem } from '#api/problem.ts'
import { Project } from '#api/project.ts'
import { Release, ReleaseItem, Revision } from '#api/release.ts'

/** What schemas of routes refer to by name. Before what refers to it. */
const named: readonly TSchema[] = [
  ...[Blocker, Conflict, Problem, Project, Environment, Release, ReleaseItem, Revision, Change, Plan],
  ...[Deployment, DeploymentItem, Why, LiveItem, User, Token, Event, ChainVerdict, AppliedConfiguration],
]

/**
 * Describes every route that is registered after this on the same server, as OpenAPI 3.1, with the errors that any
 * of them can answer.
 */
export async function describe(server: FastifyInstance): Promise<void> {
  for (const schema of named) server.addSchema(schema)
  server.addHook('onRoute', (route: RouteOptions & { config?: { public?: boolean } }) => {
    const answers = route.schema?.response as Record<string, unknown> | undefined
    if (!answers || !route.schema) return
    const problem = { content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } } }
    answers['4xx'] = { description: 'A refusal', ...problem }
    answers['5xx'] = { description: 'A fault of the server', ...problem }
    if (route.config?.public) route.schema.security = []
  })
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Headgate',
        version: '1',
        description:
          'Releases of content, code, infrastructure and data: what ships, where, when, and why not.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'A token, or what signing in gives' },
          basic: { type: 'http', scheme: 'basic', description: 'A token, or a password, as the password' },
        },
      },
      security: [{ bearer: [] }, { basic: [] }],
    },
    refResolver: { buildLocalReference: (json) => json.$id as string },
  })
}
