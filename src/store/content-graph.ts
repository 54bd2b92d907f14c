import { sql, type RawBuilder } from 'kysely'
import { jsonPath } from './content-condition.ts'
import { standing, type ReaderPlace } from './content-live.ts'
import { asView, view, type PublishedRow, type PublishedView } from './content-published.ts'
import type { Db } from './database.ts'
import { PreparedStatements } from './prepared.ts'

/** From entries of a type, so many references deep, a field leads to what they point at. */
export interface Step {
  level: number
  type: string
  /** A path of uids, joined by dots. */
  field: string
  leads: 'by_file' | 'by_reference' | 'by_embedding'
}

/**
 * The entry of a uid as it stands, and all that the steps lead to: one statement, however deep. Without the entry
 * there is nothing. What is met at several levels comes once for each.
 */
export function findPublishedGraph(
  db: Db,
  place: ReaderPlace,
  { content_type_uid, uid }: { content_type_uid: string; uid: string },
  steps: readonly Step[],
): Promise<PublishedView[]> {
  return walk(db, place, { root: 'entry', first: 0, steps, values: { uid, content_type_uid } })
}

/** What these uids stand for, entries and assets, and all that the steps of level 1 and up lead to from there. */
export function listPublishedGraph(
  db: Db,
  place: ReaderPlace,
  uids: readonly string[],
  steps: readonly Step[],
): Promise<PublishedView[]> {
  return walk(db, place, { root: 'uids', first: 1, steps, values: { uids: JSON.stringify(uids) } })
}

interface Walk {
  root: 'entry' | 'uids'
  /** The level that the root is at. */
  first: number
  steps: readonly Step[]
  values: Record<string, unknown>
}

const statements = new PreparedStatements()

async function walk(
  db: Db,
  place: ReaderPlace,
  { root, first, steps, values }: Walk,
): Promise<PublishedView[]> {
  let deepest = first
  for (const { level } of steps) deepest = Math.max(deepest, level + 1)
  const all: Record<string, unknown> = { ...values, ...place }
  for (let level = first; level < deepest; level += 1) all[`paths_${level}`] = pathsOf(steps, level)
  const statement = (blank: (key: string, length?: number) => never) =>
    write(blankPlace(place, blank), root, first, deepest, blank)
  if (!place.preview) {
    const shape = `${root} ${deepest} ${place.locales.length > 1} ${place.fallbacks.length > 1}`
    all.locale = place.fallbacks[0]
    return (await statements.execute<PublishedRow>(db, shape, statement, all)).map(asView)
  }
  const { rows } = await write(place, root, first, deepest, (key) => all[key] as never).execute(db)
  return rows.map(asView)
}

/** The place with blanks for all that differs between readers of the same shape; how many locales there are does not. */
function blankPlace(
  { locales, fallbacks }: ReaderPlace,
  blank: (key: string, length?: number) => never,
): ReaderPlace {
  return {
    environment_id: blank('environment_id'),
    branch_id: blank('branch_id'),
    locales: blank('locales', locales.length),
    fallbacks: fallbacks.length > 1 ? blank('fallbacks', fallbacks.length) : [blank('locale')],
  }
}

/**
 * A list of `with` for each level, so that it is planned once as a chain of look-ups by keys: recursion, and arrays
 * whose length the planner knows, made it plan anew for every reader, which takes longer than the answer.
 */
function write(
  place: ReaderPlace,
  root: Walk['root'],
  first: number,
  deepest: number,
  value: (key: string) => never,
): RawBuilder<PublishedRow> {
  const name = (level: number) => sql.raw(`level_${level}`)
  // All steps from the one entry are from its type.
  const asked = (level: number) =>
    level === 0
      ? sql`
        select distinct refers.uid #>> '{}' as uid from ${name(0)} found
        cross join lateral jsonb_array_elements(${value('paths_0')}::jsonb) as step (said)
        cross join lateral jsonb_path_query(found.data, (step.said ->> 'path')::jsonpath) as refers (uid)`
      : sql`
        select distinct refers.uid #>> '{}' as uid
        from jsonb_to_recordset(${value(`paths_${level}`)}::jsonb) as step (type text, path jsonpath)
        join ${name(level)} found on found.content_type_uid = step.type
        cross join lateral jsonb_path_query(found.data, step.path) as refers (uid)`
  const levels = [sql`${name(first)} as materialized (${roots[root](place, value)})`]
  for (let level = first; level < deepest; level += 1)
    levels.push(sql`${name(level + 1)} as materialized (
      select item.* from (${asked(level)}) asked cross join lateral (${standing(place, sql`asked.uid`, view)}) item)`)
  const all = levels.map((_, n) => sql`select * from ${name(first + n)}`)
  return sql`with ${sql.join(levels)} ${sql.join(all, sql` union all `)}`
}

const roots = {
  entry: (place: ReaderPlace, value: (key: string) => never) => sql`
    select * from (${standing(place, sql`${value('uid')}`, view)}) entry
    where kind = 'entry' and content_type_uid = ${value('content_type_uid')}`,
  uids: (place: ReaderPlace, value: (key: string) => never) => sql`
    select item.* from json_array_elements_text(${value('uids')}::json) as asked (uid)
    cross join lateral (${standing(place, sql`asked.uid`, view)}) item`,
}

const written = new WeakMap<readonly Step[], Map<number, string>>()

/** The steps of a level as the statement takes them. Who asks the same again has the same list of steps. */
function pathsOf(steps: readonly Step[], level: number): string {
  const known = written.get(steps) ?? new Map<number, string>()
  written.set(steps, known)
  const here = steps.filter((step) => step.level === level)
  const text =
    known.get(level) ?? JSON.stringify(here.map((step) => ({ type: step.type, path: pathOf(step) })))
  known.set(level, text)
  return text
}

function pathOf({ field, leads }: Step): string {
  const path = jsonPath(field)
  if (leads === 'by_reference') return `${path}.uid`
  if (leads === 'by_file') return path
  // Nodes of rich text name in their attributes what they embed.
  return `${path}.** ? (@.type() == "object").keyvalue() ? (@.key == "entry-uid" || @.key == "asset-uid").value`
}
