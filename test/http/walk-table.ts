import type { Action } from '#domain/roles.ts'
import { codeRows } from './walk-code.ts'
import { infraRows } from './walk-infra.ts'

/** What an action is done to. `place`: this environment and this branch at once. `anywhere`: where a role is held. */
export type On = 'instance' | 'anywhere' | 'project' | 'environment' | 'branch' | 'place'

/** One question that a route asks before it does anything. */
export interface Step {
  /** Any one of them is enough. */
  any: readonly Action[]
  /** Enough for what is the caller's own. */
  own?: Action
  on: On
  /** Whoever may not even read the project is told that there is nothing. */
  hides?: boolean
}

export interface Row {
  /** In the order in which they are asked; the first one that is refused decides the answer. */
  steps: readonly Step[]
  /** What hiding looks like to a vendor's client, where it is not as everywhere. */
  hiddenAs?: 401 | 422
  /** Asks for no credential. */
  open?: boolean
  /** Takes a credential of its own: nobody's here is any good. */
  foreign?: boolean
  body?: object
  query?: string
  /** What it needs that an earlier caller may have used up: made anew for everybody who may. */
  fresh?: 'project' | 'environment' | 'release' | 'locked' | 'token' | 'session' | 'stack' | 'webhook'
  /** Who is bound to these has no right to give away, or to use everywhere. */
  wider?: readonly ('environment_ids' | 'branches')[]
  /** Its author is the last who may. */
  notOwner?: boolean
  /** One may do it to oneself. */
  self?: boolean
  /** What is sent fits nothing that is there: 422 for whoever may. */
  unfit?: boolean
  /** Takes a file. */
  upload?: boolean
  /** Answers without an end. */
  stream?: boolean
  /** What it speaks of may be missing, for those who may ask, too. */
  absent?: boolean
}

const on =
  (place: On) =>
  (...any: readonly Action[]): Step => ({ any, on: place })
export const hidden = (step: Step): Step => ({ ...step, hides: true })

export const instance = on('instance')
export const project = on('project')
export const environment = on('environment')
export const branch = on('branch')
export const place = on('place')

const readProject = hidden(project('project.read'))
const readRelease = hidden(branch('release.read'))

const open: Row = { open: true, steps: [] }
/** Anybody who is known; what they may not see is not in the answer. */
const known: Row = { steps: [] }
const inProject = (...steps: Step[]): Row => ({ steps: [readProject, ...steps] })
const inEnvironment = (...steps: Step[]): Row => ({
  steps: [readProject, hidden(environment('project.read')), ...steps],
})
const ofRelease = (...steps: Step[]): Row => ({ steps: [readRelease, ...steps] })
const besideLive = ofRelease(hidden(environment('project.read')), environment('live.read'))
const previews = ofRelease(
  ...[hidden(environment('project.read')), environment('release.preview'), branch('release.preview')],
)
const somewhere = (action: Action): Row => ({ steps: [{ any: [action], on: 'anywhere' }] })
const admin = (action: Action): Row => ({ steps: [instance(action)] })

const ofWebhook: Row = {
  steps: [hidden(project('webhook.admin'))],
  wider: ['environment_ids', 'branches'],
}

const items = { items: [{ key: 'main/blt1/en-us' }] }

