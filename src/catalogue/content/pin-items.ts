import { contentVersion, readContentKey, type ContentKey } from '#domain/content-key.ts'
import type { FieldFault } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import { listPins, type PinAnswer, type PinQuestion } from '#store/content-pin.ts'
import type { Db } from '#store/database.ts'

/** An item as a caller asks for it. */
export interface PinRequest {
  key: string
  /** Content type uid, or `asset`; checked when given. */
  kind?: string
  /** The latest when left out. */
  version?: number | null
  action: 'publish' | 'unpublish'
  title?: string
}

interface Place {
  project_id: string
  branch: string
}

const assetKind = 'asset'
const mostVersion = 999_999_999

/**
 * Finds the items behind keys and pins each at a version: of its own locale where that is written, else of the
 * nearest fallback. Any number of items are one statement. Faults are at `items.<n>.uid|version|locale|content_type_uid`.
 */
export async function pinItems(
  db: Db,
  { items, ...place }: Place & { items: readonly PinRequest[] },
): Promise<{ pinned: PinnedItem[]; faults: FieldFault[] }> {
  const faults: FieldFault[] = []
  const asked = readRequests(place, items, faults)
  const answers = asked.length > 0 ? await listPins(db, { ...place, asked }) : []
  const pinned: PinnedItem[] = []
  for (const answer of answers) {
    const request = items[answer.n]
    const key = request && readContentKey(request.key)
    if (!request || !key) continue
    const fault = faultOf(request, key, answer)
    if (fault) faults.push({ ...fault, field: `items.${answer.n}.${fault.field}` })
    else pinned.push(pinOf(request, key, answer))
  }
  return { pinned, faults }
}

/**
 * The items at their latest versions. One that is written in its own locale by now leaves its fallback's version
 * behind; one whose latest is in progress, that is gone or that is to be unpublished stays as it was.
 */
export async function latestPins(
  db: Db,
  { items, ...place }: Place & { items: readonly PinnedItem[] },
): Promise<PinnedItem[]> {
  const asked = items.flatMap((item, n) => {
    const key = item.action === 'publish' ? readContentKey(item.key) : undefined
    return key ? [{ n, uid: key.uid, locale: key.locale, version: null }] : []
  })
  const answers = asked.length > 0 ? await listPins(db, { ...place, asked }) : []
  const at = new Map(answers.map((answer) => [answer.n, answer]))
  return items.map((item, n) => {
    const answer = at.get(n)
    const key = readContentKey(item.key)
    if (!answer || !key || answer.deleted || answer.in_progress || !isThere(answer)) return item
    const { source_locale, latest: version, title } = answer
    return {
      ...item,
      version: contentVersion({ version, source_locale }, key.locale),
      title: title ?? item.title,
    }
  })
}

function isThere(answer: PinAnswer): answer is PinAnswer & { source_locale: string; latest: number } {
  return answer.source_locale !== null && answer.latest !== null
}

function readRequests(place: Place, items: readonly PinRequest[], faults: FieldFault[]): PinQuestion[] {
  const taken = new Set<string>()
  return items.flatMap(({ key, version = null }, n) => {
    const parts = readContentKey(key)
    const refuse = (field: string, fault: FieldFault['fault'], detail: string) => {
      faults.push({ field: `items.${n}.${field}`, fault, detail })
      return []
    }
    if (!parts || parts.branch !== place.branch)
      return refuse('uid', 'invalid', `There is no item ${key} here.`)
    if (taken.has(key)) return refuse('uid', 'not_unique', 'The item is named twice.')
    taken.add(key)
    if (version !== null && (!Number.isInteger(version) || version < 1 || version > mostVersion))
      return refuse('version', 'invalid', 'A version is a number from 1.')
    return [{ n, uid: parts.uid, locale: parts.locale, version }]
  })
}

function faultOf(
  { kind, action }: PinRequest,
  { uid, locale }: ContentKey,
  answer: PinAnswer,
): FieldFault | undefined {
  const invalid = (field: string, detail: string): FieldFault => ({ field, fault: 'invalid', detail })
  const leaving = action === 'unpublish' && answer.live
  if (answer.kind === null || answer.kind === 'folder') return invalid('uid', `There is no item ${uid}.`)
  if (answer.deleted && !leaving) return invalid('uid', `Item ${uid} was deleted.`)
  const actual = kindOf(answer)
  if (kind !== undefined && kind !== actual)
    return invalid('content_type_uid', `Item ${uid} is of kind ${actual}.`)
  if (!answer.locale_known) return invalid('locale', `There is no locale ${locale}.`)
  if (action === 'unpublish') return undefined
  if (answer.source_locale === null)
    return invalid('locale', `Item ${uid} is written neither in ${locale} nor in what it falls back to.`)
  return answer.version === null
    ? invalid('version', `Item ${uid} has no such version in ${answer.source_locale}.`)
    : undefined
}

function kindOf({ kind, content_type_uid }: PinAnswer): string {
  return kind === 'asset' ? assetKind : (content_type_uid ?? '')
}

/** What is to be unpublished goes whatever version it is at. */
function pinOf(
  { key, action, title }: PinRequest,
  { uid, locale }: ContentKey,
  answer: PinAnswer,
): PinnedItem {
  const { version, source_locale } = answer
  const pinned = action === 'publish' && version !== null && source_locale !== null
  return {
    key,
    kind: kindOf(answer),
    action,
    version: pinned ? contentVersion({ version, source_locale }, locale) : null,
    title: answer.title ?? title ?? uid,
  }
}
