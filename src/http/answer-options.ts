import type { FastifyInstance, RouteOptions } from 'fastify'

/** What is known of a path. */
interface Known {
  methods: Set<string>
  /** The headers with which a browser on another site may read it; undefined where it may not. */
  readable?: string
}

/**
 * OPTIONS of every path says which methods it has. A browser on another site is told no, but of what a route says may
 * be read from anywhere. To be called before any route is there.
 */
export function answerOptions(server: FastifyInstance): void {
  const paths = new Map<string, Known>()
  server.addHook('onRoute', (route: RouteOptions) => {
    const key = keyOf(route.url)
    const before = paths.get(key)
    const known: Known = before ?? { methods: new Set(['OPTIONS']) }
    for (const method of [route.method].flat()) known.methods.add(method)
    known.readable ??= route.config?.readableWith
    paths.set(key, known)
    if (before || [route.method].flat().includes('OPTIONS')) return
    server.options(route.url, { schema: { hide: true } as object, logLevel: 'silent' }, (_request, reply) => {
      if (known.readable !== undefined) void reply.headers(letIn(known.readable))
      return reply
        .header('allow', [...known.methods].toSorted().join(', '))
        .code(204)
        .send()
    })
  })
}

/** No credential goes along that the reading site does not know itself. */
function letIn(headers: string): Record<string, string> {
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, HEAD',
    'access-control-allow-headers': headers,
    'access-control-max-age': '600',
  }
}

/** Two routes are one path whatever they call its parameters. */
function keyOf(url: string): string {
  return url
    .toLowerCase()
    .replaceAll(/:[a-z0-9_]+/g, ':')
    .replace(/(?<=.)\/$/, '')
}
