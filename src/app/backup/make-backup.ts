import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { DomainError } from '#domain/errors.ts'
import { packArchive, type ArchiveEntry } from '#ground/archive.ts'
import type { StoredBlob } from '#ground/blobs.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import {
  blobName,
  headerName,
  manifestName,
  sealContext,
  type Header,
  type Manifest,
} from './archive-shape.ts'
import { spoolRows, type Spool } from './spool-rows.ts'

/** Stores of which a backup is being made: a second would only slow the first. */
const atWork = new WeakSet<Context['db']>()

export interface Backup {
  /** The tar, made as it is read. An error on the way ends it before its manifest, without which it restores nothing. */
  archive: Readable
  made_at: Date
}

/**
 * A copy of everything while it serves on: all rows of one moment, every blob that they name, and the digests to check
 * both. Secrets are in it as they are stored, hashed or sealed; the key that opens them is not. Throws
 * `limit_reached` while another one is made.
 *
 * @param folder where the rows are put down until they are read
 */
export async function makeBackup(ctx: Context, { folder }: { folder: string }): Promise<Backup> {
  authorize(ctx, 'backup.make')
  if (atWork.has(ctx.db)) throw new DomainError('limit_reached', { limit: 'backups at once', most: 1 })
  atWork.add(ctx.db)
  const made_at = ctx.now()
  try {
    const spool = await spoolRows(ctx.db, { folder, name: ctx.newId() })
    const archive = packArchive(entriesOf(ctx, spool, made_at), made_at)
    archive.once('close', () => {
      atWork.delete(ctx.db)
      void spool.file.close()
    })
    const rows = spool.pieces.reduce((sum, piece) => sum + piece.rows, 0)
    try {
      await transact(ctx, async ({ record }) => record({ kind: 'backup.made', data: { rows } }))
    } catch (error) {
      archive.destroy()
      throw error
    }
    return { archive, made_at }
  } catch (error) {
    atWork.delete(ctx.db)
    throw error
  }
}

async function* entriesOf(ctx: Context, spool: Spool, at: Date): AsyncIterable<ArchiveEntry> {
  const { migrations, tables, pieces, sequences, file } = spool
  const header: Header = {
    ...{ format: 'headgate-backup', version: 1, made_at: at.toISOString() },
    ...{ migrations, tables },
  }
  const headerBytes = Buffer.from(JSON.stringify(header))
  yield { name: headerName, size: headerBytes.length, content: [headerBytes] }
  let start = 0
  const counts: Record<string, number> = Object.fromEntries(tables.map(({ name }) => [name, 0]))
  for (const { name, bytes, rows } of pieces) {
    const bytesOf = Buffer.alloc(bytes)
    await file.read(bytesOf, 0, bytes, start)
    start += bytes
    counts[name.split('/')[1]!]! += rows
    yield { name, size: bytes, content: [bytesOf] }
  }
  // Looked for after the rows were read, so that whatever these name is among them.
  const blobs = { count: 0, bytes: 0 }
  for await (const blob of ctx.blobs.list()) {
    blobs.count += 1
    blobs.bytes += blob.size
    yield {
      name: blobName(blob.digest),
      size: blob.size,
      content: checked(await ctx.blobs.open(blob.digest), blob),
    }
  }
  const header_sha256 = digestOf(headerBytes)
  const manifest: Manifest = { header_sha256, rows: pieces, tables: counts, sequences, blobs }
  const seal = ctx.vault.seal(digestOf(JSON.stringify(manifest)), sealContext)
  const end = Buffer.from(JSON.stringify({ manifest, seal }))
  yield { name: manifestName, size: end.length, content: [end] }
}

export function digestOf(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A blob that is not what its name says any more is not handed on as if it were. */
async function* checked(content: AsyncIterable<Buffer>, { digest }: StoredBlob): AsyncIterable<Buffer> {
  const hash = createHash('sha256')
  for await (const chunk of content) {
    hash.update(chunk)
    yield chunk
  }
  if (hash.digest('hex') !== digest) throw new Error(`the blob ${digest} is damaged on the disk`)
}
