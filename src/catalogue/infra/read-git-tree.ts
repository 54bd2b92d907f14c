import type { Mirror } from '#ground/git/mirrors.ts'
import type { FileTree } from './file-tree.ts'

/**
 * Reads a folder of a commit (its full id); an empty name for the root. Trees are kept in memory by their id in git.
 * Throws TreeError, and GitError where git fails.
 */
export async function readGitTree(_mirror: Mirror, _commit: string, _folder: string): Promise<FileTree> {
  throw new Error('not yet')
}
