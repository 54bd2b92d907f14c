import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'

/** Writes the files of a tar under a folder that is not there yet, and nothing anywhere else. Answers how many. */
export async function unpackTar(tar: Readable, folder: string): Promise<number> {
  const reader = extract()
  const fed = pipeline(tar, reader)
  // It is heard below, where the reader breaks off.
  fed.catch(() => undefined)
  let files = 0
  for await (const entry of reader) {
    const { name, type } = entry.header
    const parts = name.split('/')
    const safe = type === 'file' && parts.every((part) => part !== '' && part !== '.' && part !== '..')
    if (!safe || /[\\\0]/.test(name))
      throw new Error(`The server sent ${JSON.stringify(name)}, which is no file of an export`)
    const path = join(folder, ...parts)
    await mkdir(dirname(path), { recursive: true })
    await pipeline(entry, createWriteStream(path, { flags: 'wx' }))
    files += 1
  }
  await fed
  return files
}
