import { chainOf } from '#catalogue/content/locales.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { findJournalEnd, findJournalPlace, hasJournalPlace, journalStart } from '#store/content-edition.ts'
import { countFollowed, listFollowed, type Followed } from '#store/content-followed.ts'
import { listChanges, type FollowedChange } from '#store/content-journal.ts'
import {
  findLastContentTypeRemoval,
  hasContentTypeRemoval,
  listContentTypeRemovals,
} from '#store/content-type-removal.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { contentModel, typesOf } from './content-model.ts'
import type { Place } from './content-place.ts'
import type { PublishedView } from './published-entries.ts'
import { readSyncToken, writeSyncToken, type SyncFilter, type SyncPlace } from './sync-token.ts'

/** What a client can be told of. */
export const syncTypes = [
  'entry_published',
  'entry_unpublished',
  'entry_deleted',
  'asset_published',
  'asset_unpublished',
  'asset_deleted',
  'content_type_deleted',
] as const
export type SyncType = (typeof syncTypes)[number]

const published: readonly SyncType[] = ['entry_published', 'asset_published']

/**
 * Changes that are looked at for each item on a page: of what is changed over and over, the last one is told of. On the
 * first page more, to know how much there will be.
 */
const looks = { first: 50, next: 5 }
/** Values in a list of a filter, which goes into every token. */
const mostValues = 50

export interface SyncStart {
  /** In which locales; all where left out. */
  locales?: readonly string[]
  /** Of one locale: whether what is live in a fallback stands in. */
  fallback?: boolean
  /** Entries of these; all where left out. */
  content_types?: readonly string[]
  /** Whether assets belong to it. */
  assets: boolean
  /** At first only what is published, and everything from then on, where left out. */
  types?: readonly SyncType[]
  /** Only what changed since. */
  since?: Date
}

export type SyncQuestion = Place & {
  environment_id: string
  /** Items on a page. */
  limit: number
} & ({ start: SyncStart } | { token: string })

export interface SyncItem {
  type: SyncType
  content_type_uid: string | null
  /** Of what went; null for content types. */
  uid: string | null
  locale: string | null
  at: Date
  /** Where it is published. */
  view?: PublishedView
}

export interface SyncAnswer {
  items: SyncItem[]
  skip: number
  total: number
  token: string
  /** Whether the client has all, until something changes. */
  ended: boolean
}

/**
 * What an environment serves, from the beginning or from where a token stands: pages to be followed until one has
 * `ended`. Whoever does, and comes back with the last token, has what readers are served: nothing that was changed
 * meanwhile is missed. Throws `invalid` (`token`, `environment`, `branch`, `locales`, `content_types`) and `not_found` (the branch).
 */
export async function syncPublished(ctx: Context, asked: SyncQuestion): Promise<SyncAnswer> {
  const { project_id, environment_id, branch } = asked
  authorize(ctx, 'live.read', { project_id, environment_id, branch })
  const { branches, locales } = await contentModel(ctx, project_id)
  const branch_id = branches.get(branch)
  if (branch_id === undefined) throw new DomainError('not_found', { what: 'branch', id: branch })
  const at = { environment_id, branch_id }
  const place =
    'token' in asked
      ? await continued(ctx, at, readSyncToken(ctx, project_id, asked.token))
      : await begun(ctx, at, await filterOf(ctx, branch_id, locales, asked.start), asked.start.since)
  const followed: Followed = {
    ...{ ...at, ...place.filter, branch },
    types: typesTold(place),
    fallbacks: [...new Set((place.filter.locales ?? []).flatMap((code) => chainOf(locales, code)))],
  }
  const { items, next, ended } = await (place.live === null ? readJournal : readLive)(
    ctx,
    place,
    followed,
    asked.limit,
  )
  const skip = place.skip + items.length
  const onward = ended ? { ...next, initial: false, skip: 0, total: 0 } : { ...next, skip }
  const token = writeSyncToken(ctx, project_id, onward)
  return { items, skip: place.skip, total: Math.max(next.total, skip), token, ended }
}

type At = Pick<SyncPlace, 'environment_id' | 'branch_id'>

/** Throws `invalid` where a token belongs elsewhere, or to what was before a backup was restored. */
async function continued(ctx: Context, at: At, place: SyncPlace): Promise<SyncPlace> {
  if (place.environment_id !== at.environment_id)
    throw invalidField('environment', 'invalid', 'is not the one that the token was given out for.')
  if (place.branch_id !== at.branch_id)
    throw invalidField('branch', 'invalid', 'is not the one that the token was given out for.')
  const known =
    (await hasJournalPlace(ctx.db, at.environment_id, place.journal)) &&
    (place.removal === null || (await hasContentTypeRemoval(ctx.db, at.branch_id, place.removal)))
  if (known) return place
  throw invalidField(
    'token',
    'invalid',
    'is of a history that is gone: a backup was restored since. Begin again with an initial sync.',
  )
}

