import type { Action } from '#domain/roles.ts'
import type { Row, Step } from './walk-table.ts'

const at = (...actions: Action[]): Row => ({
  steps: [
    { any: ['project.read'], on: 'project', hides: true },
    { any: ['project.read'], on: 'environment', hides: true },
    ...actions.map((action) => ({ any: [action], on: 'environment' as const })),
  ],
})
const key = '/headgate/v1/projects/:key'
const seen: Step = { any: ['project.read'], on: 'project', hides: true }
const inProject = (action: Action): Step => ({ any: [action], on: 'project' })
const here = '/headgate/v1/projects/:key/environments/:name'

/** What there is for projects of infrastructure. The project of the walk is none: nothing drifts there. */
export const infraRows: Readonly<Record<string, Row>> = {
  'GET /headgate/v1/drift': { steps: [{ any: ['live.read'], on: 'anywhere' }] },
  [`GET ${here}/drift`]: { ...at('live.read'), unfit: true },
  [`POST ${here}/drift`]: { ...at('run.request'), unfit: true },
  [`GET ${here}/drift/checks`]: { ...at('live.read'), unfit: true },
  [`GET ${here}/drift/ignored`]: { ...at('live.read'), unfit: true },
  [`POST ${here}/drift/ignored`]: { ...at('drift.ignore'), body: { item: 'service/api' }, unfit: true },
  [`DELETE ${here}/drift/ignored/:id`]: { ...at('drift.ignore'), absent: true, unfit: true },
  [`POST ${here}/drift/adopt`]: { ...at('deployment.request'), unfit: true },
  [`POST ${here}/drift/reassert`]: { ...at('deployment.request'), unfit: true },
  [`GET ${here}/state`]: at('live.read'),
  [`GET ${here}/state/versions`]: at('live.read'),
  [`POST ${here}/state/unlock`]: { ...at('state.unlock'), body: { lock_id: 'x' }, unfit: true },
  [`POST ${here}/state/rescue`]: { ...at('state.write'), body: { blob: '0'.repeat(64) }, unfit: true },
  [`GET ${here}/schedules`]: at('deployment.read'),
  [`POST ${here}/schedules`]: {
    ...at('schedule.edit', 'deployment.request'),
    ...{ body: { cron: '0 4 * * *' }, unfit: true },
  },
  [`GET ${here}/schedules/:id`]: { ...at(), absent: true },
  [`PATCH ${here}/schedules/:id`]: { ...at(), body: { paused: true }, absent: true },
  [`DELETE ${here}/schedules/:id`]: { ...at(), absent: true },
  [`GET ${key}/blueprint`]: { steps: [seen, inProject('project.read')], absent: true },
  [`GET ${here}/blueprint`]: { ...at('catalogue.read'), unfit: true },
  [`GET ${here}/simulation`]: { ...at('catalogue.read'), unfit: true },
  [`GET ${here}/resources`]: { ...at('catalogue.read'), unfit: true },
  [`GET ${here}/resources/:type/:resource`]: { ...at('catalogue.read'), unfit: true },
  [`POST ${here}/resources/:type/:resource/rollback`]: {
    ...at('deployment.roll_back'),
    ...{ body: { deployment: `dep_${'0'.repeat(32)}` }, absent: true },
  },
  [`GET ${here}/overrides`]: at('catalogue.read'),
  [`GET ${here}/resources/:type/:resource/override`]: { ...at('catalogue.read'), absent: true },
  [`PUT ${here}/resources/:type/:resource/override`]: {
    ...at('override.edit'),
    ...{ body: { disabled: true }, absent: true },
  },
  [`DELETE ${here}/resources/:type/:resource/override`]: { ...at('override.edit'), absent: true },
  [`GET ${here}/variables`]: at('catalogue.read'),
  [`PUT ${here}/variables/:variable`]: {
    ...at('environment.admin'),
    ...{ body: { value: 'x' }, absent: true },
  },
  [`DELETE ${here}/variables/:variable`]: { ...at('environment.admin'), absent: true },
  [`GET ${here}/artifacts`]: { ...at('catalogue.read'), absent: true },
  [`GET ${key}/artifacts`]: { steps: [seen, inProject('catalogue.read')] },
  [`POST ${key}/artifacts`]: {
    steps: [seen, inProject('artifact.register')],
    ...{ body: { application: 'api', uri: 'registry/api:1' }, absent: true },
  },
  [`POST ${key}/artifacts/:id/restore`]: { steps: [seen, inProject('artifact.register')], absent: true },
  [`POST ${here}/check`]: { ...at('run.request'), unfit: true },
}
