import type { Blueprint } from './blueprint.ts'
import type { FileTree } from './file-tree.ts'

/** Reads a blueprint's files. Equal trees (by digest) are read once. */
export function readBlueprint(_tree: FileTree): Blueprint {
  throw new Error('not yet')
}
