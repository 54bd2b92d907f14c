import type { Action } from '#domain/roles.ts'
import type { Row } from './walk-table.ts'

const readProject = { any: ['project.read'], on: 'project', hides: true } as const
const inReach = (action: Action) => ({ any: [action], on: 'project', hides: true }) as const
const inProject = (...actions: Action[]): Row => ({
  steps: [readProject, ...actions.map((action) => ({ any: [action], on: 'project' as const }))],
})

/** What there is for projects of code. The project of the walk is none, and has no repository. */
export const codeRows: Readonly<Record<string, Row>> = {
  'POST /headgate/v1/projects/:key/cut': { ...inProject('release.edit'), absent: true, unfit: true },
  'GET /headgate/v1/projects/:key/candidates': inProject('release.read'),
  'GET /headgate/v1/candidates/:id': { steps: [inReach('release.read')] },
  'POST /headgate/v1/candidates/:id/build': { steps: [inReach('release.edit')], unfit: true },
  'POST /headgate/v1/projects/:key/pick': {
    ...inProject('release.edit'),
    absent: true,
    body: { commit: 'abcdef1', base: '1.0.0-rc1' },
  },
  'GET /headgate/v1/projects/:key/pick': {
    ...{
      steps: [
        readProject,
        { any: ['catalogue.read'], on: 'project' },
        { any: ['release.read'], on: 'project' },
      ],
    },
    unfit: true,
  },
  'GET /headgate/v1/candidates/:id/picks': { steps: [inReach('release.read')] },
  'POST /headgate/v1/candidates/:id/accept': { steps: [inReach('release.edit')], unfit: true },
  'POST /headgate/v1/candidates/:id/drop': { steps: [inReach('release.edit')], unfit: true },
  'POST /headgate/v1/candidates/:id/pick-again': { steps: [inReach('release.edit')], unfit: true },
  'GET /headgate/v1/candidates/:id/changelog': { steps: [inReach('release.read')], absent: true },
  'GET /headgate/v1/projects/:key/changelog': {
    ...inProject('release.read', 'catalogue.read'),
    absent: true,
  },
  'GET /headgate/v1/projects/:key/contains': {
    ...inProject('release.read', 'live.read', 'catalogue.read'),
    ...{ absent: true, query: 'commit=0123456789' },
  },
  'GET /headgate/v1/projects/:key/commits/:sha': { ...inProject('catalogue.read'), absent: true },
  'GET /headgate/v1/projects/:key/repository': { ...inProject('catalogue.read'), absent: true },
  'POST /headgate/v1/projects/:key/fetch': { ...inProject('catalogue.edit'), absent: true },
  'POST /headgate/hooks/github': { steps: [], foreign: true, body: {} },
  'POST /headgate/hooks/repositories/*': { steps: [], foreign: true, body: {} },
}
