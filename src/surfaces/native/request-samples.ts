const item = 'main/blt0123456789abcdef/en-us'
const freeze = {
  kind: 'emergency',
  reason: 'The shop is on television',
  expires_at: '2026-12-25T06:00:00.000Z',
}
const digest = 'sha256:'.padEnd(71, '0')

/**
 * Sample bodies of operations whose schema alone gives none that says something. The others' are made from their
 * schemas; `POST …` is the method and the path under the root, as the document writes it.
 */
export const requestSamples: Readonly<Record<string, object>> = {
  'POST /projects': { key: 'website', name: 'Website', kind: 'content' },
  'POST /projects/{key}/environments': { name: 'production', parent: 'staging', tier: 'production' },
  'PATCH /projects/{key}/environments/{name}': { tier: 'production' },
  'POST /projects/{key}/releases': { name: 'Spring', description: 'What goes live in spring' },
  'PATCH /releases/{id}': { name: 'Spring, again' },
  'POST /releases/{id}/clone': { name: 'Spring, again' },
  'POST /releases/{id}/items': { items: [{ key: item, action: 'publish' }] },
  'DELETE /releases/{id}/items': { keys: [item] },
  'POST /releases/{id}/missing-references': { environment: 'production' },
  'POST /releases/{id}/items/move': { to: 'rel_'.padEnd(36, '0'), keys: [item] },
  'POST /projects/{key}/environments/{name}/rollback': { reason: 'The price list is wrong' },
  'POST /projects/{key}/freeze': freeze,
  'POST /projects/{key}/environments/{name}/freeze': freeze,
  'POST /deployments/{id}/approve': { plan_digest: digest, reason: 'Looked at in staging' },
  'POST /deployments/{id}/override': { gates: ['freeze'], reason: 'The shop is down' },
  'POST /projects/{key}/cut': { release: '1.4.0', commit: '0123abc' },
  'POST /projects/{key}/pick': { commit: '0123abc', base: '1.4.0-rc1', also: ['1.5.0-rc1'] },
  'POST /candidates/{id}/accept': { commit: '0123abc' },
  'POST /candidates/{id}/build': { reason: 'The disk of the runner was full' },
  'POST /candidates/{id}/drop': { reason: 'Nobody needs the fix any more' },
  'POST /candidates/{id}/pick-again': { reason: 'The repository can be reached again' },
  'POST /projects/{key}/environments/{name}/state/unlock': {
    ...{ lock_id: '6ff1a0b6-1c5b-4d1e-9d3f-0b8f6f6f2a11', reason: 'The laptop that held it is gone' },
  },
  'POST /projects/{key}/environments/{name}/schedules': { cron: '0 4 * * 1-5', time_zone: 'Europe/Paris' },
  'POST /users': {
    email: 'ada@example.com',
    name: 'Ada',
    grants: [{ project: 'website', role: 'releaser' }],
  },
  'POST /tokens': { name: 'ci', scopes: ['release.*', 'deployment.request'] },
  'POST /webhooks': { url: 'https://example.com/hooks/headgate', kinds: ['deployment.finished'] },
  'POST /webhooks/{id}/rotate': { keep_hours: 24 },
}
