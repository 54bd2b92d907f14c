import multipart from '@fastify/multipart'
import type { ValidatorFactory } from '@fastify/ajv-compiler'
import fastify, { LogController, type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { Logger } from 'pino'
import { DomainError } from '#domain/errors.ts'
import { faultsFrom, type SchemaError } from '#domain/schema-faults.ts'
import type { House, Surface } from '#surfaces/contract.ts'
import { answerOptions } from './answer-options.ts'
import { buildValidator } from './check-schema.ts'
import { limitRates, type RateOf } from './limit-rates.ts'
import { limits } from './limits.ts'
import { readBodies } from './read-bodies.ts'
import { refuseBadUrls } from './refuse-bad-urls.ts'
import { logRequests } from './request-log.ts'
import { secureAnswers } from './security-headers.ts'
import { buildSerializer } from './write-schema.ts'
import { createVoice } from './surface-voice.ts'

/** What the fields of a request are called in its faults; those of a body have no prefix. */
const prefixes: Record<string, string[]> = {
  querystring: ['query'],
  params: ['params'],
  headers: ['headers'],
}

export interface ServerOptions {
  house: House
  /** In the order in which they are asked who claims a path. */
  surfaces: readonly Surface[]
  log: Logger | false
  /** Whose X-Forwarded-* headers to believe: everybody's, nobody's, or addresses and networks (a comma list). */
  trustProxy?: boolean | string
  /** Requests a minute; left out, nobody counts. */
  rateOf?: RateOf
  /** Sees every request, to measure it; called before any route is there. */
  watch?: (server: FastifyInstance) => void
  /** PEM. */
  tls?: { cert: Buffer | string; key: Buffer | string }
}

/** The hall with every surface mounted, ready but not yet listening. */
export async function createServer({
  house,
  surfaces,
  log,
  trustProxy = false,
  rateOf,
  watch,
  tls,
}: ServerOptions): Promise<FastifyInstance> {
  const voice = createVoice(surfaces)
  const options: FastifyServerOptions = {
    routerOptions: {
      caseSensitive: false,
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      maxParamLength: limits.pathSegment,
    },
    bodyLimit: limits.body,
    requestTimeout: limits.requestMs,
    trustProxy,
    // Ids that a client sends could be anything; ours are unique and sort by time.
    requestIdHeader: false,
    genReqId: () => house.newId(),
    logController: new LogController({ disableRequestLogging: true }),
    schemaController: {
      compilersFactory: { buildValidator: buildValidator as ValidatorFactory, buildSerializer },
    },
    schemaErrorFormatter: (errors, part) =>
      new DomainError('invalid', { faults: faultsFrom(errors as SchemaError[], prefixes[part]) }),
    forceCloseConnections: 'idle',
    // What comes in on a connection that is still used while the process ends is answered like any other.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      void reply.header('x-request-id', request.id)
      voice.fail(error, request, reply)
    },
  }
  // What is logged of a request says itself which one it is: a logger for each costs more than its only line.
  if (log) Object.assign(options, { loggerInstance: log, childLoggerFactory: () => log })
  const ofNode = { maxHeaderSize: limits.headers }
  const transport = tls ? { https: { ...ofNode, ...tls } } : { http: ofNode }
  const server = fastify({ ...options, ...transport } as FastifyServerOptions)

  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id)
  })
  await secureAnswers(server, { tls: tls !== undefined })
  refuseBadUrls(server)
  if (rateOf) await limitRates(server, surfaces, rateOf)
  readBodies(server)
  if (log) logRequests(server, log)
  watch?.(server)
  server.setErrorHandler((error, request, reply) => voice.fail(error, request, reply))
  server.setNotFoundHandler((request, reply) => voice.unmatched(request, reply))

  await server.register(multipart, {
    limits: {
      fileSize: limits.upload,
      files: limits.uploadedFiles,
      fields: limits.uploadedFields,
      fieldSize: limits.uploadedField,
      parts: limits.uploadedFiles + limits.uploadedFields,
    },
  })
  answerOptions(server)
  for (const surface of surfaces) await surface.mount(server, house)
  await server.ready()
  return server
}
