import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino'
import type { FastifyInstance } from 'fastify'

/** Whatever an object in the log carries under these names, at its top or one level down, is not written. */
const secretNames = [
  'authorization',
  'cookie',
  'set-cookie',
  'authtoken',
  'access_token',
  'api_key',
  'api-key',
  'x-api-key',
  'password',
  'secret',
  'token',
  'management_token',
]

/** The process's log: JSON lines on standard output, or to `destination`. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const paths = secretNames.flatMap((name) => [
    `["${name}"]`,
    `*["${name}"]`,
    `*.headers["${name}"]`,
    `*.body["${name}"]`,
  ])
  const options: LoggerOptions = { level, base: null, redact: { paths, censor: '[redacted]' } }
  return pino(options, destination ?? (output ??= standardOutput()))
}

/** One for the process: its timer never ends. */
let output: DestinationStream | undefined

/**
 * Lines are gathered for a moment: written one by one they took a sixth of the time of a request. What warns is
 * written at once, and whatever is left when the process ends.
 */
function standardOutput(): DestinationStream {
  const out = pino.destination({ sync: false, minLength: 4096, periodicFlush: 100 })
  const warns = /^\{"level":[4-9]/
  return {
    write(line) {
      out.write(line)
      if (warns.test(line)) out.flush()
    },
  }
}

/** One line for each answered request. Headers and bodies are never in it. */
export function logRequests(server: FastifyInstance, log: Logger): void {
  // Nothing of the line is a secret by its name, and looking for one in each costs more than the line.
  const plain = log.child({}, { redact: [] })
  server.addHook('onResponse', async (request, reply) => {
    const line = {
      request_id: request.id,
      method: request.method,
      url: hideSecrets(request.url),
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 10) / 10,
      remote: request.ip,
    }
    // Health checks come every few seconds for ever.
    const quiet = request.method === 'GET' && reply.statusCode < 400 && /\/(live|ready)$/.test(request.url)
    plain[quiet ? 'debug' : 'info'](line, 'request')
  })
}

const secretParameters = /([?&](?:[^=&]*(?:token|secret|password|key|authorization)[^=&]*)=)[^&]*/gi

/** A path with its query, without the values of parameters that name a credential. */
function hideSecrets(url: string): string {
  return url.replaceAll(secretParameters, '$1[redacted]').slice(0, 2000)
}
