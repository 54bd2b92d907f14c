import type { ModuleIndex } from './blueprint.ts'
import type { FileTree } from './file-tree.ts'

export interface ReadModulesOptions {
  /** Whether a module may name sources that are fetched from elsewhere. */
  remote_sources?: boolean
}

/** Finds the modules of a folder by their facets.yaml. Equal trees, and equal modules of other trees, are read once. */
export async function readModules(_tree: FileTree, _options: ReadModulesOptions = {}): Promise<ModuleIndex> {
  throw new Error('not yet')
}
