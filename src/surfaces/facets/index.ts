import type { Surface } from '#surfaces/contract.ts'
import { configuration } from './configuration.ts'
import { allEndpoints } from './endpoints/all.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { fail, say } from './errors.ts'
import { surface } from './ids.ts'
import { mount, type Mounted } from './mount.ts'
import { openApi } from './open-api.ts'
import type { Route } from './route.ts'
import { accountRoutes } from './routes/account.ts'
import { artifactRoutes } from './routes/artifacts.ts'
import { besideRoutes } from './routes/beside.ts'
import { clusterRoutes } from './routes/clusters.ts'
import { deploymentRoutes } from './routes/deployments.ts'
import { queueRoutes } from './routes/queue.ts'
import { resourceRoutes } from './routes/resources.ts'
import { stackRoutes } from './routes/stacks.ts'

/** What answers each resource; a resource that is missing here is absent as a whole. */
const routes: { [R in keyof typeof allEndpoints]?: object } = {
  deployments: deploymentRoutes,
  queue: queueRoutes,
  clusters: clusterRoutes,
  stacks: stackRoutes,
  resources: resourceRoutes,
  artifacts: artifactRoutes,
  account: accountRoutes,
  beside: besideRoutes(() => openApi(everything())),
}

function everything(): Mounted[] {
  return Object.entries(allEndpoints).flatMap(([resource, endpoints]) => {
    const answers = (routes[resource as keyof typeof allEndpoints] ?? {}) as Record<string, Route>
    return Object.entries(endpoints).map(([name, endpoint]: [string, Endpoint]) => {
      const route = answers[name]
      // What the compiler cannot see: that a whole resource was forgotten.
      if ((endpoint.state === 'absent') !== (route === undefined))
        throw new Error(`${endpoint.method} ${endpoint.path} is ${endpoint.state}, which its route denies`)
      return { resource, name, endpoint, route }
    })
  })
}

/** The address of an endpoint as a pattern: paths are told apart without case (section 2.1 says nothing of it). */
const addresses = Object.values(allEndpoints).flatMap((table) =>
  Object.values(table).map(({ method, path }: Endpoint) => {
    const pattern = path.replaceAll(/:\w+/g, '[^/]+')
    return { method, path: new RegExp(`^${pattern}$`, 'i') }
  }),
)

function methodsAt(path: string): string[] {
  return [...new Set(addresses.flatMap((one) => (one.path.test(path) ? [one.method] : [])))]
}

const roots = ['/cc-ui', '/cc', '/public/v1', '/v3/api-docs', '/api/me']

/** Facets' control plane. */
export const facets: Surface = {
  name: surface,
  title: 'Facets control plane',
  mount: (server, house) => mount(server, house, everything()),
  claims: (path) => roots.some((root) => path === root || path.startsWith(`${root}/`)),
  fail,
  configuration,
  openApi: () => openApi(everything()),
  // A verb that an address does not know is not an address that is unknown (section 3).
  unmatched: (request, reply) => {
    const path = request.url
      .split('?')[0]!
      .replaceAll(/\/{2,}/g, '/')
      .replace(/(?<=.)\/$/, '')
    const methods = methodsAt(path)
    if (methods.length === 0)
      return say(reply, { status: 404, message: `${request.method} ${path} is not an endpoint of this API.` })
    void reply.header('allow', methods.join(', '))
    say(reply, { status: 405, message: `${request.method} is not supported here: ${methods.join(', ')} is.` })
  },
}
