import type { FastifyInstance } from 'fastify'
import type { House } from '#app/context.ts'
import type { EventFeed, LogWakes, Surface } from '#surfaces/contract.ts'
import { answerError, answerUnmatched } from './answer-problem.ts'
import { identify } from './caller.ts'
import { createEventStreams, type StreamLimits } from './event-streams.ts'
import { tagAnswers } from './entity-tag.ts'
import { honourKeys } from './idempotency.ts'
import { createLogStreams } from './log-streams.ts'
import { describe } from './open-api.ts'
import { candidateRoutes } from './routes/candidates.ts'
import { catalogueRoutes } from './routes/catalogue.ts'
import { changelogRoutes } from './routes/changelog.ts'
import { configurationRoutes } from './routes/configuration.ts'
import { deploymentRequestRoutes } from './routes/deployment-requests.ts'
import { deploymentRoutes } from './routes/deployments.ts'
import { driftRoutes } from './routes/drift.ts'
import { environmentDeploymentRoutes } from './routes/environment-deployments.ts'
import { eventStreamRoutes } from './routes/event-stream.ts'
import { environmentRoutes } from './routes/environments.ts'
import { eventRoutes, type VerifyChain } from './routes/events.ts'
import { operationRoutes, type Operations } from './routes/operations.ts'
import { logRoutes } from './routes/logs.ts'
import { pickRoutes } from './routes/picks.ts'
import { planRoutes } from './routes/plans.ts'
import { releaseContentsRoutes } from './routes/release-contents.ts'
import { probeRoutes } from './routes/probes.ts'
import { projectRoutes } from './routes/projects.ts'
import { deploymentReportRoutes } from './routes/deployment-reports.ts'
import { releaseItemRoutes } from './routes/release-items.ts'
import { previewRoutes } from './routes/preview.ts'
import { releaseReadingRoutes } from './routes/release-reading.ts'
import { releaseRoutes } from './routes/releases.ts'
import { resourceRoutes } from './routes/resources.ts'
import { revisionRoutes } from './routes/revisions.ts'
import { runRoutes } from './routes/runs.ts'
import { scheduleRoutes } from './routes/schedules.ts'
import { stateRoutes } from './routes/states.ts'
import { sessionRoutes } from './routes/session.ts'
import { approvalRoutes } from './routes/approvals.ts'
import { freezeRoutes } from './routes/freezes.ts'
import { holdRoutes } from './routes/holds.ts'
import { whyRoutes } from './routes/why.ts'
import { tokenRoutes } from './routes/tokens.ts'
import { userRoutes } from './routes/users.ts'
import { calendarRoutes } from './routes/calendar.ts'
import { importRoutes } from './routes/imports.ts'
import { infraInputRoutes } from './routes/infra-inputs.ts'
import { insightRoutes } from './routes/insights.ts'
import { webhookDeliveryRoutes } from './routes/webhook-deliveries.ts'
import { webhookRoutes, webhookSecretRoutes } from './routes/webhooks.ts'
import { root, type NativeServer } from './server.ts'
import { refuseUnknown } from './strict-requests.ts'

export interface NativeOptions {
  operations: Operations
  verifyChain: VerifyChain
  events: EventFeed
  streamLimits?: Partial<StreamLimits>
  logs: LogWakes
  /** The surfaces that have a part of a project in the configuration, or a format of files. */
  parts: readonly Pick<Surface, 'configuration' | 'contentFormat'>[]
}

/** Our own API, under /headgate. */
export function native(options: NativeOptions): Surface {
  let document: (() => object) | undefined
  return {
    name: 'native',
    title: 'Headgate',
    claims: (path) => path === '/headgate' || path.startsWith('/headgate/'),
    fail: answerError,
    unmatched: answerUnmatched,
    mount: async (server, house) => {
      document = await mount(server, house, options)
    },
    openApi: () => document?.() ?? {},
  }
}

/** What needs nothing but the server. */
const resources: readonly ((scope: NativeServer) => void)[] = [
  environmentRoutes,
  releaseRoutes,
  releaseItemRoutes,
  previewRoutes,
  releaseReadingRoutes,
  changelogRoutes,
  revisionRoutes,
  catalogueRoutes,
  candidateRoutes,
  pickRoutes,
  deploymentRoutes,
  deploymentReportRoutes,
  deploymentRequestRoutes,
  planRoutes,
  releaseContentsRoutes,
  runRoutes,
  stateRoutes,
  scheduleRoutes,
  driftRoutes,
  resourceRoutes,
  infraInputRoutes,
  environmentDeploymentRoutes,
  whyRoutes,
  freezeRoutes,
  holdRoutes,
  approvalRoutes,
  userRoutes,
  tokenRoutes,
  insightRoutes,
  webhookRoutes,
  webhookSecretRoutes,
  webhookDeliveryRoutes,
]

/** @returns what tells the OpenAPI document */
async function mount(server: FastifyInstance, house: House, options: NativeOptions): Promise<() => object> {
  let document: (() => object) | undefined
  const { verifyChain, events } = options
  const parts = options.parts.flatMap(({ configuration }) => configuration ?? [])
  const streams = createEventStreams(events, house, options.streamLimits)
  // Before the server waits for what is being answered: a stream goes on for ever.
  server.addHook('preClose', async () => streams.close())
  const logs = createLogStreams(options.logs, house)
  server.addHook('preClose', async () => logs.close())
  // In a scope of its own: neither its hooks nor its description reach another surface's routes.
  await server.register(async (plain) => {
    const scope = plain as unknown as NativeServer
    refuseUnknown(plain)
    document = await describe(plain)
    // A request without a body says nothing: what was required of it is then named field by field.
    plain.addHook('preValidation', async (request) => {
      if (request.routeOptions.schema?.body && request.body === undefined) request.body = {}
    })
    plain.addHook('onRequest', async (request) => {
      const { public: open } = request.routeOptions.config as { public?: boolean }
      if (!open) await identify(house, request)
    })
    tagAnswers(plain)
    honourKeys(plain)
    for (const routes of resources) routes(scope)
    probeRoutes(scope, house)
    operationRoutes(scope, options.operations)
    sessionRoutes(scope, house)
    projectRoutes(scope, parts)
    importRoutes(
      scope,
      options.parts.flatMap(({ contentFormat }) => contentFormat ?? []),
    )
    logRoutes(scope, logs)
    eventRoutes(scope, verifyChain, streams)
    eventStreamRoutes(scope, streams)
    calendarRoutes(scope, house)
    configurationRoutes(scope, parts)
    plain.get(`${root}/openapi.json`, { config: { public: true }, schema: { hide: true } }, () =>
      document?.(),
    )
  })
  return () => document?.() ?? {}
}
