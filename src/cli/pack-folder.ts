import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pack } from 'tar-stream'

export interface FolderFile {
  /** From the folder on, with forward slashes. */
  name: string
  path: string
  size: number
}

/** One tar has no more than this, unless one file alone has more: so a server is never sent to for very long. */
const mostBytes = 64 * 1024 * 1024
const mostFiles = 2000

/** Plain files under a folder, by name; nothing that is hidden or that is a link. */
async function* filesUnder(folder: string, within = ''): AsyncIterable<FolderFile> {
  const found = await readdir(join(folder, within), { withFileTypes: true })
  for (const entry of found.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue
    const name = within === '' ? entry.name : `${within}/${entry.name}`
    if (entry.isDirectory()) yield* filesUnder(folder, name)
    else if (entry.isFile()) {
      const path = join(folder, name)
      yield { name, path, size: (await stat(path)).size }
    }
  }
}

/** A folder as tars of a bearable size, one after the other. */
export async function* packFolder(folder: string): AsyncIterable<{ tar: Readable; files: number }> {
  let open: FolderFile[] = []
  let bytes = 0
  for await (const file of filesUnder(folder)) {
    if (open.length > 0 && (bytes + file.size > mostBytes || open.length >= mostFiles)) {
      yield { tar: tarOf(open), files: open.length }
      open = []
      bytes = 0
    }
    open.push(file)
    bytes += file.size
  }
  if (open.length > 0) yield { tar: tarOf(open), files: open.length }
}

function tarOf(files: readonly FolderFile[]): Readable {
  const tar = pack()
  void fill().catch((error: unknown) => tar.destroy(error as Error))
  return Readable.from(tar, { objectMode: false })

  async function fill(): Promise<void> {
    for (const { name, path, size } of files)
      await pipeline(createReadStream(path), tar.entry({ name, size }))
    tar.finalize()
  }
}
