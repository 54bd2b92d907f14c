import { invalidField } from '#domain/errors.ts'
import {
  claimContentImport,
  findContentImport,
  listImportDeployments,
  updateContentImport,
  type ContentImportRow,
} from '#store/content-import.ts'
import { listImportTexts, readImportTexts, removeImportFiles } from '#store/content-import-file.ts'
import { listEnvironments } from '#store/environment.ts'
import { transact, type Context, type Unit } from '../context.ts'
import type { ContentFormat, ContentFormats, ForeignAsset, ForeignEntry, Read } from './content-format.ts'
import { findImport, type ImportKey } from './get-import.ts'
import { importAssets, importFolders } from './import-assets.ts'
import { importBase, type Base } from './import-base.ts'
import { importEntries, type EntryFile } from './import-entries.ts'
import { publishNext } from './import-publications.ts'
import { formatNamed, unknownImport, viewImport, type ImportView } from './import-view.ts'
import { readText } from './read-text.ts'
import { newTally, type Tally } from './tally.ts'
import { interrupted, readFiles, step, type Cursor, type Work } from './work.ts'

/** Items of one transaction, and about how many are done before the answer. */
const batch = 500
const perCall = 2000
const mostPieces = 200

/** A piece of an import, in the order in which they are done. */
type Piece =
  | { kind: 'base' }
  | { kind: 'folders'; path: string }
  | { kind: 'assets'; path: string }
  | ({ kind: 'entries' } & EntryFile)
  | { kind: 'publications' }

/**
 * Reads on in what was sent: some transactions' worth of it, of 500 items at most each. Called until the import is
 * finished. Whenever it breaks off, it goes on behind the last transaction. Throws `not_found`, `forbidden` (an environment
 * that is missing), `invalid` (`files`: nothing that can be read; `branch`, `master_locale`), `unavailable` (somebody
 * wrote the same at the same moment: try again).
 */
export async function continueImport(
  ctx: Context,
  formats: ContentFormats,
  key: ImportKey,
): Promise<ImportView> {
  const row = await findImport(ctx, key, 'catalogue.edit')
  if (row.state !== 'finished') {
    const { work, base, pieces, paths } = await openWork(ctx, formatNamed(formats, row.format), row)
    await start(work, pieces.length, paths)
    await goOn(work, base, pieces)
  }
  const now = await findContentImport(ctx.db, key)
  if (!now) throw unknownImport(key.import_id)
  return viewImport(now, await listImportDeployments(ctx.db, now.id))
}

async function openWork(ctx: Context, format: ContentFormat, row: ContentImportRow) {
  const { project_id, branch, source_branch } = row
  const paths = await listImportTexts(ctx.db, row.id)
  const outline = format.outline(paths, source_branch ?? undefined)
  if (outline.locales.length + outline.types.length + outline.entries.length + outline.assets.length === 0)
    throw invalidField('files', 'required', `There is nothing in the layout of ${format.name}.`)
  const files = { ctx, row }
  const base: Base = {
    locales: await readFiles(files, outline.locales, format.readLocales),
    environments: await readFiles(files, outline.environments, format.readEnvironments),
    types:
      row.done === 0 || row.dry_run
        ? await readFiles(files, outline.types, format.readTypes)
        : { items: [], notes: [] },
  }
  const work: Work = {
    ...{ ctx, row, format, outline, project_id, branch, touched: 0 },
    staged: { locales: base.locales.items, types: base.types.items },
    environments: await environmentsOf(ctx, project_id, base),
  }
  return { work, base, pieces: piecesOf(work), paths }
}

/** The master's entries first: other locales may have what it says. */
function piecesOf({ outline, staged }: Work): Piece[] {
  const master = staged.locales.find(({ fallback }) => fallback === null)?.code
  const first = outline.entries.filter(({ locale }) => locale === master)
  const others = outline.entries.filter(({ locale }) => locale !== master)
  return [
    { kind: 'base' },
    ...outline.folders.map((path) => ({ kind: 'folders' as const, path })),
    ...outline.assets.map((path) => ({ kind: 'assets' as const, path })),
    ...[...first, ...others].map((file) => ({ kind: 'entries' as const, ...file })),
    { kind: 'publications' },
  ]
}

/** From now on no more files are taken: how many pieces there are, and which, does not change any more. */
async function start({ ctx, row }: Work, pieces: number, paths: readonly string[]): Promise<void> {
  if (row.state !== 'receiving') return
  const { project_id, id } = row
  await transact(ctx, async ({ tx }) => {
    const now = await claimContentImport(tx, { project_id, import_id: id })
    if (now?.state !== 'receiving') return
    // Something came in since the files were listed: what the pieces are has to be thought of anew.
    if ((await listImportTexts(tx, id)).length !== paths.length) throw interrupted()
    await updateContentImport(tx, id, { state: 'running', pieces, updated_at: ctx.now() })
  })
}

