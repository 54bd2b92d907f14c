import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract, pack } from 'tar-stream'

export interface ArchiveEntry {
  name: string
  /** In bytes; what `content` gives, exactly. */
  size: number
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** What an archive is that cannot be read; the message says where and why. */
export class ArchiveError extends Error {
  override name = 'ArchiveError'
}

/** A tar of these, made as fast as it is read. What `entries` throws ends it with that error. */
export function packArchive(entries: AsyncIterable<ArchiveEntry>, at: Date): Readable {
  const tar = pack()
  void fill().catch((error: unknown) => tar.destroy(error as Error))
  // Its own streams are not Node's: what a reader of ours expects of one, this gives.
  return Readable.from(tar, { objectMode: false })

  async function fill(): Promise<void> {
    for await (const { name, size, content } of entries) {
      const entry = tar.entry({ name, size, mtime: at, mode: 0o600 })
      await pipeline(content, entry)
    }
    tar.finalize()
  }
}

/** No honest archive of rows and files shrinks to less than this part of itself; a bomb does. */
const mostExpansion = 250
const freeBytes = 64 * 1024 * 1024

/**
 * Reads a tar, or a gzip of one, entry by entry. `take` reads each entry's content to its end, or answers false to
 * read no further. Only plain files are taken, and nothing is ever written under the names in it.
 *
 * @param folders whether entries for folders are passed over rather than refused
 * @throws ArchiveError for what is no whole archive, and whatever `take` throws
 */
export async function readArchive(
  source: Readable,
  take: (entry: ArchiveEntry) => Promise<boolean | void>,
  { folders = false }: { folders?: boolean } = {},
): Promise<void> {
  const tar = extract()
  const fed = pipeline(expanded(source), tar)
  // What breaks here is heard below too; it must not count as unhandled meanwhile.
  fed.catch(() => undefined)
  try {
    for await (const entry of tar) {
      const { name, size, type } = entry.header
      if (folders && type === 'directory') {
        entry.resume()
        continue
      }
      if (type !== 'file') throw new ArchiveError(`${show(name)} is a ${type ?? 'nameless kind of'} entry`)
      if ((await take({ name, size, content: entry as AsyncIterable<Buffer> })) === false) {
        source.destroy()
        return
      }
    }
    await fed
  } catch (error) {
    source.destroy()
    tar.destroy()
    throw readable(error)
  }
}

/** A name as an error can show it, whatever somebody put into it. */
export function show(name: string): string {
  return JSON.stringify(name.slice(0, 100))
}

function readable(error: unknown): unknown {
  if (!(error instanceof Error) || error.name.endsWith('ArchiveError')) return error
  const { code = '' } = error as NodeJS.ErrnoException
  if (code.startsWith('Z_')) return new ArchiveError(`The archive is no whole gzip file: ${error.message}.`)
  if (/Unexpected end of data|Invalid tar header|Premature close|Header checksum/i.test(error.message))
    return new ArchiveError(`The archive is cut short or is no tar file: ${error.message}.`)
  return error
}

async function* expanded(source: Readable): AsyncIterable<Uint8Array> {
  let read = 0
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const opening: IteratorResult<Buffer> = await chunks.next()
  if (opening.done) throw new ArchiveError('The archive is empty.')
  const first = opening.value
  async function* all(): AsyncIterable<Buffer> {
    for (let next = opening; !next.done; next = await chunks.next()) {
      read += next.value.length
      yield next.value
    }
  }
  const isGzip = first[0] === 0x1f && first[1] === 0x8b
  if (!isGzip) return yield* all()
  const gunzip = createGunzip()
  const fed = pipeline(all(), gunzip)
  fed.catch(() => undefined)
  let given = 0
  for await (const chunk of gunzip as AsyncIterable<Buffer>) {
    given += chunk.length
    if (given > freeBytes && given > read * mostExpansion)
      throw new ArchiveError('The archive expands too much.')
    yield chunk
  }
  await fed
}
