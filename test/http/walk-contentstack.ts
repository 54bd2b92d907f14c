import { branch, environment, hidden, place, project, type Row, type Step } from './walk-table.ts'

// The stack's key comes first: a token of another stack is no credential here, whatever it may elsewhere.

const rows = (...steps: Step[]): Row => ({ steps })
const reads = rows(branch('catalogue.read'))
const edits = rows(branch('catalogue.edit'))
const readsProject = rows(project('catalogue.read'))
const editsProject = rows(project('catalogue.edit'))
const seesStack = rows(project('project.read'))
const runsStack = rows(project('project.admin'))
const readsQueue = rows(branch('deployment.read'))
const runsEnvironments = rows(project('environment.admin'))
const runsTokens = rows(project('token.admin'))
const readsReleases = rows(branch('release.read'))
const editsReleases = rows(branch('release.edit'))
/** To the same release, which is refused to whoever may. */
const movesItems: Row = { ...editsReleases, body: { release_uid: '$release', items: ['$all'] }, unfit: true }
const inEnvironment = hidden(environment('project.read'))
const inBulk: Row = {
  ...rows(project('project.read'), inEnvironment, place('deployment.request')),
  body: { entries: [{ uid: 'blt1', content_type: 'page', locale: 'en-us' }], environments: ['staging'] },
  // Not there and not allowed are one at the vendor's.
  hiddenAs: 401,
}
const deploys = rows(project('project.read'), inEnvironment, place('deployment.request'))
const deployScope = [
  { module: 'environment', environments: ['staging'], acl: { read: true } },
  { module: 'branch', branches: ['main'] },
]
const manageScope = [
  { module: 'entry', acl: { read: true } },
  { module: 'branch', branches: ['main'] },
]
const fresh = (row: Row, noun: Row['fresh']): Row => ({ ...row, fresh: noun })

const runsWebhooks: Row = { ...rows(project('webhook.admin')), wider: ['environment_ids', 'branches'] }
const hook = {
  webhook: {
    name: 'one',
    destinations: [{ target_url: 'https://hooks.example.com/' }],
    channels: ['assets.create'],
  },
}

/** Every endpoint that is served for a stack: what it asks of its caller. */
export const stackRows: Readonly<Record<string, Row>> = {
  'stacks get': seesStack,
  'stacks update': runsStack,
  'stacks remove': fresh(runsStack, 'stack'),
  'stacks settings': seesStack,
  'stacks updateSettings': runsStack,
  'branches create': {
    ...rows(branch('catalogue.edit'), branch('catalogue.read')),
    body: { branch: { uid: 'main', source: 'main' } },
  },
  'branches list': readsProject,
  'branches get': { ...readsProject, wider: ['branches'] },
  'branches remove': { ...rows(project('branch.admin')), wider: ['branches'] },
  'branches listAliases': readsProject,
  'branches getAlias': readsProject,
  'branches putAlias': {
    ...rows(branch('branch.admin')),
    body: { branch_alias: { target_branch: 'main' } },
  },
  'branches removeAlias': rows(project('branch.admin')),
  'roles list': seesStack,
  'roles get': seesStack,
  'management tokens create': {
    ...runsTokens,
    wider: ['environment_ids', 'branches'],
    body: { token: { name: 'one', scope: manageScope } },
  },
  'management tokens list': runsTokens,
  'management tokens get': runsTokens,
  'management tokens update': runsTokens,
  'management tokens remove': runsTokens,
  'delivery tokens create': {
    ...rows(project('project.read'), inEnvironment, project('token.admin')),
    wider: ['environment_ids', 'branches'],
    body: { token: { name: 'one', scope: deployScope } },
  },
  'delivery tokens list': runsTokens,
  'delivery tokens get': runsTokens,
  'delivery tokens update': runsTokens,
  'delivery tokens remove': runsTokens,
  'preview tokens create': runsTokens,
  'preview tokens remove': runsTokens,
  'locales create': editsProject,
  'locales list': readsProject,
  'locales get': readsProject,
  'locales update': editsProject,
  'locales remove': editsProject,
  'environments create': runsEnvironments,
  'environments list': seesStack,
  'environments get': rows(project('project.read'), inEnvironment),
  'environments update': runsEnvironments,
  'environments remove': runsEnvironments,
  'content types create': edits,
  'content types list': reads,
  'content types get': reads,
  'content types update': edits,
  'content types import': edits,
  'content types export': reads,
  'content types remove': edits,
  'content types references': reads,
  'entries create': edits,
  'entries list': reads,
  'entries get': reads,
  'entries update': edits,
  'entries remove': edits,
  'entries unlocalize': { ...edits, query: 'locale=en-us' },
  'entries versions': reads,
  'entries nameVersion': edits,
  'entries unnameVersion': edits,
  'entries import': edits,
  'entries export': reads,
  'entries importOver': edits,
  'entries locales': reads,
  'entries references': reads,
  'entries publish': deploys,
  'entries unpublish': deploys,
  'assets create': { ...edits, upload: true },
  'assets list': reads,
  'assets createFolder': edits,
  'assets getFolder': reads,
  'assets updateFolder': edits,
  'assets removeFolder': edits,
  'assets get': reads,
  'assets update': edits,
  'assets remove': edits,
  'assets publish': deploys,
  'assets unpublish': deploys,
  'assets references': reads,
  'releases list': readsReleases,
  'releases create': editsReleases,
  'releases get': readsReleases,
  'releases update': editsReleases,
  'releases remove': editsReleases,
  'releases items': readsReleases,
  'releases itemsAlias': readsReleases,
  'releases addItem': editsReleases,
  'releases addItems': editsReleases,
  'releases updateItems': { ...editsReleases, body: { items: ['$all'] } },
  'releases removeItems': editsReleases,
  'releases removeItem': editsReleases,
  'releases moveItems': movesItems,
  'releases moveItemsAlias': movesItems,
  'releases moveItemsByPost': movesItems,
  'releases deploy': deploys,
  'releases clone': rows(branch('release.clone')),
  'bulk addReleaseItems': {
    ...editsReleases,
    body: { release: '$release', items: [{ uid: 'blt1', locale: 'en-us' }] },
  },
  'bulk updateReleaseItems': { ...editsReleases, body: { release: '$release', items: ['$all'] } },
  'bulk jobs': readsReleases,
  'bulk job': readsReleases,
  'bulk jobItems': readsReleases,
  'bulk publish': inBulk,
  'bulk unpublish': inBulk,
  'bulk remove': { ...edits, body: { entries: [{ uid: 'blt-none', content_type: 'page' }] } },
  'publish queue list': readsQueue,
  'publish queue get': readsQueue,
  // Of a row that is not there: whether it would be looked for is the question.
  'publish queue unschedule': readsQueue,
  'webhooks create': { ...runsWebhooks, body: hook },
  'webhooks list': rows(project('webhook.admin')),
  'webhooks get': runsWebhooks,
  'webhooks update': { ...runsWebhooks, body: hook },
  'webhooks remove': runsWebhooks,
  'webhooks executions': runsWebhooks,
  // Of an execution that is not there: whether it would be looked for is the question.
  'webhooks retry': rows(project('webhook.admin')),
  'webhooks logs': rows(project('webhook.admin')),
  'webhooks export': runsWebhooks,
  'webhooks import': rows(project('webhook.admin')),
  'webhooks importInto': runsWebhooks,
}
