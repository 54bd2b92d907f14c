import { measureAssets } from '#app/content/measure-assets.ts'
import { listPublishedBehind, type Include } from '#app/content/published-items.ts'
import type { PublishedView } from '#app/content/published-entries.ts'
import { publishedTypes } from '#app/content/published-types.ts'
import type { JsonObject } from '#catalogue/content/field.ts'
import { DomainError } from '#domain/errors.ts'
import { assetPlace } from './asset-place.ts'
import { limits } from './limits.ts'
import { uidsOf } from './names.ts'
import { flag, texts, type Query } from './query.ts'
import type { StackCall } from './route.ts'
import { includeWriter } from './translate/include.ts'
import { narrowings } from './translate/narrow.ts'

/** Where, in which language and how far a delivery read looks. */
export interface Reading {
  call: StackCall
  environment_id: string
  environment_uid: string
  locale: string | undefined
  fallback: boolean
  /** The release that is previewed. */
  release_id?: string
}

/**
 * What a delivery read carries beside the entries: `include[]`, `include_embedded_items[]`. Throws `limit_reached`:
 * what several items share is read once, but stands in the answer wherever it is named.
 */
export function readInclude(query: Query): Include {
  const paths = texts(query, 'include')
  if (paths.length > limits.includes)
    throw new DomainError('limit_reached', { limit: 'include paths', most: limits.includes })
  if (paths.some((path) => path.split('.').length > limits.includeDepth))
    throw new DomainError('limit_reached', { limit: 'include levels', most: limits.includeDepth })
  return { paths, embedded: texts(query, 'include_embedded_items').length > 0 }
}

/**
 * Published items as the delivery API answers them. File fields carry their assets; `include` names the references
 * to carry whole (`author`, `author.company`). What is not live in the environment is left out. `behind` is what they
 * point at, where it was read with them; else one statement reads it, however deep.
 */
export async function expandPublished(
  reading: Reading,
  views: readonly PublishedView[],
  include: Include | readonly string[] = [],
  behind?: readonly PublishedView[],
): Promise<JsonObject[]> {
  const { call, environment_id, environment_uid, locale, fallback, release_id } = reading
  const { ctx, project_id, branch, query } = call
  if (views.length === 0) return []
  const wanted: Include = 'paths' in include ? include : { paths: include, embedded: false }
  const place = { project_id, branch, environment_id, locale, fallback, release_id }
  const within = behind ?? (await listPublishedBehind(ctx, { ...place, views, include: wanted }))
  const people = new Set<string | null>()
  for (const view of [...views, ...within]) {
    people.add(view.created_by)
    people.add(view.updated_by)
    people.add(view.published.by)
  }
  const pictures = flag(query, 'include_dimension') ? [...views, ...within].flatMap(pictureOf) : []
  const writer = includeWriter({
    types: await publishedTypes(ctx, { project_id, branch, environment_id }),
    behind: new Map(within.map((view) => [view.uid, view])),
    include: wanted,
    narrowed: narrowings(query),
    place: assetPlace(call),
    names: { users: await uidsOf(ctx, 'user', [...people]), environment_uid },
    metadata: flag(query, 'include_metadata'),
    dimensions: await measureAssets(ctx, pictures),
  })
  return views.map((view) => {
    const told = writer(view)
    return flag(query, 'include_branch') ? { ...told, _branch: branch } : told
  })
}

function pictureOf({ kind, data }: PublishedView): { digest: string; content_type: string }[] {
  const { digest, content_type } = data
  if (kind !== 'asset' || typeof digest !== 'string' || typeof content_type !== 'string') return []
  return [{ digest, content_type }]
}
