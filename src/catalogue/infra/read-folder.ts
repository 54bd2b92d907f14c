import type { FileTree } from './file-tree.ts'

/** Reads a folder of this machine. What has not changed since the last time is not read again. Throws TreeError. */
export async function readFolder(_path: string): Promise<FileTree> {
  throw new Error('not yet')
}
