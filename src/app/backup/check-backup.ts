import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { ArchiveError, readArchive, show, type ArchiveEntry } from '#ground/archive.ts'
import { SealError, type Vault } from '#ground/encryption.ts'
import { headerName, manifestName, readHeader, readManifest, readName, sealContext } from './archive-shape.ts'
import type { Header, Manifest, SealedManifest } from './archive-shape.ts'
import { digestOf } from './make-backup.ts'

/** The header and the manifest are read whole; nothing else of an archive that nobody has checked yet is. */
const mostText = 64 * 1024 * 1024
/** A piece of a table is about a megabyte, or one very large row. */
const mostPiece = 256 * 1024 * 1024

export interface CheckedBackup {
  header: Header
  manifest: Manifest
  /** Whether it was made with this installation's key and is what it was then. False: its key is not known here. */
  sealed: boolean
}

interface Found {
  header?: { value: Header; sha256: string }
  manifest?: SealedManifest
  rows: Manifest['rows']
  blobs: Manifest['blobs']
  lastDigest: string
}

/**
 * Reads a backup from its first byte to its last and compares everything with its digest. Nothing is written.
 * Throws ArchiveError, with what is wrong and where.
 */
export async function checkBackup(source: Readable, vault: Vault): Promise<CheckedBackup> {
  const found: Found = { rows: [], blobs: { count: 0, bytes: 0 }, lastDigest: '' }
  await readArchive(source, (entry) => note(found, entry))
  const { header, manifest } = found
  if (!header)
    throw new ArchiveError('The archive is no backup of Headgate: it does not begin with one’s header.')
  if (!manifest) throw new ArchiveError('The archive is cut short: it has no manifest at its end.')
  compare(found, header, manifest.manifest)
  return { header: header.value, manifest: manifest.manifest, sealed: isSealed(manifest, vault) }
}

async function note(found: Found, entry: ArchiveEntry): Promise<void> {
  const { name, size } = entry
  const what = readName(name)
  if (!what) throw new ArchiveError(`${show(name)} has no place in a backup.`)
  if (found.manifest) throw new ArchiveError(`${show(name)} comes after the manifest, which is the last.`)
  if ((name === headerName) === (found.header !== undefined))
    throw new ArchiveError(`${show(name)} is not where it belongs: the header is first, and there is one.`)
  if (what.kind === 'json') return noteText(found, name, await readText(entry))
  if (what.kind === 'rows' && size > mostPiece) throw new ArchiveError(`${show(name)} is too large.`)
  const { sha256, lines } = await weigh(entry)
  if (what.kind === 'rows') {
    found.rows.push({ name, sha256, bytes: size, rows: lines })
    return
  }
  if (sha256 !== what.digest)
    throw new ArchiveError(`${show(name)} is damaged: its bytes have another digest.`)
  if (what.digest <= found.lastDigest) throw new ArchiveError(`${show(name)} is not in its order.`)
  found.lastDigest = what.digest
  found.blobs.count += 1
  found.blobs.bytes += size
}

function noteText(found: Found, name: string, text: string): void {
  if (name === headerName) found.header = { value: readHeader(text), sha256: digestOf(text) }
  if (name === manifestName) found.manifest = readManifest(text)
}

export async function readText({ name, size, content }: ArchiveEntry, most = mostText): Promise<string> {
  if (size > most) throw new ArchiveError(`${show(name)} is too large.`)
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

async function weigh({ content }: ArchiveEntry): Promise<{ sha256: string; lines: number }> {
  const hash = createHash('sha256')
  let lines = 0
  for await (const chunk of content) {
    hash.update(chunk)
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1
  }
  return { sha256: hash.digest('hex'), lines }
}

function compare(
  { rows, blobs }: Found,
  header: { value: Header; sha256: string },
  manifest: Manifest,
): void {
  if (header.sha256 !== manifest.header_sha256)
    throw new ArchiveError('The header is not what the manifest says.')
  for (let n = 0; n < Math.max(rows.length, manifest.rows.length); n += 1) {
    const [is, was] = [rows[n], manifest.rows[n]]
    if (is?.name !== was?.name)
      throw new ArchiveError(`${show((was ?? is)!.name)} is not where the manifest says, or not in it.`)
    if (is!.sha256 !== was!.sha256 || is!.rows !== was!.rows || is!.bytes !== was!.bytes)
      throw new ArchiveError(`${show(is!.name)} is damaged: it is not what the manifest says.`)
  }
  if (blobs.count !== manifest.blobs.count || blobs.bytes !== manifest.blobs.bytes)
    throw new ArchiveError(`There are ${blobs.count} blobs, and the manifest says ${manifest.blobs.count}.`)
  const counts = new Map(header.value.tables.map(({ name }) => [name, 0]))
  for (const { name, rows: count } of rows) {
    const table = name.split('/')[1]!
    if (!counts.has(table))
      throw new ArchiveError(`${show(name)} is of a table that the header does not have.`)
    counts.set(table, counts.get(table)! + count)
  }
  for (const [table, count] of counts)
    if (manifest.tables[table] !== count)
      throw new ArchiveError(
        `${show(table)} has ${count} rows, and the manifest says ${manifest.tables[table]}.`,
      )
}

/** Throws ArchiveError where the key is known and the seal is not its. */
function isSealed({ manifest, seal }: SealedManifest, vault: Vault): boolean {
  let sealed: string
  try {
    sealed = vault.open(seal, sealContext)
  } catch (error) {
    if (error instanceof SealError && error.message.startsWith('the key ')) return false
    throw new ArchiveError('The archive was changed after it was made: its seal does not open.')
  }
  if (sealed === digestOf(JSON.stringify(manifest))) return true
  throw new ArchiveError('The archive was changed after it was made: its seal is of another manifest.')
}
