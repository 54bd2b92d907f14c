import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Source files by their path from the repository's root, with forward slashes. */
export type Tree = ReadonlyMap<string, string>

const source = /\.(ts|js|mjs|cjs|sql)$/
const generated = /^(test\/golden\/|src\/store\/schema\.sql$)/

/** Reads the folders as they are, whatever git knows of them. */
export function readTree(root: string): Tree {
  const tree = new Map<string, string>()
  for (const folder of ['src', 'test', 'bench', 'bin']) {
    for (const path of walk(root, folder)) {
      if (source.test(path) && !generated.test(path)) tree.set(path, readFileSync(join(root, path), 'utf8'))
    }
  }
  return tree
}

function walk(root: string, folder: string): string[] {
  let entries
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true })
  } catch {
    return []
  }
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? walk(root, path) : [path]
  })
}
