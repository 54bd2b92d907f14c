import type { Surface } from '#surfaces/contract.ts'
import { configuration } from './configuration.ts'
import { allEndpoints } from './endpoints/all.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { fail, say } from './errors.ts'
import { mountGraphql } from './graphql/index.ts'
import { surface } from './ids.ts'
import { mount, type Mounted } from './mount.ts'
import { openApi } from './open-api.ts'
import type { Route } from './route.ts'
import { mountBuildkite } from './routes/buildkite.ts'
import { deploymentRoutes } from './routes/deployments.ts'
import { releaseRoutes } from './routes/releases.ts'
import { syncRoutes } from './routes/sync.ts'
import { vocabulary } from './vocabulary.ts'

/** What answers each resource; a resource that is missing here is absent as a whole, or mounts itself. */
const routes: { [R in keyof typeof allEndpoints]?: object } = {
  releases: releaseRoutes,
  deployments: deploymentRoutes,
  'workflow runs': syncRoutes,
}

function everything(): Mounted[] {
  return Object.entries(allEndpoints).flatMap(([resource, endpoints]) => {
    const answers = (routes[resource as keyof typeof allEndpoints] ?? {}) as Record<string, Route>
    return Object.entries(endpoints).map(([name, endpoint]: [string, Endpoint]) => {
      const route = answers[name]
      // What the compiler cannot see: that a whole resource was forgotten.
      if ((endpoint.state === 'absent' || endpoint.own === true) !== (route === undefined))
        throw new Error(`${endpoint.method} ${endpoint.path} is ${endpoint.state}, which its route denies`)
      return { resource, name, endpoint, route }
    })
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
  configuration,
  vocabulary,
  openApi: () => openApi(everything()),
  unmatched: (request, reply) =>
    say(reply, {
      status: 404,
      error: 'Not found',
      message: `${request.method} ${request.url.split('?')[0]} is not an endpoint of this API.`,
    }),
}
