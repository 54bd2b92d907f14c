import { listPublishedItems } from '#app/content/published-items.ts'
import { getPublishedContentType } from '#app/content/published-types.ts'
import type { PublishedView } from '#app/content/published-entries.ts'
import type { Field, Json, JsonObject } from '#catalogue/content/field.ts'
import { DomainError } from '#domain/errors.ts'
import { assetPlace } from './answer-entries.ts'
import { limits } from './limits.ts'
import { uidsOf } from './names.ts'
import type { StackCall } from './route.ts'
import { filesIn, isObject, mapLeaves } from './translate/leaves.ts'
import { writePublished, type PublishedNames } from './translate/published.ts'

/** Where, in which language and how far a delivery read looks. */
export interface Reading {
  call: StackCall
  environment_id: string
  environment_uid: string
  locale: string | undefined
  fallback: boolean
}

/**
 * Published items as the delivery API answers them. File fields carry their assets; `paths` names the references to
 * carry whole (`author`, `author.company`). What is not live in the environment is left out. One statement a level.
 * Throws `limit_reached`: what several items share is read once, but stands in the answer wherever it is named.
 */
export async function expandPublished(
  reading: Reading,
  views: readonly PublishedView[],
  paths: readonly string[],
): Promise<JsonObject[]> {
  if (paths.length > limits.includes)
    throw new DomainError('limit_reached', { limit: 'include paths', most: limits.includes })
  if (paths.some((path) => path.split('.').length > limits.includeDepth))
    throw new DomainError('limit_reached', { limit: 'include levels', most: limits.includeDepth })
  const expanded = await expand(reading, views, paths)
  return expanded.map(({ told }) => told)
}

interface Expanded {
  told: JsonObject
  assets: number
  /** Objects that are carried for its references, at any depth, with their assets. */
  included: number
}

async function expand(
  reading: Reading,
  views: readonly PublishedView[],
  paths: readonly string[],
): Promise<Expanded[]> {
  if (views.length === 0) return []
  const typed = await withFields(reading, views)
  const within = await readWithin(reading, typed, paths)
  const names = await namesOf(reading, [...views, ...within.assets])
  const place = assetPlace(reading.call)
  const assets = new Map(
    within.assets.map((asset) => [asset.uid, writePublished(asset, asset.data, place, names)]),
  )
  const put = <T>(value: Json, known: ReadonlyMap<string, T>, write: (one: T) => JsonObject): Json => {
    const list = [value].flat().flatMap((one) => {
      const found = known.get(uidOf(one))
      return found === undefined ? [] : [write(found)]
    })
    return Array.isArray(value) ? list : (list[0] ?? null)
  }
  const counted = { assets: 0, included: 0 }
  let all = 0
  return typed.map(({ view, fields }) => {
    Object.assign(counted, { assets: 0, included: 0 })
    const data = mapLeaves(fields, view.data, (field, value, path) => {
      if (field.type === 'file')
        return put(value, assets, (asset) => {
          counted.assets += 1
          return asset
        })
      if (!reaches(paths, path)) return value
      return put(value, within.entries, ({ told, ...carried }) => {
        counted.included += 1 + carried.assets + carried.included
        return told
      })
    })
    all += counted.included
    if (all > limits.included)
      throw new DomainError('limit_reached', { limit: 'include objects', most: limits.included })
    return { told: writePublished(view, data, place, names), ...counted }
  })
}

type Typed = { view: PublishedView; fields: readonly Field[] }

async function withFields({ call }: Reading, views: readonly PublishedView[]): Promise<Typed[]> {
  const { ctx, project_id, branch } = call
  const uids = [...new Set(views.flatMap(({ content_type_uid }) => content_type_uid ?? []))]
  const types = await Promise.all(
    uids.map((uid) => getPublishedContentType(ctx, { project_id, branch, uid })),
  )
  return views.map((view) => ({
    view,
    fields: types.find(({ uid }) => uid === view.content_type_uid)?.fields ?? [],
  }))
}

/** What the views' file fields and included references name, as far as it is live. */
async function readWithin(reading: Reading, typed: readonly Typed[], paths: readonly string[]) {
  const uids = new Set<string>()
  for (const { view, fields } of typed) {
    for (const uid of filesIn(fields, view.data)) uids.add(uid)
    mapLeaves(fields, view.data, (field, value, path) => {
      if (field.type === 'reference' && reaches(paths, path))
        for (const one of [value].flat()) uids.add(uidOf(one))
      return value
    })
  }
  if (uids.size === 0) return { assets: [], entries: new Map<string, Expanded>() }
  const { call, environment_id, locale, fallback } = reading
  const { ctx, project_id, branch } = call
  const place = { project_id, branch, environment_id, locale, fallback }
  const live = await listPublishedItems(ctx, { ...place, uids: [...uids] })
  const entries = live.filter(({ kind }) => kind === 'entry')
  const expanded = await expand(reading, entries, deeper(typed, paths))
  const named = expanded.map(({ told, ...counted }, index) => ({
    told: { ...told, _content_type_uid: entries[index]?.content_type_uid ?? null },
    ...counted,
  }))
  return {
    assets: live.filter(({ kind }) => kind === 'asset'),
    entries: new Map(named.map((entry) => [uidOf(entry.told), entry])),
  }
}

/** Whether the reference at `path` is to be carried whole. */
function reaches(paths: readonly string[], path: string): boolean {
  return paths.some((one) => one === path || one.startsWith(`${path}.`))
}

/** What is left of the paths behind the references of this level. Each is shorter, so that circles end. */
function deeper(typed: readonly Typed[], paths: readonly string[]): string[] {
  const left = new Set<string>()
  for (const { view, fields } of typed)
    mapLeaves(fields, view.data, (field, value, path) => {
      if (field.type === 'reference')
        for (const one of paths) if (one.startsWith(`${path}.`)) left.add(one.slice(path.length + 1))
      return value
    })
  return [...left]
}

async function namesOf(
  { call, environment_uid }: Reading,
  views: readonly PublishedView[],
): Promise<PublishedNames> {
  const people = views.flatMap((view) => [view.created_by, view.updated_by, view.published.by])
  return { users: await uidsOf(call.ctx, 'user', people), environment_uid }
}

function uidOf(value: Json): string {
  if (typeof value === 'string') return value
  return isObject(value) && typeof value.uid === 'string' ? value.uid : ''
}