/** Every route of our own: what it asks of its caller. A route that is not here fails the walk. */
export const nativeRows: Readonly<Record<string, Row>> = {
  'GET /headgate/v1/live': open,
  'GET /headgate/v1/ready': open,
  'GET /headgate/v1/openapi.json': open,
  'POST /headgate/v1/session': { ...open, body: { email: 'nobody@example.com', password: 'x'.repeat(8) } },
  'GET /headgate/v1/session': known,
  'DELETE /headgate/v1/session': { ...known, fresh: 'session' },

  'GET /headgate/v1/metrics': admin('event.read'),
  'POST /headgate/v1/backup': { ...admin('backup.make'), stream: true },
  'POST /headgate/v1/configuration': { ...admin('project.admin'), query: 'dry_run=true' },

  'GET /headgate/v1/projects': known,
  'POST /headgate/v1/projects': admin('project.admin'),
  'GET /headgate/v1/projects/:key': inProject(),
  'PATCH /headgate/v1/projects/:key': inProject(project('project.admin')),
  'DELETE /headgate/v1/projects/:key': { ...inProject(project('project.admin')), fresh: 'project' },
  'GET /headgate/v1/projects/:key/catalogue': inProject(branch('catalogue.read')),
  'POST /headgate/v1/projects/:key/import': {
    ...inProject(branch('catalogue.edit')),
    body: { format: 'contentstack', publish: false },
  },
  'GET /headgate/v1/projects/:key/import/:id': { ...inProject(branch('catalogue.read')), absent: true },
  'DELETE /headgate/v1/projects/:key/import/:id': { ...inProject(branch('catalogue.edit')), absent: true },
  'PUT /headgate/v1/projects/:key/import/:id/files': { ...inProject(branch('catalogue.edit')), absent: true },
  'POST /headgate/v1/projects/:key/import/:id/run': { ...inProject(branch('catalogue.edit')), absent: true },
  'GET /headgate/v1/projects/:key/import/:id/notes': { ...inProject(branch('catalogue.read')), absent: true },
  'GET /headgate/v1/projects/:key/export': {
    ...inProject(branch('catalogue.read')),
    query: 'format=contentstack',
    stream: true,
  },

  'GET /headgate/v1/projects/:key/environments': inProject(),
  'POST /headgate/v1/projects/:key/environments': {
    ...inProject(project('environment.admin')),
    body: { name: '$fresh' },
  },
  'GET /headgate/v1/projects/:key/environments/:name': inEnvironment(),
  'PATCH /headgate/v1/projects/:key/environments/:name': {
    ...inEnvironment(project('environment.admin')),
    body: { tier: 'low' },
  },
  'DELETE /headgate/v1/projects/:key/environments/:name': {
    ...inEnvironment(project('environment.admin')),
    fresh: 'environment',
  },
  'GET /headgate/v1/projects/:key/environments/:name/live': inEnvironment(environment('live.read')),
  'GET /headgate/v1/projects/:key/environments/:name/why': {
    ...inEnvironment(place('deployment.read')),
    query: 'release=$release',
  },

  'GET /headgate/v1/projects/:key/freeze': inProject(),
  'POST /headgate/v1/projects/:key/freeze': {
    ...inProject({ ...project('freeze.set') }),
    body: { kind: 'emergency', reason: 'a walk', expires_at: '2000-01-01T00:00:00.000Z' },
    wider: ['environment_ids'],
    unfit: true,
  },
  'GET /headgate/v1/projects/:key/freeze/:id': { ...inProject(), absent: true },
  'DELETE /headgate/v1/projects/:key/freeze/:id': {
    ...inProject(),
    absent: true,
    body: { reason: 'a walk' },
  },
  'GET /headgate/v1/projects/:key/environments/:name/freeze': inEnvironment(environment('project.read')),
  'POST /headgate/v1/projects/:key/environments/:name/freeze': {
    ...inEnvironment(environment('freeze.set')),
    unfit: true,
    body: { kind: 'emergency', reason: 'a walk', expires_at: '2000-01-01T00:00:00.000Z' },
  },
  'DELETE /headgate/v1/projects/:key/environments/:name/freeze/:id': {
    ...{ ...inEnvironment(environment('project.read')), absent: true, body: { reason: 'a walk' } },
  },
  'GET /headgate/v1/projects/:key/environments/:name/hold': {
    ...{ ...inEnvironment(environment('deployment.read')), absent: true },
  },
  'DELETE /headgate/v1/projects/:key/environments/:name/hold': {
    ...{ ...inEnvironment(environment('hold.release')), absent: true, body: { reason: 'a walk' } },
  },

  'GET /headgate/v1/projects/:key/releases': inProject(project('release.read')),
  'POST /headgate/v1/projects/:key/releases': inProject(branch('release.edit')),
  'GET /headgate/v1/releases/:id': ofRelease(),
  'PATCH /headgate/v1/releases/:id': ofRelease(branch('release.edit')),
  'DELETE /headgate/v1/releases/:id': { ...ofRelease(branch('release.edit')), fresh: 'release' },
  'PUT /headgate/v1/releases/:id/lock': { ...ofRelease(branch('release.lock')), fresh: 'release', body: {} },
  'POST /headgate/v1/releases/:id/lock': { ...ofRelease(branch('release.lock')), fresh: 'release', body: {} },
  'DELETE /headgate/v1/releases/:id/lock': {
    ...ofRelease(branch('release.unlock')),
    fresh: 'locked',
    body: {},
  },
  'POST /headgate/v1/releases/:id/unlock': {
    ...ofRelease(branch('release.unlock')),
    fresh: 'locked',
    body: {},
  },
  'POST /headgate/v1/releases/:id/clone': ofRelease(branch('release.clone')),
  'GET /headgate/v1/releases/:id/items': ofRelease(),
  'POST /headgate/v1/releases/:id/items': { ...ofRelease(branch('release.edit')), body: items },
  'DELETE /headgate/v1/releases/:id/items': { ...ofRelease(branch('release.edit')), body: { keys: ['x'] } },
  'POST /headgate/v1/releases/:id/items/refresh': ofRelease(branch('release.edit')),
  'POST /headgate/v1/releases/:id/items/move': {
    ...ofRelease(branch('release.edit')),
    body: { to: `rel_${'0'.repeat(32)}`, keys: 'all' },
    unfit: true,
  },
  'GET /headgate/v1/releases/:id/diff': { ...besideLive, query: 'against=live:staging' },
  'GET /headgate/v1/releases/:id/preview': { ...previews, query: 'environment=staging' },
  'GET /headgate/v1/releases/:id/changelog': { ...besideLive, query: 'environment=staging' },
  'GET /headgate/v1/releases/:id/conflicts': { ...besideLive, query: 'environment=staging' },
  'GET /headgate/v1/releases/:id/contents': {
    ...ofRelease(hidden(environment('project.read')), environment('live.read'), branch('catalogue.read')),
    query: 'environment=staging',
  },
  'GET /headgate/v1/releases/:id/missing-references': {
    ...ofRelease(hidden(environment('project.read')), branch('catalogue.read'), environment('live.read')),
    query: 'environment=staging',
  },
  'POST /headgate/v1/releases/:id/missing-references': {
    ...ofRelease(hidden(environment('project.read')), branch('release.edit'), environment('live.read')),
    body: { environment: 'staging' },
  },
  'GET /headgate/v1/releases/:id/whereabouts': ofRelease(project('live.read')),
  'GET /headgate/v1/releases/:id/revisions': ofRelease(),
  'GET /headgate/v1/releases/:id/revisions/:number': ofRelease(),

  'GET /headgate/v1/projects/:key/deployments': inProject(project('deployment.read')),
  'GET /headgate/v1/projects/:key/environments/:name/deployments': inEnvironment(
    environment('deployment.read'),
  ),
  'POST /headgate/v1/projects/:key/environments/:name/deployments': {
    ...inEnvironment(place('deployment.request')),
    body: { release: '$release', dry_run: true },
  },
  'POST /headgate/v1/projects/:key/environments/:name/rollback': {
    ...inEnvironment(place('deployment.roll_back')),
    body: { dry_run: true },
  },
  'GET /headgate/v1/deployments/:id': { steps: [hidden(place('deployment.read'))] },
  'GET /headgate/v1/deployments/:id/plan': { steps: [hidden(place('deployment.read'))] },
  'GET /headgate/v1/deployments/:id/items': { steps: [hidden(place('deployment.read'))] },
  'GET /headgate/v1/deployments/:id/contents': {
    steps: [hidden(place('deployment.read')), branch('catalogue.read')],
  },
  'GET /headgate/v1/plans/:id/contents': {
    steps: [hidden(place('deployment.read')), branch('catalogue.read')],
  },
  'GET /headgate/v1/plans/:id/effects': { steps: [hidden(place('deployment.read'))] },
  'GET /headgate/v1/plans/:id': { steps: [hidden(place('deployment.read'))] },
  // It was the first admin who asked for it.
  'POST /headgate/v1/deployments/:id/cancel': {
    steps: [hidden({ ...place('deployment.cancel_any'), own: 'deployment.cancel_own' })],
  },
  'GET /headgate/v1/deployments/:id/approvals': { steps: [hidden(place('deployment.read'))] },
  'POST /headgate/v1/deployments/:id/approve': {
    notOwner: true,
    ...{ steps: [hidden(place('deployment.approve'))], body: { plan_digest: `sha256:${'0'.repeat(64)}` } },
  },
  'POST /headgate/v1/deployments/:id/reject': {
    ...{ steps: [hidden(place('deployment.reject'))], body: { plan_digest: `sha256:${'0'.repeat(64)}` } },
  },
  'POST /headgate/v1/deployments/:id/override': {
    ...{ steps: [hidden(place('gate.override'))], body: { gates: ['lock'], reason: 'a walk' } },
  },
  'POST /headgate/v1/deployments/:id/report': { steps: [hidden(place('deployment.request'))] },
  'POST /headgate/v1/deployments/:id/retry': {
    steps: [hidden(place('deployment.read')), place('deployment.request')],
  },

  'GET /headgate/v1/events': somewhere('event.read'),
  'GET /headgate/v1/events/stream': { ...somewhere('event.read'), stream: true },
  'GET /headgate/v1/audit/verify': admin('event.read'),

  'GET /headgate/v1/runs': { ...inProject(project('run.read')), query: 'project=site' },
  'GET /headgate/v1/runs/:id': { steps: [hidden(environment('run.read'))] },
  'GET /headgate/v1/runs/:id/log': { steps: [hidden(environment('run.read'))] },
  'POST /headgate/v1/runs/:id/cancel': {
    steps: [hidden({ ...environment('run.cancel_any'), own: 'run.cancel_own' })],
  },
  'GET /headgate/v1/deployments/:id/log': { steps: [hidden(place('deployment.read'))] },

  'GET /headgate/v1/webhooks': admin('webhook.admin'),
  'POST /headgate/v1/webhooks': {
    ...admin('webhook.admin'),
    body: { url: 'https://example.com/hook', kinds: ['release.created'] },
  },
  'GET /headgate/v1/webhooks/:id': ofWebhook,
  'PATCH /headgate/v1/webhooks/:id': ofWebhook,
  'DELETE /headgate/v1/webhooks/:id': { ...ofWebhook, fresh: 'webhook' },
  'POST /headgate/v1/webhooks/:id/rotate': { ...ofWebhook, body: {} },
  'POST /headgate/v1/webhooks/:id/ping': ofWebhook,
  'POST /headgate/v1/webhooks/:id/replay': ofWebhook,
  'GET /headgate/v1/webhooks/:id/deliveries': ofWebhook,
  'GET /headgate/v1/webhooks/:id/deliveries/:delivery': { ...ofWebhook, absent: true },
  'POST /headgate/v1/webhooks/:id/deliveries/:delivery/replay': { ...ofWebhook, absent: true },

  'GET /headgate/v1/calendar': somewhere('deployment.read'),
  'GET /headgate/v1/calendar.ics': somewhere('deployment.read'),
  'GET /headgate/v1/insights': somewhere('deployment.read'),
  ...codeRows,
  ...infraRows,
  'POST /headgate/hooks/callbacks/:id': { steps: [], foreign: true, body: { state: 'succeeded' } },

  'GET /headgate/v1/users': admin('user.admin'),
  'POST /headgate/v1/users': { ...admin('user.admin'), body: { email: '$fresh@example.com' } },
  'GET /headgate/v1/users/:id': { ...admin('user.admin'), self: true },
  'PATCH /headgate/v1/users/:id': admin('user.admin'),
  'GET /headgate/v1/tokens': admin('token.admin'),
  'POST /headgate/v1/tokens': { ...admin('token.admin'), body: { name: '$fresh', scopes: ['event.read'] } },
  'GET /headgate/v1/tokens/:id': admin('token.admin'),
  'DELETE /headgate/v1/tokens/:id': { ...admin('token.admin'), fresh: 'token' },
}
