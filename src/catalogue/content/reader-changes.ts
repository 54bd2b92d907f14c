import { readContentKey, readContentVersion } from '#domain/content-key.ts'
import type { Change } from '#domain/plan.ts'
import { listContentLocales } from '#store/content-locale.ts'
import {
  listItemTitles,
  listLiveLocales,
  listVersionsSaid,
  type VersionSaid,
} from '#store/content-reading.ts'
import { listContentTypesById } from '#store/content-type.ts'
import type { Db } from '#store/database.ts'
import { diffFields, type FieldChange } from './diff-fields.ts'
import type { Field } from './field.ts'
import { namedIn, nameReferences } from './name-references.ts'
import { isSame, whoReads, type Reading, type Served, type Written } from './who-reads.ts'

/** Readers who get the same instead of the same. */
export interface ReaderView {
  locales: { code: string; by_fallback: boolean }[]
  /** `same`: another version, or the same one under another locale, that says the same. */
  change: 'added' | 'removed' | 'changed' | 'same'
  before: Served | null
  after: Served | null
  fields: FieldChange[]
  /** How many more fields differ than are told. */
  more_fields: number
}

/** What readers see of one item. */
export interface ReaderChange {
  /** `<branch>/<uid>` */
  item: string
  kind: string
  title: string
  views: ReaderView[]
}

export interface ReaderQuestion {
  project_id: string
  environment_id: string
  /** As a plan has them. Those that cannot be made, or change nothing, are passed over. */
  changes: readonly Change[]
  limit: number
  /** The item after which the page begins. */
  after?: string | undefined
}

/** Of one item, and of a page: what more there is, is counted. */
const mostFields = { view: 200, page: 5_000 }

interface ItemChange {
  item: string
  branch: string
  uid: string
  kind: string
  title: string
  changed: Map<string, { before: Written | null; after: Written | null }>
}

/**
 * What readers of an environment would see of a plan's changes, item by item, by the item's name: for each locale that
 * is changed or falls back to one that is, which version they get instead of which, and what differs field by field.
 * Five statements for a page, however many items are on it.
 */
export async function listReaderChanges(db: Db, question: ReaderQuestion): Promise<ReaderChange[]> {
  const { project_id, environment_id, changes, limit, after } = question
  const page = itemsOf(changes)
    .filter(({ item }) => after === undefined || item > after)
    .slice(0, limit)
  if (page.length === 0) return []
  const locales = await listContentLocales(db, project_id)
  const lives = await listLiveLocales(db, { project_id, environment_id, items: page.map(nameOf) })
  const readings = page.map((one) => {
    const own = lives.filter(({ branch, uid }) => branch === one.branch && uid === one.uid)
    return { ...one, readings: whoReads(locales, new Map(own.map((row) => [row.locale, row])), one.changed) }
  })
  const said = await readVersions(db, project_id, readings)
  const fieldsOf = await readTypes(db, said.values())
  let budget = mostFields.page
  const told = readings.map((one) => {
    const views = viewsOf(one, said, fieldsOf).map((view) => {
      const most = Math.min(mostFields.view, budget)
      const fields = view.fields.slice(0, most)
      budget -= fields.length
      return { ...view, fields, more_fields: view.fields.length - fields.length }
    })
    return { item: one.item, branch: one.branch, kind: one.kind, title: one.title, views }
  })
  return nameAll(db, project_id, told)
}

function nameOf({ branch, uid }: ItemChange) {
  return { branch, uid }
}

function itemsOf(changes: readonly Change[]): ItemChange[] {
  const items = new Map<string, ItemChange>()
  for (const { key, kind, title, action, before, after, fault, conflict } of changes) {
    const parts = readContentKey(key)
    if (!parts || fault || conflict || (action !== 'publish' && action !== 'unpublish')) continue
    const { branch, uid, locale } = parts
    const item = `${branch}/${uid}`
    const known = items.get(item) ?? { item, branch, uid, kind, title, changed: new Map() }
    const written = (text: string | null) =>
      text === null ? null : (readContentVersion(text, locale) ?? null)
    known.changed.set(locale, { before: written(before), after: written(after) })
    items.set(item, known)
  }
  return [...items.values()].toSorted((a, b) => (a.item < b.item ? -1 : 1))
}

