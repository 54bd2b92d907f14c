import { getContentType } from '#app/content/get-content-type.ts'
import type { EntryView } from '#app/content/get-entry.ts'
import { listAssets } from '#app/content/list-assets.ts'
import { listEntriesByUid } from '#app/content/list-entries-by-uid.ts'
import { measureAssets } from '#app/content/measure-assets.ts'
import type { Field, Json, JsonObject } from '#catalogue/content/field.ts'
import { DomainError } from '#domain/errors.ts'
import { assetPlace } from './asset-place.ts'
import { limits } from './limits.ts'
import { uidsOf } from './names.ts'
import { flag, text } from './query.ts'
import type { StackCall } from './route.ts'
import { writeAsset } from './translate/asset.ts'
import { writeEntry, type EntryNames } from './translate/entry.ts'
import { filesIn, isObject, mapLeaves } from './translate/leaves.ts'

interface Typed {
  entry: EntryView
  fields: readonly Field[]
}

/** Content types by uid, each read once for an answer. */
type Types = Map<string, Promise<readonly Field[]>>

/**
 * Drafts as the management API answers them. File fields carry their assets; `paths` names the references to carry
 * whole (`author`, `author.company`), which stay references where the entry is gone: clients put back what they were
 * given. A constant number of statements a level. Throws `limit_reached`.
 */
export async function expandDrafts(
  call: StackCall,
  entries: readonly EntryView[],
  paths: readonly string[],
): Promise<JsonObject[]> {
  if (paths.length > limits.includes)
    throw new DomainError('limit_reached', { limit: 'include paths', most: limits.includes })
  if (paths.some((path) => path.split('.').length > limits.includeDepth))
    throw new DomainError('limit_reached', { limit: 'include levels', most: limits.includeDepth })
  const told = await expand(call, entries, paths, new Map())
  return told.map(({ answer }) => answer)
}

interface Told {
  answer: JsonObject
  /** Entries that it carries, at any depth. */
  carried: number
}

async function expand(
  call: StackCall,
  entries: readonly EntryView[],
  paths: readonly string[],
  types: Types,
): Promise<Told[]> {
  if (entries.length === 0) return []
  const typed = await withFields(call, entries, types)
  const within = await includedIn(call, typed, paths, types)
  const names = await namesOf(call, typed)
  let all = 0
  return typed.map(({ entry, fields }) => {
    const answer = writeEntry(entry, fields, names)
    if (within.size === 0) return { answer, carried: 0 }
    let carried = 0
    const put = mapLeaves(fields, answer, (field, value, path) => {
      if (field.type !== 'reference' || !reaches(paths, path) || !Array.isArray(value)) return value
      return value.map((one) => {
        const found = within.get(uidOf(one))
        carried += found ? 1 + found.carried : 0
        return found?.answer ?? one
      })
    })
    all += carried
    if (all > limits.included)
      throw new DomainError('limit_reached', { limit: 'include objects', most: limits.included })
    return { answer: put, carried }
  })
}

async function withFields(
  { ctx, project_id, branch }: StackCall,
  entries: readonly EntryView[],
  types: Types,
): Promise<Typed[]> {
  for (const { content_type_uid: uid } of entries)
    if (!types.has(uid))
      types.set(
        uid,
        getContentType(ctx, { project_id, branch, uid }).then(({ fields }) => fields),
      )
  return Promise.all(
    entries.map(async (entry) => ({ entry, fields: (await types.get(entry.content_type_uid)) ?? [] })),
  )
}

/** What the included references name, as far as it is there, by uid. */
async function includedIn(
  call: StackCall,
  typed: readonly Typed[],
  paths: readonly string[],
  types: Types,
): Promise<ReadonlyMap<string, Told>> {
  const uids = new Set<string>()
  const left = new Set<string>()
  if (paths.length > 0)
    for (const { entry, fields } of typed)
      mapLeaves(fields, entry.data, (field, value, path) => {
        if (field.type !== 'reference' || !reaches(paths, path)) return value
        for (const one of [value].flat()) uids.add(uidOf(one))
        // Each is shorter, so that circles end.
        for (const one of paths) if (one.startsWith(`${path}.`)) left.add(one.slice(path.length + 1))
        return value
      })
  if (uids.size === 0) return new Map()
  if (uids.size > limits.included)
    throw new DomainError('limit_reached', { limit: 'include objects', most: limits.included })
  const { ctx, project_id, branch, query } = call
  const place = { project_id, branch, locale: text(query, 'locale') }
  const found = await listEntriesByUid(ctx, { ...place, uids: [...uids] })
  const told = await expand(call, found, [...left], types)
  return new Map(
    told.map(({ answer, carried }, index) => {
      const { uid, content_type_uid } = found[index]!
      return [uid, { answer: { ...answer, _content_type_uid: content_type_uid }, carried }]
    }),
  )
}

/** The vendor's words for everything that the entries name; their assets are one query for all of them. */
async function namesOf(call: StackCall, typed: readonly Typed[]): Promise<EntryNames> {
  const { ctx, project_id, branch } = call
  const uids = [...new Set(typed.flatMap(({ entry, fields }) => filesIn(fields, entry.data)))]
  const { assets } =
    uids.length > 0 ? await listAssets(ctx, { project_id, branch, uids, limit: uids.length }) : { assets: [] }
  const entries = typed.map(({ entry }) => entry)
  const details = entries.flatMap(({ publish_details = [] }) => publish_details)
  const people = [...entries, ...assets].flatMap((one) => [one.created_by, one.updated_by])
  const [users, environments] = await Promise.all([
    uidsOf(ctx, 'user', [...people, ...details.map(({ published_by }) => published_by)]),
    uidsOf(
      ctx,
      'environment',
      details.map(({ environment_id }) => environment_id),
    ),
  ])
  const dimensions = flag(call.query, 'include_dimension') ? await measureAssets(ctx, assets) : undefined
  const told = assets.map((asset): [string, JsonObject] => {
    const dimension = dimensions?.get(asset.digest)
    const answer = writeAsset(asset, assetPlace(call), users)
    return [asset.uid, dimension ? { ...answer, dimension: { ...dimension } } : answer]
  })
  return { users, environments, assets: new Map(told) }
}

function reaches(paths: readonly string[], path: string): boolean {
  return paths.some((one) => one === path || one.startsWith(`${path}.`))
}

function uidOf(value: Json): string {
  if (typeof value === 'string') return value
  return isObject(value) && typeof value.uid === 'string' ? value.uid : ''
}
