import { constants, type BigIntStats, type Dirent } from 'node:fs'
import { lstat, open, readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { fileOf, limits, passedOver, requireRoom, tooLarge, TreeError, treeOf } from './file-tree.ts'
import type { FileTree, TreeFile } from './file-tree.ts'

interface Seen {
  stamp: string
  file: TreeFile
  /**
   * It had the same stamp and the same bytes twice. Once is not enough: it may have been written again within the one
   * tick of the file system's clock that the stamp tells.
   */
  sure: boolean
}

interface Known {
  files: Map<string, Seen>
  tree: FileTree
}

/** By folder, what was read the last time. */
const known = new Map<string, Known>()
const mostKnown = 16

interface Walk {
  root: string
  before: Map<string, Seen>
  seen: Map<string, Seen>
  refused: { path: string; reason: string }[]
  bytes: number
}

/** Reads a folder of this machine. What has not changed since the last time is not read again. Throws TreeError. */
export async function readFolder(path: string): Promise<FileTree> {
  const root = await rootOf(path)
  const before = known.get(root)
  const walk: Walk = { root, before: before?.files ?? new Map(), seen: new Map(), refused: [], bytes: 0 }
  await walkFolder(walk, '', 0)
  const tree = before && isSame(walk, before) ? before.tree : asTree(walk, path)
  known.delete(root)
  known.set(root, { files: walk.seen, tree })
  if (known.size > mostKnown) known.delete(known.keys().next().value!)
  return tree
}

async function rootOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    throw whyNot(path, error)
  }
}

function whyNot(path: string, error: unknown): TreeError {
  const { code = 'error' } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new TreeError('missing', `there is no folder ${path} on this machine`)
  return new TreeError('unreadable', `the folder ${path} cannot be read (${code})`)
}

async function walkFolder(walk: Walk, folder: string, depth: number): Promise<void> {
  const entries = await list(walk, folder)
  if (depth > limits.depth) {
    if (entries.length > 0) walk.refused.push({ path: folder, reason: 'it lies too deep' })
    return
  }
  const folders: string[] = []
  const files: string[] = []
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (passedOver.has(entry.name)) continue
    if (entry.isDirectory()) folders.push(path)
    else if (entry.isFile()) files.push(path)
    else walk.refused.push({ path, reason: entry.isSymbolicLink() ? 'it is a link' : 'it is no file' })
  }
  await Promise.all(files.map((path) => visit(walk, path)))
  requireRoom(walk.root, walk.seen.size, walk.bytes)
  for (const one of folders) await walkFolder(walk, one, depth + 1)
}

async function list(walk: Walk, folder: string): Promise<Dirent[]> {
  try {
    return await readdir(join(walk.root, folder), { withFileTypes: true })
  } catch (error) {
    if (folder === '') throw whyNot(walk.root, error)
    walk.refused.push({
      path: folder,
      reason: `it cannot be read (${(error as NodeJS.ErrnoException).code})`,
    })
    return []
  }
}

async function visit(walk: Walk, path: string): Promise<void> {
  try {
    const stats = await lstat(join(walk.root, path), { bigint: true })
    const before = walk.before.get(path)
    const stamp = stampOf(stats)
    const size = Number(stats.size)
    if (size > limits.file) {
      walk.refused.push({ path, reason: tooLarge })
      return
    }
    walk.bytes += size
    if (walk.bytes > limits.bytes) return
    if (before?.sure && before.stamp === stamp) walk.seen.set(path, before)
    else walk.seen.set(path, look(stamp, await readBytes(join(walk.root, path)), before))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    walk.refused.push({ path, reason: `it cannot be read (${code})` })
  }
}

function look(stamp: string, bytes: Uint8Array, before: Seen | undefined): Seen {
  const file = fileOf(bytes)
  const same = before?.file.digest === file.digest
  return { stamp, file: same ? before.file : file, sure: same && before.stamp === stamp }
}

async function readBytes(path: string): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    return await file.readFile()
  } finally {
    await file.close()
  }
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev}.${ino}.${size}.${mtimeNs}.${ctimeNs}`
}

function isSame({ seen, refused }: Walk, { files, tree }: Known): boolean {
  if (seen.size !== files.size || refused.length !== tree.refused.length) return false
  for (const [path, { file }] of seen) if (files.get(path)?.file !== file) return false
  return refused.every(({ path, reason }, at) => {
    const other = tree.refused[at]
    return other?.path === path && other.reason === reason
  })
}

function asTree({ seen, refused }: Walk, path: string): FileTree {
  const files = [...seen].map(([name, { file }]) => [name, file] as const)
  return treeOf(path, files, refused)
}
