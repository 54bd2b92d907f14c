import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { House } from '#app/context.ts'
import { hearOutside, type Heard } from '#app/dispatches/hear-outside.ts'
import { DomainError } from '#domain/errors.ts'
import { readId } from '#domain/ids.ts'

const mostBytes = 1024 * 1024

/** What there is to look at after (section 4.2). Anything else of a build is taken and left alone. */
const events = ['build.scheduled', 'build.running', 'build.failing', 'build.finished']

/**
 * `POST /api/buildkite/webhook` (section 2.7): Buildkite says that a build of ours went on. It is known by our id in the
 * build's meta-data, and trusted by the token that was declared where that build was asked for. An organization tells of
 * all its builds: of those that are not ours, and to a `ping`, is only said whether the token is right.
 */
export function mountBuildkite(server: FastifyInstance, house: House): void {
  server.register(async (scope) => {
    // What is signed are the bytes as they came.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body, done) => {
      done(null, body)
    })
    scope.post('/api/buildkite/webhook', { bodyLimit: mostBytes }, async (request) => {
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const { event, dispatch_id } = read(bytes)
      await hearOutside(house, {
        executor: 'buildkite',
        dispatch_id,
        telling: events.includes(event),
        secret_key: 'webhook_token',
        proof: proofOf(request, bytes),
      })
      return { event }
    })
  })
}

/** "Webhook token" and "Webhook signature": one of the two is in every request. */
function proofOf({ headers }: FastifyRequest, body: Buffer): Heard['proof'] {
  const { 'x-buildkite-token': token, 'x-buildkite-signature': signed } = headers
  if (typeof signed === 'string') {
    const [, timestamp = '', signature = ''] = /^timestamp=([0-9]+), ?signature=(\S+)$/.exec(signed) ?? []
    return { body, timestamp, signature }
  }
  return typeof token === 'string' ? { token } : null
}

interface Said {
  event: string
  /** Of a build of ours. */
  dispatch_id: string | null
}

/** Throws `malformed`. */
function read(bytes: Buffer): Said {
  const said = parse(bytes)
  const event = textOf(said, 'event')
  if (event === undefined) throw malformed('The body has to be a JSON object with an `event`.')
  const build = partOf(said, 'build')
  const sent =
    textOf(partOf(build, 'meta_data'), 'headgate_dispatch') ??
    textOf(partOf(build, 'env'), 'HEADGATE_DISPATCH_ID')
  return { event, dispatch_id: readId('run', sent ?? '') ?? null }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw malformed('The body is not JSON.')
  }
}

function partOf(value: unknown, key: string): unknown {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined
  return (value as Record<string, unknown>)[key]
}

function textOf(value: unknown, key: string): string | undefined {
  const found = partOf(value, key)
  return typeof found === 'string' && found.length <= 1000 ? found : undefined
}

const malformed = (detail: string) => new DomainError('malformed', { detail })
