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
