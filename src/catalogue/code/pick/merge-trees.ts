import type { Mirror } from '#ground/git/mirrors.ts'
import { GitError, lastLines } from '#ground/git/run-git.ts'
import { sign, writeCommit } from './write-commit.ts'

/** One side of a conflict; its paths and texts are bytes, one per character (latin1). */
export interface ConflictEntry {
  mode: string
  oid: string
  /** 1: what both come from; 2: the base; 3: what is picked. */
  stage: number
  path: string
}

export interface MergedTrees {
  tree: string
  /** None: it is clean. */
  entries: ConflictEntry[]
  /** What git calls what is wrong, by the paths that it names. */
  kinds: { paths: string[]; kind: string }[]
  /** How git names the two sides in what it writes. */
  base: string
  picked: string
}

/**
 * Merges two trees that come from a third, without a work tree. The merge base is said by commits made for this alone,
 * since git 2.39 takes none by itself; nothing refers to them.
 */
export async function mergeTrees(
  mirror: Mirror,
  trees: { from: string; base: string; picked: string },
): Promise<MergedTrees> {
  const from = await plainCommit(mirror, trees.from, [])
  const [base, picked] = await Promise.all([
    plainCommit(mirror, trees.base, [from], 'base'),
    plainCommit(mirror, trees.picked, [from], 'pick'),
  ])
  const args = [
    '-c',
    'merge.conflictStyle=merge',
    '-c',
    'merge.renames=true',
    'merge-tree',
    '--write-tree',
    '-z',
  ]
  const { code, bytes, stderr } = await mirror.git([...args, '--messages', base, picked])
  if (code > 1) throw new GitError('failed', `git merge-tree: ${lastLines(stderr) || `code ${code}`}`)
  const words = bytes.toString('latin1').split('\0')
  const [tree = ''] = words
  if (code === 0) return { tree, entries: [], kinds: [], base, picked }
  const end = words.indexOf('', 1)
  const entries = words.slice(1, end).flatMap(readEntry)
  return { tree, entries, kinds: readKinds(words.slice(end + 1)), base, picked }
}

const nobody = sign({ name: 'merge', email: 'merge', at: new Date(0) })

/** `side` tells the two apart where their trees are the same. */
function plainCommit(mirror: Mirror, tree: string, parents: string[], side = 'from'): Promise<string> {
  return writeCommit(mirror, { tree, parents, author: nobody, committer: nobody, message: `${side}\n` })
}

function readEntry(line: string): ConflictEntry[] {
  const [, mode, oid, stage, path] = /^([0-7]+) ([0-9a-f]+) ([1-3])\t(.*)$/s.exec(line) ?? []
  return mode && oid && stage && path ? [{ mode, oid, stage: Number(stage), path }] : []
}

/** `<number of paths> <paths…> <kind> <sentence>`, over and over. */
function readKinds(words: readonly string[]): MergedTrees['kinds'] {
  const kinds: MergedTrees['kinds'] = []
  for (let at = 0; at < words.length;) {
    const count = Number(words[at]?.trim())
    if (!Number.isSafeInteger(count) || count < 0 || at + count + 2 >= words.length) break
    const [, kind] = /^CONFLICT \((.*)\)$/.exec(words[at + count + 1] ?? '') ?? []
    if (kind) kinds.push({ paths: words.slice(at + 1, at + 1 + count), kind })
    at += count + 3
  }
  return kinds
}
