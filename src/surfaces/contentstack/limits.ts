import { recallAnnotations } from '#app/projects/recall-annotations.ts'
import type { House } from '#app/context.ts'
import { DomainError, invalidField } from '#domain/errors.ts'

/** The vendor's limits that are the same for every stack (spec/contentstack.md sections 1.8 and 2.7). */
export const limits = {
  /** Of a list, unless `limit` asks for fewer. */
  page: 100,
  /** Requests in a second, as the headers say it where nothing is limited at this door, so that it is never used up. */
  rate: 10_000,
  /** References behind references that `include[]` may name. */
  includeDepth: 5,
  /** Paths of `include[]`. */
  includes: 50,
  /** Objects, counted wherever they are carried, that one answer includes: what is shared is written out each time. */
  included: 10_000,
  /** What fits an integer column. */
  number: 2_147_483_647,
} as const

/** What `content.limits` of headgate.yaml may set for a project: the vendor's number, and the most we can do. */
export const settableLimits = {
  /** Characters of a release's name. */
  release_name_characters: { vendor: 50, most: 255 },
  /** Items that one request may add to, move or remove from a release. */
  items_per_request: { vendor: 25, most: 10_000 },
  /** The same with `release_version: 2.0`; the vendor's pages disagree, its newer one says this. */
  items_per_request_v2: { vendor: 100, most: 10_000 },
  items_per_release: { vendor: 500, most: 10_000 },
  management_tokens: { vendor: 30, most: 10_000 },
  /** Entries and assets that one bulk request may publish or unpublish, in how many languages and environments. */
  bulk_items: { vendor: 10, most: 1_000 },
  bulk_locales: { vendor: 10, most: 1_000 },
  bulk_environments: { vendor: 10, most: 100 },
  /** Entries and assets that one bulk request may delete. */
  bulk_items_to_delete: { vendor: 100, most: 10_000 },
  /** How far ahead a deployment may be scheduled. */
  schedule_months: { vendor: 12, most: 120 },
  /** How long proxies may keep what the delivery API answers, and how long after that while they ask again. */
  cache_seconds: { vendor: 10, most: 31_536_000 },
  stale_seconds: { vendor: 60, most: 31_536_000 },
} as const

export type LimitName = keyof typeof settableLimits
export type ProjectLimits = { readonly [L in LimitName]: number }

export const limitNames = Object.keys(settableLimits) as LimitName[]

/** Under which a project's own limits are noted. */
export const limitsWord = 'contentstack/limits'

/** The limits of the stack that a request is about. From memory: it costs no query. */
export async function limitsOf(stack: {
  house: Pick<House, 'db' | 'now'>
  project_id: string
}): Promise<ProjectLimits> {
  const { [limitsWord]: own } = await recallAnnotations(stack.house, stack)
  if (typeof own !== 'object' || own === null) return vendorLimits
  const known = settled.get(own) ?? withDefaults(own)
  settled.set(own, known)
  return known
}

/** What was made of notes that are remembered: every read of a site asks. */
const settled = new WeakMap<object, ProjectLimits>()

/** The limits noted of a project, with the vendor's where it notes none. */
export function withDefaults(noted: unknown): ProjectLimits {
  const own = (noted ?? {}) as { [name: string]: unknown }
  const settled = limitNames.map((name) => {
    const value = own[name]
    return [name, typeof value === 'number' ? value : settableLimits[name].vendor] as const
  })
  return Object.fromEntries(settled) as ProjectLimits
}

const vendorLimits = withDefaults(undefined)

/** Where a limit is set, for who runs into it. */
export function whereSet(name: LimitName): string {
  return `content.limits.${name} of the project in headgate.yaml`
}

/** In which words an error tells of a limit that is set somewhere; its first word is the field. */
const saidAs: { [words: string]: LimitName } = {
  'items in one request': 'items_per_request',
  'items in one request with release_version 2.0': 'items_per_request_v2',
  'items of a release': 'items_per_release',
  'entries and assets in one bulk request': 'bulk_items',
  'locales in one bulk request': 'bulk_locales',
  'environments in one bulk request': 'bulk_environments',
  'entries and assets to delete in one bulk request': 'bulk_items_to_delete',
  'tokens of this kind in a project': 'management_tokens',
}

/** A sentence on where the limit is set that an error tells of in these words; nothing where it is set nowhere. */
export function settingOf(words: string): string {
  const name = saidAs[words]
  return name ? ` The limit is ${whereSet(name)}.` : ''
}

/** Throws `invalid` where a release's name is longer than it may be. */
export function refuseLongName({ release_name_characters: most }: ProjectLimits, name: string | undefined) {
  if (name === undefined || name.length <= most) return
  const detail = `must be ${most} characters at most (${whereSet('release_name_characters')}).`
  throw invalidField('name', 'too_long', detail)
}

/** Throws `limit_reached` where one request names more items than it may. */
export function refuseTooMany(of: ProjectLimits, items: readonly unknown[], v2: boolean): void {
  const most = v2 ? of.items_per_request_v2 : of.items_per_request
  if (items.length <= most) return
  const limit = v2 ? 'items in one request with release_version 2.0' : 'items in one request'
  throw new DomainError('limit_reached', { limit, most })
}

/** As refuseTooMany, for a limit that stands in the list by its words. */
export function refuseMore(of: ProjectLimits, name: LimitName, items: readonly unknown[]): void {
  const words = Object.keys(saidAs).find((said) => saidAs[said] === name) ?? name
  if (items.length > of[name]) throw new DomainError('limit_reached', { limit: words, most: of[name] })
}