/** Where a client begins. The journal's place is taken before anything is read: what comes meanwhile is told later. */
async function begun(ctx: Context, at: At, filter: SyncFilter, since?: Date): Promise<SyncPlace> {
  // Who asks for what has gone is told of it from the journal, and of what is there as well.
  const gone = filter.types?.some((type) => !published.includes(type as SyncType)) ?? false
  const journal = since
    ? await findJournalPlace(ctx.db, at.environment_id, since)
    : gone
      ? journalStart
      : await findJournalEnd(ctx.db, at.environment_id)
  const removal = gone && !since ? undefined : await findLastContentTypeRemoval(ctx.db, at.branch_id, since)
  return {
    ...{ ...at, filter, journal, initial: true, skip: 0, total: 0 },
    removal: removal ? { ordinal: removal.ordinal, content_type_uid: removal.content_type_uid } : null,
    live: since || gone ? null : 'all',
  }
}

/** Throws `invalid`. */
async function filterOf(
  ctx: Context,
  branchId: string,
  known: Parameters<typeof chainOf>[0],
  { locales, fallback = false, content_types, assets, types }: SyncStart,
): Promise<SyncFilter> {
  const unknown = locales?.find((code) => !known.some((locale) => locale.code === code))
  if (unknown !== undefined)
    throw invalidField('locales', 'invalid', `has ${unknown}, which is no language here.`)
  if (fallback && locales?.length !== 1)
    throw invalidField('fallback', 'invalid', 'goes with one language: each has fallbacks of its own.')
  const there = content_types && (await typesOf(ctx, branchId))
  const strange = content_types?.find((uid) => !there?.has(uid))
  if (strange !== undefined)
    throw invalidField('content_types', 'invalid', `has ${strange}, which is no content type here.`)
  for (const [field, list] of Object.entries({ locales, content_types }))
    if (list && list.length > mostValues)
      throw invalidField(field, 'invalid', `can name ${mostValues} at most.`)
  return {
    locales: locales ?? null,
    follow: fallback,
    content_types: content_types ?? null,
    assets,
    types: types ?? null,
  }
}

function typesTold({ filter, initial }: SyncPlace): readonly string[] {
  return filter.types ?? (initial ? published : syncTypes)
}

interface Read {
  items: SyncItem[]
  next: SyncPlace
  ended: boolean
}

async function readLive(ctx: Context, place: SyncPlace, followed: Followed, limit: number): Promise<Read> {
  const first = place.live === 'all'
  const total = first ? await countFollowed(ctx.db, followed) : place.total
  const after = place.live === 'all' || place.live === null ? {} : { after: place.live }
  const rows = await listFollowed(ctx.db, followed, { ...after, limit: limit + 1 })
  const page = rows.slice(0, limit)
  const items = page.map((view): SyncItem => {
    const { kind, content_type_uid, uid, published: where } = view
    return { type: `${kind}_published`, content_type_uid, uid, locale: where.locale, at: where.at, view }
  })
  const last = page.at(-1)
  const ended = rows.length <= limit
  const live = last && {
    ...{ kind: last.kind, content_type_uid: last.content_type_uid ?? '' },
    ...{ locale: last.published.locale, id: last.id },
  }
  return { items, ended, next: { ...place, total, live: ended ? null : (live ?? null) } }
}

/**
 * The journal is read before the removals: a type that goes in between, and comes back with new entries, goes for the
 * client before they come.
 */
async function readJournal(ctx: Context, place: SyncPlace, followed: Followed, limit: number): Promise<Read> {
  const { changes, total, next, ended } = await listChanges(ctx.db, followed, {
    ...{ after: place.journal, limit, window: limit * (place.skip === 0 ? looks.first : looks.next) },
  })
  const told = followed.types.includes('content_type_deleted')
  const removals = told
    ? await listContentTypeRemovals(ctx.db, followed.branch_id, {
        ...{ after: place.removal?.ordinal ?? 0, limit },
      })
    : []
  const types = removals
    .filter(({ content_type_uid: uid }) => followed.content_types?.includes(uid) ?? true)
    .map(({ content_type_uid, removed_at: at }): SyncItem => {
      return { type: 'content_type_deleted', content_type_uid, uid: null, locale: null, at }
    })
  const fitting = changes.slice(0, limit - removals.length)
  const cut = fitting.length < changes.length
  const last = removals.at(-1)
  return {
    items: [...types, ...fitting.map(itemOf)],
    ended: ended && !cut && removals.length < limit,
    next: {
      ...place,
      journal: cut ? (fitting.at(-1)?.place ?? place.journal) : next,
      removal: last ? { ordinal: last.ordinal, content_type_uid: last.content_type_uid } : place.removal,
      total: Math.max(place.total, place.skip + total + types.length),
    },
  }
}

function itemOf({ kind, content_type_uid, uid, locale, state, at, view }: FollowedChange): SyncItem {
  const item = { type: `${kind}_${state}` as const, content_type_uid, uid, locale }
  return view ? { ...item, at: view.published.at, view } : { ...item, at }
}
