import { createHash, hash } from 'node:crypto'

/** A folder as it was at one moment: of a disk, or of a commit. */
export interface FileTree {
  /** Where it is, for messages: a path, or a repository's folder at a commit. */
  place: string
  /** `sha256:…` over paths and contents: equal wherever the same files lie. */
  digest: string
  /** By path below the folder, `/` between names, in the order of the paths. */
  files: ReadonlyMap<string, TreeFile>
  /** What lies there and was not read: links, submodules, what is too large. */
  refused: readonly { path: string; reason: string }[]
}

export interface TreeFile {
  bytes: Uint8Array
  /** `sha256:…` of the bytes. */
  digest: string
}

/** There is no such folder, it cannot be read, or it holds more than anybody's blueprint. */
export class TreeError extends Error {
  readonly reason: 'missing' | 'unreadable' | 'too_large'

  constructor(reason: TreeError['reason'], message: string) {
    super(message)
    this.name = 'TreeError'
    this.reason = reason
  }
}

/** What a tree may hold. A larger file is refused, more than the rest is no tree. */
export const limits = { file: 4 * 1024 * 1024, files: 20_000, bytes: 128 * 1024 * 1024, depth: 32 }

/** What lies in folders of programs, and is nobody's blueprint. */
export const passedOver: ReadonlySet<string> = new Set(['.git', '.terraform', 'node_modules'])

export function fileOf(bytes: Uint8Array): TreeFile {
  return { bytes, digest: `sha256:${hash('sha256', bytes)}` }
}

/** Paths as in `FileTree`, in any order. */
export function treeOf(
  place: string,
  files: Iterable<readonly [string, TreeFile]>,
  refused: FileTree['refused'] = [],
): FileTree {
  const sorted = [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { place, digest: digestOfFiles(sorted), files: new Map(sorted), refused }
}

/** `sha256:…` over paths and contents. In the order of the paths. */
export function digestOfFiles(files: Iterable<readonly [string, TreeFile]>): string {
  const sum = createHash('sha256')
  for (const [path, { digest }] of files) sum.update(`${path}\0${digest}\n`)
  return `sha256:${sum.digest('hex')}`
}

export function requireRoom(place: string, files: number, bytes: number): void {
  if (files > limits.files) throw new TreeError('too_large', `${place} holds more than ${limits.files} files`)
  if (bytes > limits.bytes)
    throw new TreeError('too_large', `${place} holds more than ${limits.bytes / 1024 / 1024} MiB`)
}

export const tooLarge = `it is larger than ${limits.file / 1024 / 1024} MiB`

/** What tells a tree from another, with what was refused of it. */
export function identityOf({ digest, refused }: FileTree): string {
  return `${digest} ${refused.map(({ path, reason }) => `${path}: ${reason}`).join('\n')}`
}
