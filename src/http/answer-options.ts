import type { FastifyInstance, RouteOptions } from 'fastify'

/**
 * OPTIONS of every path says which methods it has. There is no CORS in it: a browser on another site is told no.
 * To be called before any route is there.
 */
export function answerOptions(server: FastifyInstance): void {
  const methods = new Map<string, Set<string>>()
  server.addHook('onRoute', (route: RouteOptions) => {
    const key = keyOf(route.url)
    const known = methods.get(key)
    const all = known ?? new Set<string>(['OPTIONS'])
    for (const method of [route.method].flat()) all.add(method)
    methods.set(key, all)
    if (known || [route.method].flat().includes('OPTIONS')) return
    server.options(route.url, { schema: { hide: true } as object, logLevel: 'silent' }, (_request, reply) =>
      reply
        .header('allow', [...all].toSorted().join(', '))
        .code(204)
        .send(),
    )
  })
}

/** Two routes are one path whatever they call its parameters. */
function keyOf(url: string): string {
  return url
    .toLowerCase()
    .replaceAll(/:[a-z0-9_]+/g, ':')
    .replace(/(?<=.)\/$/, '')
}
