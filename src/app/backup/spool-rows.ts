import { createHash } from 'node:crypto'
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from '#store/database.ts'
import { dumpRows, listMigrations, listSequences, listTables } from '#store/dump-rows.ts'
import { rowsName, type Header, type Manifest } from './archive-shape.ts'

interface Piece {
  name: string
  sha256: string
  bytes: number
  rows: number
}

/** All rows of one moment, in a file that has no name and goes with whoever holds it. */
export interface Spool extends Pick<Header, 'migrations' | 'tables'>, Pick<Manifest, 'sequences'> {
  pieces: Piece[]
  file: FileHandle
}

/**
 * Writes all rows of one snapshot to a file, as fast as the disk takes them: however slowly the backup is then read,
 * no transaction stays open for it. The embedded store has one connection, and serves nobody else meanwhile.
 */
export async function spoolRows(db: Db, { folder, name }: { folder: string; name: string }): Promise<Spool> {
  const file = await openNameless(folder, name)
  try {
    const read = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
    return await read.execute(async (tx) => {
      const [migrations, tables] = [await listMigrations(tx), await listTables(tx)]
      const pieces: Piece[] = []
      for (const table of tables) {
        let number = 0
        for await (const lines of dumpRows(tx, table)) {
          const bytes = Buffer.from(`${lines.join('\n')}\n`)
          await file.appendFile(bytes)
          const sha256 = createHash('sha256').update(bytes).digest('hex')
          pieces.push({
            name: rowsName(table.name, (number += 1)),
            sha256,
            bytes: bytes.length,
            rows: lines.length,
          })
        }
      }
      // Sequences are of no snapshot: read last, they are past every number in the rows.
      return { migrations, tables, pieces, sequences: await listSequences(tx), file }
    })
  } catch (error) {
    await file.close()
    throw error
  }
}

/** It holds digests of secrets: nobody else can open it, and a process that dies leaves nothing behind. */
async function openNameless(folder: string, name: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${name}.spool`)
  const file = await open(path, 'wx+', 0o600)
  await rm(path)
  return file
}
