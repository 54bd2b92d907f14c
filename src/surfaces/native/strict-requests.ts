import type { FastifyInstance, RouteOptions } from 'fastify'
import { Exactly } from '#api/schema.ts'
import { invalidField } from '#domain/errors.ts'

interface Shape {
  type?: unknown
  additionalProperties?: unknown
}

/**
 * For every route that is registered after this: what it does not know is refused and not passed over. One without a
 * schema of its query takes no parameters, one without a schema of its body no body; a schema that lets unknown
 * fields through does not start.
 */
export function refuseUnknown(server: FastifyInstance): void {
  server.addHook('onRoute', (route: RouteOptions) => {
    const schema = (route.schema ??= {})
    const { querystring, body } = schema as { querystring?: Shape; body?: Shape }
    schema.querystring ??= Exactly({})
    for (const shape of [querystring, body])
      if (shape?.type === 'object' && shape.additionalProperties !== false)
        throw new Error(`${route.url} takes fields that it does not know: use Exactly`)
  })
  server.addHook('preValidation', ({ body, routeOptions, headers }, _reply, done) => {
    const taken = routeOptions.schema?.body || /^multipart\//i.test(headers['content-type'] ?? '')
    const nothing = body === undefined || body === null || (typeof body === 'object' && isEmpty(body))
    done(taken || nothing ? undefined : invalidField('body', 'unknown', 'is not taken here'))
  })
}

function isEmpty(body: object): boolean {
  return Object.keys(body).length === 0
}