function versionKey(
  { branch, uid }: { branch: string; uid: string },
  { source_locale, version }: Written,
): string {
  return `${branch}/${uid}/${source_locale}/${version}`
}

async function readVersions(
  db: Db,
  project_id: string,
  items: readonly (ItemChange & { readings: Reading[] })[],
): Promise<Map<string, VersionSaid>> {
  const asked = new Map(
    items.flatMap((one) =>
      one.readings
        .flatMap(({ before, after }) => [before, after])
        .filter((served) => served !== null)
        .map(({ source_locale, version }) => {
          const name = { ...nameOf(one), source_locale, version }
          return [versionKey(one, name), name] as const
        }),
    ),
  )
  const rows = await listVersionsSaid(db, { project_id, asked: [...asked.values()] })
  return new Map(rows.map((row) => [versionKey(row, row), row]))
}

async function readTypes(db: Db, said: Iterable<VersionSaid>): Promise<Map<string, readonly Field[]>> {
  const ids = new Set([...said].flatMap(({ type_id }) => type_id ?? []))
  const types = ids.size > 0 ? await listContentTypesById(db, [...ids]) : []
  return new Map(types.map(({ id, fields }) => [id, fields as unknown as Field[]]))
}

/** Locales whose readers get the same instead of the same are told of together, and compared once. */
function viewsOf(
  one: ItemChange & { readings: Reading[] },
  said: ReadonlyMap<string, VersionSaid>,
  fieldsOf: ReadonlyMap<string, readonly Field[]>,
): Omit<ReaderView, 'more_fields'>[] {
  const views: Omit<ReaderView, 'more_fields'>[] = []
  for (const { locale, by_fallback, before, after } of one.readings) {
    const code = { code: locale, by_fallback }
    const alike = views.find((view) => isServedAs(view.before, before) && isServedAs(view.after, after))
    if (alike) {
      alike.locales.push(code)
      continue
    }
    const [old, now] = [before, after].map((served) => served && said.get(versionKey(one, served)))
    const type_id = now?.type_id ?? old?.type_id
    const fields = isSame(before, after)
      ? []
      : diffFields((type_id && fieldsOf.get(type_id)) || [], old?.data ?? null, now?.data ?? null)
    const change = !before ? 'added' : !after ? 'removed' : fields.length > 0 ? 'changed' : 'same'
    views.push({ locales: [code], change, before, after, fields })
  }
  return views
}

function isServedAs(a: Served | null, b: Served | null): boolean {
  return isSame(a, b) && a?.locale === b?.locale
}

/** References and files with what they are called. */
async function nameAll(
  db: Db,
  project_id: string,
  told: readonly (ReaderChange & { branch: string })[],
): Promise<ReaderChange[]> {
  const wanted = new Map<string, { branch: string; uid: string }>()
  for (const { branch, views } of told)
    for (const { fields } of views)
      for (const field of fields)
        for (const uid of namedIn(field)) wanted.set(`${branch}/${uid}`, { branch, uid })
  const rows = wanted.size > 0 ? await listItemTitles(db, { project_id, items: [...wanted.values()] }) : []
  const titles = new Map(rows.map(({ branch, uid, title }) => [`${branch}/${uid}`, title]))
  return told.map(({ branch, ...one }) => {
    const titleOf = (uid: string) => titles.get(`${branch}/${uid}`) ?? null
    const named = (field: FieldChange) => nameReferences(field, titleOf)
    return { ...one, views: one.views.map((view) => ({ ...view, fields: view.fields.map(named) })) }
  })
}
