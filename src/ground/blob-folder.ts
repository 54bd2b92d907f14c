import { createHash, randomUUID } from 'node:crypto'
import { access, mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BlobMissingError, BlobTooLargeError, type Blobs, type Bytes, type StoredBlob } from './blobs.ts'

/** How long an unfinished upload may lie before an opener takes it for a dead process's. */
const abandonedAfterMs = 24 * 3600 * 1000

/**
 * Blobs as files of a folder, named `ab/cd…` by digest. Several processes may share the folder.
 *
 * @param now to tell abandoned uploads from those that another process is still writing
 */
export async function openBlobFolder(folder: string, now: Date): Promise<Blobs> {
  const incoming = join(folder, 'incoming')
  await mkdir(incoming, { recursive: true })
  await sweep(incoming, now)
  const fileOf = (digest: string) => {
    if (!/^[0-9a-f]{64}$/.test(digest)) throw new BlobMissingError(digest)
    return join(folder, digest.slice(0, 2), digest.slice(2))
  }
  return {
    async put(source, { mostBytes = Infinity } = {}) {
      const temporary = join(incoming, randomUUID())
      try {
        const stored = await write(temporary, source, mostBytes)
        const file = fileOf(stored.digest)
        await mkdir(dirname(file), { recursive: true })
        // Also over a file that is already there: it may be about to be removed.
        await rename(temporary, file)
        await syncFolders(dirname(file), folder)
        return stored
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    },
    async open(digest, range) {
      const handle = await openForReading(fileOf(digest), digest)
      return handle.createReadStream(range)
    },
    async has(digest) {
      try {
        await access(fileOf(digest))
        return true
      } catch {
        return false
      }
    },
    list: () => list(folder),
    async remove(digest) {
      await rm(fileOf(digest), { force: true })
    },
  }
}

async function write(file: string, source: Bytes, mostBytes: number): Promise<StoredBlob> {
  const hash = createHash('sha256')
  const handle = await open(file, 'wx')
  let size = 0
  try {
    for await (const chunk of source) {
      size += chunk.length
      if (size > mostBytes) throw new BlobTooLargeError(mostBytes)
      hash.update(chunk)
      await writeAll(handle, chunk)
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  return { digest: hash.digest('hex'), size }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length;) {
    written += (await handle.write(chunk, written)).bytesWritten
  }
}

/** A renamed file is only there after a power cut when its folder, and that folder's own name, were written out. */
async function syncFolders(...folders: string[]): Promise<void> {
  for (const folder of folders) {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }
}

async function openForReading(file: string, digest: string): Promise<FileHandle> {
  try {
    return await open(file, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new BlobMissingError(digest)
    throw error
  }
}

async function sweep(incoming: string, now: Date): Promise<void> {
  for (const name of await readdir(incoming)) {
    const file = join(incoming, name)
    const found = await stat(file).catch(() => undefined)
    if (found && now.getTime() - found.mtimeMs > abandonedAfterMs) await rm(file, { force: true })
  }
}

async function* list(folder: string): AsyncIterable<StoredBlob> {
  for (const start of (await readdir(folder)).toSorted()) {
    if (!/^[0-9a-f]{2}$/.test(start)) continue
    for (const rest of (await readdir(join(folder, start))).toSorted()) {
      const found = await stat(join(folder, start, rest)).catch(() => undefined)
      if (found?.isFile()) yield { digest: start + rest, size: found.size }
    }
  }
}
