import type { Readable } from 'node:stream'
import { DomainError, invalidField } from '#domain/errors.ts'
import { ArchiveError, readArchive, show, type ArchiveEntry } from '#ground/archive.ts'
import { claimContentImport, updateContentImport, type ContentImportRow } from '#store/content-import.ts'
import { sumImportFiles, upsertImportFiles, type ImportFile } from '#store/content-import-file.ts'
import { transact, type Context } from '../context.ts'
import { mostAssetBytes } from '../content/upload-asset.ts'
import type { ContentFormat, ContentFormats } from './content-format.ts'
import { findImport, type ImportKey } from './get-import.ts'
import { formatNamed, unknownImport } from './import-view.ts'

/** What one import may be sent, and one file of it. Sizes in bytes. */
const importLimits = {
  files: 1_000_000,
  text: 64 * 1024 * 1024,
  texts: 4 * 1024 * 1024 * 1024,
  path: 1000,
} as const

/** Files are written down in packs of this many, or of this many bytes of text. */
const pack = { files: 500, text: 8 * 1024 * 1024 }

export interface KeptFiles {
  kept: number
  /** Not read by this format. */
  passed: number
  /** Larger than a file may be here: the asset is left out, and a note says so. */
  too_large: string[]
}

/**
 * Keeps the files of a tar for an import, as it comes in: text in the store, bytes in the blob store, nothing under a
 * name of its own. They may come in any number of tars and in any order; a file that comes again is the newer one.
 * Throws `not_found`, `not_possible_now` (it is being read already), `malformed`, `invalid` (`files`), `limit_reached`.
 */
export async function keepImportFiles(
  ctx: Context,
  formats: ContentFormats,
  { tar, ...key }: ImportKey & { tar: Readable },
): Promise<KeptFiles> {
  const row = await findImport(ctx, key, 'catalogue.edit')
  refuseRunning(row)
  const keeper = await openKeeper(ctx, row, formatNamed(formats, row.format))
  try {
    await readArchive(tar, (entry) => keeper.keep(entry), { folders: true })
  } catch (error) {
    if (error instanceof ArchiveError) throw new DomainError('malformed', { detail: error.message })
    throw error
  }
  await keeper.flush()
  return keeper.said
}

function refuseRunning({ id, state }: ContentImportRow): void {
  if (state === 'receiving') return
  throw new DomainError('not_possible_now', { what: 'import', id, state, action: 'take more files' })
}

async function openKeeper(ctx: Context, { id, project_id }: ContentImportRow, format: ContentFormat) {
  const said: KeptFiles = { kept: 0, passed: 0, too_large: [] }
  const sum = await sumImportFiles(ctx.db, id)
  let waiting: ImportFile[] = []
  let waitingText = 0
  const flush = async () => {
    // A path that comes twice in one pack cannot be written twice by one statement.
    const files = [...new Map(waiting.map((file) => [file.path, file])).values()]
    waiting = []
    waitingText = 0
    await transact(ctx, async ({ tx }) => {
      // Held: once reading has begun, nothing is put in between any more.
      const row = await claimContentImport(tx, { project_id, import_id: id })
      if (!row) throw unknownImport(id)
      refuseRunning(row)
      await upsertImportFiles(tx, id, files)
      await updateContentImport(tx, id, { updated_at: ctx.now() })
    })
  }
  const add = async (file: ImportFile) => {
    said.kept += 1
    sum.files += 1
    waiting.push(file)
    if (file.content !== null) {
      waitingText += file.size
      sum.text_bytes += file.size
    }
    refuseTooMuch(sum)
    if (waiting.length >= pack.files || waitingText >= pack.text) await flush()
  }
  const keep = async (entry: ArchiveEntry) => {
    const path = pathOf(entry.name)
    const as = format.keeps(path)
    if (as === undefined) {
      said.passed += 1
      return drain(entry)
    }
    if (as === 'text') {
      const content = await readText(path, entry)
      return add({ path, content, digest: null, size: entry.size })
    }
    // A tar says before how long a file is.
    if (entry.size > mostAssetBytes) {
      said.too_large.push(path)
      return drain(entry)
    }
    const { digest, size } = await ctx.blobs.put(entry.content)
    await add({ path, content: null, digest, size })
  }
  return { keep, flush, said }
}

/** A path as it is kept: relative, forward, without detours. Throws `invalid`. */
function pathOf(name: string): string {
  const path = name.replace(/^(\.\/)+/, '')
  const parts = path.split('/')
  const fine =
    path.length > 0 &&
    path.length <= importLimits.path &&
    path.isWellFormed() &&
    !/[\\\p{Cc}]/u.test(path) &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..')
  if (fine) return path
  throw invalidField('files', 'invalid', `${show(name)} is no path within a folder.`)
}

async function readText(path: string, { size, content }: ArchiveEntry): Promise<string> {
  if (size > importLimits.text)
    throw invalidField('files', 'too_long', `${show(path)} has more than ${importLimits.text} bytes.`)
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    // The store keeps no NUL; JSON has none outside of an escape.
    if (!text.includes('\0')) return text
  } catch {
    // Told below.
  }
  throw invalidField('files', 'invalid', `${show(path)} is not UTF-8 text.`)
}

function refuseTooMuch({ files, text_bytes }: { files: number; text_bytes: number }): void {
  if (files > importLimits.files)
    throw new DomainError('limit_reached', { limit: 'files of an import', most: importLimits.files })
  if (text_bytes > importLimits.texts)
    throw new DomainError('limit_reached', { limit: 'bytes of text of an import', most: importLimits.texts })
}

async function drain({ content }: ArchiveEntry): Promise<void> {
  for await (const _ of content);
}
