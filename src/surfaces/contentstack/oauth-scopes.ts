import type { Action } from '#domain/roles.ts'

/** One of the vendor's scopes for bearers (section 1.4): where it is asked for, and what it is in our rights. */
interface OAuthScope {
  /** Of the routes of this surface, those that it opens. */
  at: RegExp
  actions: readonly Action[]
}

const sees = ['project.read', 'catalogue.read', 'live.read'] as const
const readsReleases = [...sees, 'release.read', 'deployment.read'] as const
const deploys = [...readsReleases, 'deployment.request', 'deployment.cancel_own'] as const

const releases = /\/releases(\/:release)?$/
const items = /\/releases\/:release\/(items?|update_items)/
const entry = /\/content_types\/:content_type\/entries/
const queue = /\/publish-queue/

/** In the order in which a missing one is looked for: the narrower first. */
const table = {
  'cm.release:deploy': { at: /\/deploy$/, actions: deploys },
  'cm.release:clone': { at: /\/clone$/, actions: [...readsReleases, 'release.clone'] },
  'cm.release:read': { at: items, actions: readsReleases },
  'cm.release:write': { at: items, actions: [...readsReleases, 'release.edit'] },
  'cm.releases.management:read': { at: releases, actions: readsReleases },
  'cm.releases.management:write': {
    at: releases,
    actions: [...readsReleases, 'release.edit', 'release.lock', 'release.unlock'],
  },
  'cm.bulk-operations:add-to-release': {
    at: /\/bulk\/(release|jobs)/,
    actions: [...readsReleases, 'release.edit'],
  },
  'cm.bulk-operations:publish': { at: /\/bulk\/publish$/, actions: deploys },
  'cm.bulk-operations:unpublish': { at: /\/bulk\/unpublish$/, actions: deploys },
  'cm.bulk-operations:delete': {
    at: /\/bulk\/delete$/,
    actions: [...sees, 'deployment.read', 'catalogue.edit'],
  },
  'cm.publish-queue.management:read': { at: queue, actions: [...sees, 'deployment.read'] },
  'cm.publish-queue.management:write': {
    at: queue,
    actions: [...sees, 'deployment.read', 'deployment.cancel_own'],
  },
  'cm.entry:publish': { at: /\/:entry\/publish$/, actions: deploys },
  'cm.entry:unpublish': { at: /\/:entry\/unpublish$/, actions: deploys },
  'cm.entry.workflow:write': { at: /\/:entry\/workflow$/, actions: sees },
  'cm.entries.management:read': { at: entry, actions: sees },
  'cm.entries.management:write': { at: entry, actions: [...sees, 'catalogue.edit'] },
  'cm.content-types.management:read': { at: /\/content_types/, actions: sees },
  'cm.content-types.management:write': { at: /\/content_types/, actions: [...sees, 'catalogue.edit'] },
  'cm.assets.management:read': { at: /\/assets/, actions: sees },
  'cm.assets.management:write': { at: /\/assets/, actions: [...sees, 'catalogue.edit'] },
  'cm.environments.management:read': { at: /\/environments/, actions: sees },
  'cm.environments.management:write': { at: /\/environments/, actions: [...sees, 'environment.admin'] },
  'cm.languages.management:read': { at: /\/locales/, actions: sees },
  'cm.languages.management:write': { at: /\/locales/, actions: [...sees, 'catalogue.edit'] },
  'cm.webhooks.management:read': { at: /\/webhooks/, actions: [...sees, 'webhook.admin'] },
  'cm.webhooks.management:write': { at: /\/webhooks/, actions: [...sees, 'webhook.admin'] },
  'cm.branches.management:read': { at: /\/branch/, actions: sees },
  'cm.branches.management:write': { at: /\/branch/, actions: [...sees, 'catalogue.edit', 'branch.admin'] },
  'cm.stack.management-tokens:read': { at: /\/management_tokens/, actions: [...sees, 'token.admin'] },
  'cm.stack.management-tokens:write': { at: /\/management_tokens/, actions: [...sees, 'token.admin'] },
  'cm.stack.delivery-tokens:read': { at: /\/delivery_tokens/, actions: [...sees, 'token.admin'] },
  'cm.stack.delivery-tokens:write': { at: /\/delivery_tokens/, actions: [...sees, 'token.admin'] },
} as const satisfies { readonly [scope: string]: OAuthScope }

const scopes = new Map<string, OAuthScope>(Object.entries(table))

/** What a scope is in our rights: the vendor's by the table, one of ours is itself. Undefined for one that the vendor does not have. */
export function actionsOf(scope: string): readonly string[] | undefined {
  if (!scope.startsWith('cm.')) return [scope]
  return scopes.get(scope)?.actions
}

/**
 * The vendor's scope that opens this route for an action of ours; one that only reads is none for who does not.
 * Undefined where it has none.
 */
export function scopeFor(action: string, route: string, reads: boolean): string | undefined {
  const found = [...scopes].find(
    ([scope, { at, actions }]) =>
      at.test(route) &&
      (actions as readonly string[]).includes(action) &&
      (reads || !scope.endsWith(':read')),
  )
  return found?.[0]
}
