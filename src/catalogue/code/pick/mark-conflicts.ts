import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mirror } from '#ground/git/mirrors.ts'
import type { MergedTrees } from './merge-trees.ts'
import { tryGit } from './read-commit.ts'

/** What is on one path of a tree in which a pick is in conflict. */
export interface Conflict {
  /** UTF-8; what is none shows as U+FFFD. */
  path: string
  /** As git calls it: `contents`, `modify/delete`, `binary`; and `symlink`, `submodule`. */
  kind: string
  /** Whether it stands between markers there. Where not, the path holds one of the two sides, or nothing. */
  marked: boolean
}

const baseLabel = 'Base content'
const pickLabel = 'Cherry-pick content'

interface TreeEntry {
  mode: string
  oid: string
}

/** A file past this is left with the labels that git gave it. */
const mostBytes = 64 * 1024 * 1024

/**
 * Names the sides of each conflict in the words that people are told, where git wrote the names of commits that
 * nobody knows. Answers the tree with them, and what is in conflict, in the order of the paths.
 */
export async function markConflicts(
  mirror: Mirror,
  baseTree: string,
  merged: MergedTrees,
): Promise<{ tree: string; conflicts: Conflict[] }> {
  const paths = [...new Set(merged.entries.map(({ path }) => path))].toSorted()
  const standing = await listChanged(mirror, baseTree, merged.tree)
  const changes: { from: string; to: string; entry: TreeEntry }[] = []
  const conflicts: Conflict[] = []
  for (const path of paths) {
    const entry = standing.get(path)
    const to = renamed(merged, path)
    const oid = entry && isFile(entry) ? await relabel(mirror, merged, entry.oid) : undefined
    if (entry && (to !== path || oid !== undefined))
      changes.push({ from: path, to, entry: { ...entry, oid: oid ?? entry.oid } })
    conflicts.push({ path: shown(to), kind: kindOf(merged, path), marked: oid !== undefined })
  }
  return { tree: changes.length === 0 ? merged.tree : await rewrite(mirror, merged.tree, changes), conflicts }
}

const isFile = ({ mode }: TreeEntry) => mode.startsWith('100')
const shown = (path: string) => Buffer.from(path, 'latin1').toString('utf8')

/** Where a folder stands in the way of a file, git calls the file `name~<commit>`. */
function renamed({ base, picked }: MergedTrees, path: string): string {
  return path.replace(`~${base}`, '~base').replace(`~${picked}`, '~cherry-pick')
}

function kindOf({ kinds, entries }: MergedTrees, path: string): string {
  const said = kinds.filter(({ paths }) => paths.includes(path)).map(({ kind }) => kind)
  const special = said.find((kind) => kind !== 'contents') ?? said[0] ?? 'contents'
  const link = entries.some((entry) => entry.path === path && entry.mode === '120000')
  if (special.startsWith('submodule')) return 'submodule'
  return special === 'contents' && link ? 'symlink' : special
}

/** The paths that hold something else than in the base. Those that do not are as they were there. */
async function listChanged(mirror: Mirror, before: string, after: string): Promise<Map<string, TreeEntry>> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', before, after]
  const words = (await tryGit(mirror, args, { mostBytes: 256 * 1024 * 1024 })).toString('latin1').split('\0')
  const found = new Map<string, TreeEntry>()
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [, mode = '', , oid = ''] = words[at]!.split(' ')
    if (mode !== '000000') found.set(words[at + 1]!, { mode, oid })
  }
  return found
}

/** The blob with our labels; undefined where there are no markers in it. */
async function relabel(
  mirror: Mirror,
  { base, picked }: MergedTrees,
  oid: string,
): Promise<string | undefined> {
  const { code, bytes } = await mirror.git(['cat-file', 'blob', oid], { mostBytes })
  if (code !== 0) return undefined
  const text = bytes.toString('latin1')
  const marked = text
    .replaceAll(new RegExp(`^(<{9,}) ${base}(?=:|\\r?$)`, 'gm'), `$1 ${baseLabel}`)
    .replaceAll(new RegExp(`^(>{9,}) ${picked}(?=:|\\r?$)`, 'gm'), `$1 ${pickLabel}`)
  if (marked === text) return undefined
  const input = Buffer.from(marked, 'latin1')
  return (await tryGit(mirror, ['hash-object', '-t', 'blob', '-w', '--stdin'], { input })).toString().trim()
}

/** Changes a few entries of a tree, by an index that is used for nothing else. */
async function rewrite(
  mirror: Mirror,
  tree: string,
  changes: readonly { from: string; to: string; entry: TreeEntry }[],
): Promise<string> {
  const desk = await mkdtemp(join(tmpdir(), 'headgate-index-'))
  try {
    const options = { environment: { GIT_INDEX_FILE: join(desk, 'index') } }
    await tryGit(mirror, ['read-tree', tree], options)
    const lines = changes.flatMap(({ from, to, entry }) => [
      ...(from === to ? [] : [`0 ${'0'.repeat(entry.oid.length)}\t${from}\0`]),
      `${entry.mode} ${entry.oid}\t${to}\0`,
    ])
    const input = Buffer.from(lines.join(''), 'latin1')
    await tryGit(mirror, ['update-index', '-z', '--index-info'], { ...options, input })
    return (await tryGit(mirror, ['write-tree'], options)).toString().trim()
  } finally {
    await rm(desk, { recursive: true, force: true })
  }
}
