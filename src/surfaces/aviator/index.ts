import type { Surface } from '#surfaces/contract.ts'
import { allEndpoints } from './endpoints/all.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { fail, say } from './errors.ts'
import { mountGraphql } from './graphql/index.ts'
import { surface } from './ids.ts'
import { mount, type Mounted } from './mount.ts'
import type { Route } from './route.ts'
import { mountBuildkite } from './routes/buildkite.ts'
import { vocabulary } from './vocabulary.ts'

/** What answers each resource; a resource that is missing here is absent as a whole, or mounts itself. */
const routes: { [R in keyof typeof allEndpoints]?: object } = {}

function everything(): Mounted[] {
  return Object.entries(allEndpoints).flatMap(([resource, endpoints]) => {
    const answers = (routes[resource as keyof typeof allEndpoints] ?? {}) as Record<string, Route>
    return Object.entries(endpoints).map(([name, endpoint]: [string, Endpoint]) => ({
      ...{ resource, name, endpoint, route: answers[name] },
    }))
  })
}

/** Aviator's Releases. */
export const aviator: Surface = {
  name: surface,
  title: 'Aviator Releases',
  mount: (server, house) => {
    mount(server, house, everything())
    mountBuildkite(server, house)
    mountGraphql(server, house)
  },
  claims: (path) => path === '/graphql' || path === '/api' || path.startsWith('/api/'),
  fail,
  vocabulary,
  unmatched: (request, reply) =>
    say(reply, {
      status: 404,
      error: 'Not found',
      message: `${request.method} ${request.url.split('?')[0]} is not an endpoint of this API.`,
    }),
}