async function goOn(work: Work, base: Base, pieces: readonly Piece[]): Promise<void> {
  let at: Cursor | undefined = { done: work.row.done, done_items: work.row.done_items }
  for (let steps = 0; at && work.touched < perCall && steps < mostPieces; steps += 1) {
    const piece: Piece | undefined = pieces[at.done]
    if (!piece) return finish(work, at)
    at = await doPiece(work, base, piece, at)
    // Some may have been made a moment ago.
    if (piece.kind === 'base') work.environments = await environmentsOf(work.ctx, work.project_id, base)
  }
}

async function environmentsOf(ctx: Context, project_id: string, base: Base): Promise<Work['environments']> {
  const known = new Map((await listEnvironments(ctx.db, project_id)).map(({ id, name }) => [name, id]))
  return new Map(base.environments.items.map(({ ref, name }) => [ref, { id: known.get(name) ?? null, name }]))
}

async function doPiece(work: Work, base: Base, piece: Piece, at: Cursor): Promise<Cursor | undefined> {
  const { format } = work
  if (piece.kind === 'base') {
    const tally = await importBase(work, base)
    tally.notes = [...tally.notes, ...passed(work)]
    return step(work, at, async () => ({ tally, to: { done: at.done + 1, done_items: 0 } }))
  }
  if (piece.kind === 'publications')
    return step(work, at, async (unit) => {
      work.touched += batch
      const tally = newTally()
      const more = await publishNext(work, unit, tally)
      return {
        tally,
        to: more ? { ...at, done_items: at.done_items + 1 } : { done: at.done + 1, done_items: 0 },
      }
    })
  if (piece.kind === 'folders')
    return readOn(
      work,
      piece.path,
      at,
      format.readFolders,
      (unit, items) => importFolders(work, unit, piece.path, items),
      Infinity,
    )
  if (piece.kind === 'assets')
    return readOn(work, piece.path, at, format.readAssets, (unit, items: readonly ForeignAsset[]) =>
      importAssets(work, unit, piece.path, items),
    )
  return readOn(work, piece.path, at, format.readEntries, (unit, items: readonly ForeignEntry[]) =>
    importEntries(work, unit, piece, items),
  )
}

/** A file from where it was left off, to its end, a transaction for each batch. */
async function readOn<T>(
  work: Work,
  path: string,
  from: Cursor,
  read: ContentFormat['readEntries'] extends (file: string, json: infer J) => unknown
    ? (file: string, json: J) => Read<T>
    : never,
  bring: (unit: Unit, items: readonly T[]) => Promise<Tally>,
  most = batch,
): Promise<Cursor | undefined> {
  const text = (await readImportTexts(work.ctx.db, work.row.id, [path])).get(path) ?? ''
  const { json, notes } = readText(path, text)
  const { items, notes: more } = json === undefined ? { items: [], notes: [] } : read(path, json)
  work.touched += items.length
  let at: Cursor | undefined = from
  do {
    const start: number = at.done_items
    const part = items.slice(start, start + most)
    const end = start + part.length
    const isLast = end >= items.length
    at = await step(work, at, async (unit) => {
      const tally = part.length > 0 ? await bring(unit, part) : newTally()
      if (start === 0) tally.notes = [...notes, ...more, ...tally.notes]
      return {
        tally,
        to: isLast ? { done: from.done + 1, done_items: 0 } : { done: from.done, done_items: end },
      }
    })
    if (isLast) return at
  } while (at)
  return at
}

function passed({ outline }: Work) {
  return outline.passed.map((file) => ({
    kind: 'skipped' as const,
    file,
    detail: 'It is not read: there is nothing here that it could become.',
  }))
}

async function finish({ ctx, row }: Work, at: Cursor): Promise<void> {
  const { project_id, id } = row
  await transact(ctx, async ({ tx, record }) => {
    const now = await claimContentImport(tx, { project_id, import_id: id })
    if (now?.state !== 'running' || now.done !== at.done) return
    const { branch, format, counts, dry_run } = now
    const data = { branch, format, counts }
    if (!dry_run) record({ kind: 'content.imported', project_id, subject_id: id, data })
    await removeImportFiles(tx, id)
    await updateContentImport(tx, id, { state: 'finished', finished_at: ctx.now(), updated_at: ctx.now() })
  })
}
