import swagger from '@fastify/swagger'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { IsOptional, type TSchema } from 'typebox'
import { AppliedConfiguration } from '#api/configuration.ts'
import { Candidate } from '#api/candidate.ts'
import { CatalogueItem, Commit } from '#api/catalogue.ts'
import { CodeChange, CodeChangelog, CommitPlaces } from '#api/changelog.ts'
import { PlanEffect } from '#api/plan-effect.ts'
import { Change, Plan } from '#api/plan.ts'
import { Deployment, DeploymentItem, RequestedDeployment } from '#api/deployment.ts'
import { Drift, DriftCheck, DriftedThing, IgnoredDrift } from '#api/drift.ts'
import { Approval, Freeze, Gate, Hold, Why } from '#api/gates.ts'
import { Environment } from '#api/environment.ts'
import { Import, ImportNote, KeptFiles } from '#api/import.ts'
import { ChainVerdict, Event } from '#api/event.ts'
import { Token, User } from '#api/identity.ts'
import {
  Artifact,
  BlueprintCheck,
  Finding,
  InfraSettings,
  Resource,
  ResourceDifference,
  ResourceOverride,
  Variable,
} from '#api/infra.ts'
import { LiveItem } from '#api/live-item.ts'
import { Blocker, Conflict, Problem } from '#api/problem.ts'
import { Pick, PickedInto, PickPreview } from '#api/pick.ts'
import { Project } from '#api/project.ts'
import { LogLine, LogPage } from '#api/log.ts'
import { Repository } from '#api/repository.ts'
import { Run } from '#api/run.ts'
import { Schedule } from '#api/schedule.ts'
import { State, StateLock, StateVersion } from '#api/state.ts'
import { PinnedRevision, Release, ReleaseItem, Revision } from '#api/release.ts'
import { MissingReference, ReaderChange } from '#api/release-contents.ts'
import { Preview } from '#api/preview.ts'
import { ChangelogEntry, Difference, ReleaseConflict, Whereabouts } from '#api/release-reading.ts'
import { CalendarItem } from '#api/calendar.ts'
import { Insights } from '#api/insights.ts'
import { Delivery, DeliveryWithLog, Webhook } from '#api/webhook.ts'
import { finishDocument, type OpenApi, type RouteFacts } from './finish-document.ts'

/** The chapters of the document. */
const tags: Record<string, string> = {
  projects: 'What can be released, and by whom',
  environments: 'Where it goes, and what protects it',
  releases: 'What ships: named sets of items at exact versions',
  candidates: 'Commits of code under their versions, built and ready to go',
  deployments: 'Where and when: requests, plans, what became of them',
  gates: 'What has to be open: freezes, holds, approvals, overrides, and why not now',
  catalogue: 'What there is to release',
  runs: 'Invocations of executors that are no deployments',
  infrastructure: 'Blueprints: resources, overrides, variables, artifacts',
  drift: 'Whether what is really there is as it was left',
  state: 'What Terraform knows of environments of infrastructure, and who is at it',
  events: 'What happened, and the proof that it was not changed since',
  webhooks: 'Who is told of events by HTTP, and what became of each message',
  identity: 'Users, tokens and sessions',
  configuration: 'All of it as a file',
  probes: 'For those who watch the process',
  operations: 'For those who keep it running',
}

/** What schemas of routes refer to by name. Before what refers to it. */
const named: readonly TSchema[] = [
  ...[
    Blocker,
    Conflict,
    Problem,
    Project,
    Environment,
    Release,
    ReleaseItem,
    Revision,
    Change,
    Plan,
    PlanEffect,
  ],
  ...[Run, Candidate, Pick, PickedInto, PickPreview, LogLine, LogPage, Import, ImportNote, KeptFiles],
  ...[
    Finding,
    BlueprintCheck,
    Resource,
    ResourceDifference,
    ResourceOverride,
    Variable,
    Artifact,
    InfraSettings,
  ],
  ...[DriftedThing, DriftCheck, Drift, IgnoredDrift],
  ...[StateLock, State, StateVersion, Schedule],
  ...[Webhook, Delivery, DeliveryWithLog, Insights, CalendarItem],
  ...[
    PinnedRevision,
    Difference,
    ChangelogEntry,
    ReleaseConflict,
    Whereabouts,
    Commit,
    CatalogueItem,
    Repository,
  ],
  ...[ReaderChange, MissingReference, Preview],
  ...[CodeChange, CodeChangelog, CommitPlaces],
  ...[
    Approval,
    Freeze,
    Gate,
    Hold,
    Deployment,
    RequestedDeployment,
    DeploymentItem,
    Why,
    LiveItem,
    User,
    Token,
    Event,
    ChainVerdict,
    AppliedConfiguration,
  ],
]

const description = `Releases of content, code, infrastructure and data: what ships, where, when, and why not.

Lists are pages: \`next\` of one is \`after\` of the following. A GET answers an ETag; If-Match binds a change to it.
An Idempotency-Key makes a request safe to send again. What is refused is told as a problem of RFC 9457.`

/**
 * Describes every route that is registered after this on the same server, as OpenAPI 3.1, with the errors that any
 * of them can answer.
 *
 * @returns what tells the document, once all routes are there
 */
export async function describe(server: FastifyInstance): Promise<() => OpenApi> {
  for (const schema of named) server.addSchema(schema)
  const facts = new Map<string, RouteFacts>()
  server.addHook('onRoute', (route: RouteOptions) => {
    const { public: open = false, versioned = false } = (route.config ?? {}) as Partial<RouteFacts>
    const bodyless = route.schema?.body !== undefined && IsOptional(route.schema.body as TSchema)
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}')
    for (const method of [route.method].flat())
      facts.set(`${method.toLowerCase()} ${path}`, { public: open, versioned, bodyless })
    if (open && route.schema) route.schema.security = []
  })
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Headgate', version: '1', description },
      servers: [{ url: '/' }],
      tags: Object.entries(tags).map(([name, said]) => ({ name, description: said })),
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'A token, or what signing in gives' },
          basic: { type: 'http', scheme: 'basic', description: 'A token, or a password, as the password' },
        },
      },
      security: [{ bearer: [] }, { basic: [] }],
    },
    refResolver: { buildLocalReference: (json) => json.$id as string },
  })
  let finished: OpenApi | undefined
  const none = { public: false, versioned: false, bodyless: false }
  return () =>
    (finished ??= finishDocument(
      // A copy, in which methods of one route share nothing any more.
      JSON.parse(JSON.stringify(server.swagger())) as OpenApi,
      (method, path) => facts.get(`${method} ${path}`) ?? none,
    ))
}
