import type { Json } from '#catalogue/content/field.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { claimContentImport, updateContentImport, type ContentImportRow } from '#store/content-import.ts'
import { readImportTexts } from '#store/content-import-file.ts'
import { insertImportNotes } from '#store/content-import-note.ts'
import type { Db } from '#store/database.ts'
import { transact, type Context, type Unit } from '../context.ts'
import type { ContentFormat, ForeignLocale, ForeignType, Note, Outline, Read } from './content-format.ts'
import { unknownImport } from './import-view.ts'
import { readText } from './read-text.ts'
import { addCounts, type Tally } from './tally.ts'

/** Notes of one import that are kept; further ones are counted. */
const mostNotes = 10_000

/** An import as whoever works on it sees it. */
export interface Work {
  ctx: Context
  row: ContentImportRow
  format: ContentFormat
  outline: Outline
  project_id: string
  branch: string
  /** Of what is brought in: what a dry run has to suppose is there. */
  staged: { locales: ForeignLocale[]; types: ForeignType[] }
  /** Environments by what the files call them. No id: there is none here, and a dry run makes none. */
  environments: ReadonlyMap<string, { id: string | null; name: string }>
  /** Items that were looked at since the caller asked. */
  touched: number
}

/** How far an import is: pieces of work behind it, and items of the next one. */
export interface Cursor {
  done: number
  done_items: number
}

/** What `read` makes of these files, and the notes about all of them. Throws `invalid` for what is no JSON. */
export async function readFiles<T>(
  { ctx, row }: Pick<Work, 'ctx' | 'row'>,
  paths: readonly string[],
  read: (file: string, json: Json) => Read<T>,
): Promise<Read<T>> {
  const texts = await readImportTexts(ctx.db, row.id, paths)
  const all: Read<T> = { items: [], notes: [] }
  for (const path of paths) {
    const { json, notes } = readText(path, texts.get(path) ?? '')
    if (json === undefined) throw invalidField(path, 'invalid', notes[0]?.detail ?? 'It cannot be read.')
    const { items, notes: more } = read(path, json)
    // One by one: a file may hold more than one call takes.
    for (const item of items) all.items.push(item)
    for (const note of [...notes, ...more]) all.notes.push(note)
  }
  return all
}

/**
 * One transaction of an import: what `work` does, its counts and notes, and how far the import is then. Nothing is
 * done where somebody else has worked on it meanwhile; then the answer is undefined.
 */
export function step<T extends Cursor>(
  { ctx, row: { id, project_id } }: Pick<Work, 'ctx' | 'row'>,
  from: Cursor,
  work: (unit: Unit) => Promise<{ tally: Tally; to: T }>,
): Promise<T | undefined> {
  return transact(ctx, async (unit) => {
    const row = await claimContentImport(unit.tx, { project_id, import_id: id })
    if (!row) throw unknownImport(id)
    if (row.done !== from.done || row.done_items !== from.done_items || row.state === 'finished')
      return undefined
    const { tally, to } = await work(unit)
    await writeNotes(unit.tx, row, tally.notes)
    await updateContentImport(unit.tx, id, {
      done: to.done,
      done_items: to.done_items,
      counts: JSON.stringify(addCounts(row.counts, tally.counts)),
      notes: row.notes + tally.notes.length,
      updated_at: ctx.now(),
    })
    return to
  })
}

async function writeNotes(db: Db, { id, notes: before }: ContentImportRow, notes: readonly Note[]) {
  const kept = notes.slice(0, Math.max(0, mostNotes - before))
  await insertImportNotes(
    db,
    kept.map(({ kind, file, item = null, detail }, n) => ({
      ...{ import_id: id, position: before + n + 1, kind, file, detail: detail.slice(0, 2000) },
      item,
    })),
  )
}

/** Somebody else wrote the same thing at the same moment: once more, and all is well. */
export function interrupted(): DomainError<'unavailable'> {
  return new DomainError('unavailable', { retry_after_seconds: 1 })
}
