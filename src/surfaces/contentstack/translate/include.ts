import type { PublishedView } from '#app/content/published-entries.ts'
import type { Include } from '#app/content/published-items.ts'
import type { Field, Json, JsonObject } from '#catalogue/content/field.ts'
import { DomainError } from '#domain/errors.ts'
import { limits } from '../limits.ts'
import type { AssetPlace } from './asset.ts'
import { isObject, mapLeaves } from './leaves.ts'
import { narrowTo, type Narrowing } from './narrow.ts'
import { writePublished, type PublishedNames } from './published.ts'
import { assetType } from './surrogate-keys.ts'

export interface Including {
  types: ReadonlyMap<string, { fields: readonly Field[] }>
  /** What may be carried, by uid. */
  behind: ReadonlyMap<string, PublishedView>
  include: Include
  /** By the path of the include; the entry's own is empty. */
  narrowed: ReadonlyMap<string, Narrowing>
  place: AssetPlace
  names: PublishedNames
  metadata: boolean
  /** Of pictures, by the digest of their bytes; empty where nobody asked. */
  dimensions: ReadonlyMap<string, { width: number; height: number }>
}

/** Where assets of file fields and what rich text embeds are carried: at no path that a query could name. */
const file = ' file'
const embedding = ' embedding'

interface Told {
  object: JsonObject
  /** Objects that are carried within it, at any depth. */
  carried: number
}

/**
 * Writes entries and assets with what they carry. What several carry is written once and stands in each. Throws
 * `limit_reached` when all of them together carry too much.
 */
export function includeWriter(including: Including): (view: PublishedView) => JsonObject {
  const { types, behind, include, narrowed, place, names, metadata, dimensions } = including
  const known = new Map<string, Told>()
  let all = 0

  /** `at` is the path of includes that led here, `paths` what is left of those that go on. */
  const write = (view: PublishedView, at: string, paths: readonly string[], embeds: boolean): Told => {
    let carried = 0
    const carry = (value: Json, carryOne: (view: PublishedView) => Told): Json => {
      const list: JsonObject[] = []
      for (const one of Array.isArray(value) ? value : [value]) {
        const found = behind.get(uidOf(one))
        if (!found) continue
        const told = carryOne(found)
        carried += 1 + told.carried
        if (carried > limits.included) throw tooMuch()
        list.push(told.object)
      }
      return Array.isArray(value) ? list : (list[0] ?? null)
    }
    const fields = types.get(view.content_type_uid ?? '')?.fields
    const embedded: Record<string, string[]> = {}
    const data = !fields
      ? view.data
      : mapLeaves(fields, view.data, (field, value, path) => {
          if (field.type === 'file')
            return carry(value, (one) => once(one, file, () => write(one, file, [], false)))
          if (field.type === 'json') {
            if (embeds) embedded[path] = [...(embedded[path] ?? []), ...uidsOfNodes(value)]
            return value
          }
          if (!paths.some((one) => one === path || one.startsWith(`${path}.`))) return value
          const left = paths.flatMap((one) =>
            one.startsWith(`${path}.`) ? [one.slice(path.length + 1)] : [],
          )
          const deeper = at === '' ? path : `${at}.${path}`
          return carry(value, (one) => once(one, deeper, () => named(write(one, deeper, left, false))(one)))
        })
    const object = writePublished(view, data, place, names)
    if (embeds)
      object._embedded_items = Object.fromEntries(
        Object.entries(embedded).map(([path, uids]) => [
          path,
          carry(uids, (one) => once(one, embedding, () => named(write(one, embedding, [], false))(one))),
        ]),
      )
    if (metadata) object._metadata = {}
    const { digest } = view.data
    const dimension = typeof digest === 'string' ? dimensions.get(digest) : undefined
    if (dimension) object.dimension = { height: dimension.height, width: dimension.width }
    return { object: narrowTo(object, narrowed.get(at)), carried }
  }

  const once = (view: PublishedView, at: string, make: () => Told): Told => {
    const key = `${at} ${view.uid}`
    const told = known.get(key) ?? make()
    known.set(key, told)
    return told
  }

  return (view) => {
    const { object, carried } = write(view, '', include.paths, include.embedded)
    all += carried
    if (all > limits.included) throw tooMuch()
    return object
  }
}

/** Where it is carried in place of a reference, an object says of which type it is. */
function named({ object, carried }: Told): (view: PublishedView) => Told {
  return ({ kind, content_type_uid }) => ({
    object: { ...object, _content_type_uid: kind === 'asset' ? assetType : content_type_uid },
    carried,
  })
}

function tooMuch() {
  return new DomainError('limit_reached', { limit: 'include objects', most: limits.included })
}

function uidOf(value: Json): string {
  if (typeof value === 'string') return value
  return isObject(value) && typeof value.uid === 'string' ? value.uid : ''
}

/** Nodes of rich text name in their attributes what they embed; each uid once, in the order of the text. */
function uidsOfNodes(document: Json): string[] {
  const uids = new Set<string>()
  const open: Json[] = [document]
  while (open.length > 0) {
    const next = open.pop()
    if (isObject(next))
      for (const key of ['entry-uid', 'asset-uid']) if (typeof next[key] === 'string') uids.add(next[key])
    if (typeof next !== 'object' || next === null) continue
    // One by one: a text may have more nodes than one call takes.
    for (const inner of Object.values(next).toReversed()) open.push(inner)
  }
  return [...uids]
}
