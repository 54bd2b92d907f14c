import fs from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** What of Emscripten's bridge to Node's files we reach into. */
interface Bridge {
  NODEFS: {
    stream_ops: { fsync?: (stream: { nfd?: number; node: object }) => number }
    realPath(node: object): string
  }
}

/**
 * A folder in which a commit is on the disk when it is acknowledged. PGlite turns fsync off, since its bridge to
 * Node's files has none: what a killed process wrote stays, but a power cut could take whole pages. Here the bridge
 * gets one, and PostgreSQL is told to use it (its other way to sync, fdatasync, is an empty function there).
 */
class DurableFolder extends NodeFS {
  override async init(...args: Parameters<NodeFS['init']>) {
    const { emscriptenOpts } = await super.init(...args)
    const before = (emscriptenOpts.preRun ?? []) as unknown[]
    const bridge = ({ NODEFS }: Bridge) => {
      NODEFS.stream_ops.fsync = ({ nfd, node }) => {
        if (nfd === undefined) syncFolder(NODEFS.realPath(node))
        else fs.fdatasyncSync(nfd)
        return 0
      }
    }
    return {
      emscriptenOpts: { ...emscriptenOpts, preRun: [...before, bridge] as typeof emscriptenOpts.preRun },
    }
  }
}

/** Options for PGlite that make what lies in `folder` survive a power cut. */
export function durableIn(folder: string): PGliteOptions {
  const withFsync = PGlite.defaultStartParams.filter((parameter) => parameter !== '-F')
  return { fs: new DurableFolder(folder), startParams: [...withFsync, '-c', 'wal_sync_method=fsync'] }
}

/** Writes out everything below `folder`: a store is first made without syncing. */
export async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await syncTree(path)
    else if (entry.isFile()) await sync(path)
  }
  await sync(folder)
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function syncFolder(path: string): void {
  const descriptor = fs.openSync(path, 'r')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}
