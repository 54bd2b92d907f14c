import type { Surface } from '#surfaces/contract.ts'
import { header } from './auth.ts'
import { cliExport } from './cli-export/index.ts'
import { configuration } from './configuration.ts'
import { allEndpoints } from './endpoints/all.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { fail, notFound, say } from './errors.ts'
import { surface } from './ids.ts'
import { messages } from './messages/index.ts'
import { mount, root, type Mounted } from './mount.ts'
import { openApi } from './open-api.ts'
import { publicKeysPath, servePublicKeys } from './public-keys.ts'
import type { Route } from './route.ts'
import { assetRoutes } from './routes/assets.ts'
import { branchRoutes } from './routes/branches.ts'
import { bulkRoutes } from './routes/bulk.ts'
import { contentTypeRoutes } from './routes/content-types.ts'
import { deliveryRoutes } from './routes/delivery.ts'
import { entryRoutes } from './routes/entries.ts'
import { environmentRoutes } from './routes/environments.ts'
import { localeRoutes } from './routes/locales.ts'
import { publishQueueRoutes } from './routes/publish-queue.ts'
import { previewTokenRoutes } from './routes/preview-tokens.ts'
import { organizationRoutes } from './routes/organizations.ts'
import { releaseRoutes } from './routes/releases.ts'
import { roleRoutes } from './routes/roles.ts'
import { sessionRoutes } from './routes/session.ts'
import { stackRoutes } from './routes/stacks.ts'
import { deliveryTokenRoutes, managementTokenRoutes } from './routes/tokens.ts'
import { webhookRoutes } from './routes/webhooks.ts'

/** What answers each resource; a resource that is missing here is absent as a whole. */
const routes: { [R in keyof typeof allEndpoints]?: object } = {
  session: sessionRoutes,
  organizations: organizationRoutes,
  stacks: stackRoutes,
  'management tokens': managementTokenRoutes,
  'delivery tokens': deliveryTokenRoutes,
  'preview tokens': previewTokenRoutes,
  branches: branchRoutes,
  roles: roleRoutes,
  locales: localeRoutes,
  environments: environmentRoutes,
  'content types': contentTypeRoutes,
  entries: entryRoutes,
  assets: assetRoutes,
  releases: releaseRoutes,
  bulk: bulkRoutes,
  'publish queue': publishQueueRoutes,
  delivery: deliveryRoutes,
  webhooks: webhookRoutes,
}

function everything(): Mounted[] {
  return Object.entries(allEndpoints).flatMap(([resource, endpoints]) => {
    const answers = (routes[resource as keyof typeof allEndpoints] ?? {}) as Record<string, Route<never>>
    return Object.entries(endpoints).map(([name, endpoint]) => ({
      ...checked(endpoint, answers[name]),
      resource,
      name,
    }))
  })
}

/** What the compiler cannot see: that a whole resource was forgotten. */
function checked(endpoint: Endpoint, route: Route<never> | undefined) {
  if ((endpoint.state === 'absent') !== (route === undefined))
    throw new Error(`${endpoint.method} ${endpoint.path} is ${endpoint.state}, which its route denies`)
  return { endpoint, route }
}

/** Contentstack's management and delivery APIs. */
export const contentstack: Surface = {
  name: surface,
  title: 'Contentstack',
  mount: (server, house) => {
    mount(server, house, everything())
    servePublicKeys(server, house)
  },
  claims: (path) => path === root || path === publicKeysPath || path.startsWith(`${root}/`),
  credential: (request) =>
    header(request, 'authorization') ??
    header(request, 'authtoken') ??
    header(request, 'access_token') ??
    header(request, 'preview_token'),
  fail,
  unmatched: (request, reply) =>
    say(reply, notFound(`${request.method} ${request.url.split('?')[0]} is not an endpoint of this API.`)),
  configuration,
  contentFormat: cliExport,
  messages,
  openApi: () => openApi(everything()),
}
