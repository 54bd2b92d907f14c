import type { Mirror } from '#ground/git/mirrors.ts'
import { GitError, lastLines } from '#ground/git/run-git.ts'
import { fileOf, limits, passedOver, requireRoom, tooLarge, TreeError, treeOf } from './file-tree.ts'
import type { FileTree, TreeFile } from './file-tree.ts'

/** By the id of a tree in git, which says all that is in it. */
const known = new Map<string, FileTree>()
const mostKnown = 8

/**
 * Reads a folder of a commit (its full id); an empty name for the root. Trees are kept in memory by their id in git.
 * Throws TreeError, and GitError where git fails.
 */
export async function readGitTree(mirror: Mirror, commit: string, folder: string): Promise<FileTree> {
  const at = folder.split('/').filter((name) => name !== '' && name !== '.')
  const place = `${at.join('/') || 'the root'} at ${commit.slice(0, 12)}`
  const id = await findTree(mirror, commit, at, place)
  const kept = known.get(id)
  const tree = kept ? { ...kept, place } : await readTree(mirror, id, place)
  known.delete(id)
  known.set(id, kept ?? tree)
  if (known.size > mostKnown) known.delete(known.keys().next().value!)
  return tree
}

async function findTree(
  mirror: Mirror,
  commit: string,
  at: readonly string[],
  place: string,
): Promise<string> {
  const missing = () => new TreeError('missing', `the repository has no folder ${place}`)
  if (at.some((name) => name === '..' || name.includes('\0'))) throw missing()
  const named = await mirror.git([
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${commit}:${at.join('/')}`,
  ])
  const id = named.stdout.trim()
  if (named.code !== 0 || !/^[0-9a-f]{40,64}$/.test(id)) throw missing()
  const { stdout } = await mirror.git(['cat-file', '-t', id])
  if (stdout.trim() !== 'tree') throw missing()
  return id
}

interface Entry {
  path: string
  object: string
  size: number
}

async function readTree(mirror: Mirror, id: string, place: string): Promise<FileTree> {
  const { code, bytes, stderr } = await mirror.git(['ls-tree', '-r', '-z', '-l', '--full-tree', id], {
    mostBytes: limits.bytes,
  })
  if (code !== 0) throw new GitError('failed', `git ls-tree: ${lastLines(stderr)}`)
  const refused: { path: string; reason: string }[] = []
  const entries: Entry[] = []
  for (const line of bytes.toString('utf8').split('\0')) {
    const tab = line.indexOf('\t')
    if (tab < 0) continue
    const [mode = '', , object = '', size = ''] = line.slice(0, tab).split(/ +/)
    const path = line.slice(tab + 1)
    if (path.split('/').some((name) => passedOver.has(name))) continue
    const reason = whyNot(mode, path, Number(size))
    if (reason) refused.push({ path, reason })
    else entries.push({ path, object, size: Number(size) })
  }
  const total = entries.reduce((sum, { size }) => sum + size, 0)
  requireRoom(place, entries.length, total)
  const contents = await readObjects(mirror, entries, total)
  return treeOf(
    place,
    entries.map(({ path, object }) => [path, contents.get(object)!] as const),
    refused,
  )
}

function whyNot(mode: string, path: string, size: number): string | undefined {
  if (mode === '120000') return 'it is a link'
  if (mode === '160000') return 'it is a submodule'
  if (path.includes('\uFFFD')) return 'its name is no UTF-8'
  if (path.split('/').length > limits.depth + 1) return 'it lies too deep'
  return size > limits.file ? tooLarge : undefined
}

/** What the objects hold, in one run of git. */
async function readObjects(
  mirror: Mirror,
  entries: readonly Entry[],
  total: number,
): Promise<Map<string, TreeFile>> {
  const found = new Map<string, TreeFile>()
  if (entries.length === 0) return found
  const wanted = [...new Set(entries.map(({ object }) => object))]
  const { code, bytes, stderr } = await mirror.git(['cat-file', '--batch'], {
    input: `${wanted.join('\n')}\n`,
    mostBytes: total + wanted.length * 200,
  })
  if (code !== 0) throw new GitError('failed', `git cat-file: ${lastLines(stderr)}`)
  let from = 0
  for (const object of wanted) {
    const end = bytes.indexOf(10, from)
    const [, kind, size] = bytes.subarray(from, Math.max(from, end)).toString('latin1').split(' ')
    if (end < 0 || kind !== 'blob') throw new GitError('failed', `git cat-file: ${object} is not there`)
    const begin = end + 1
    // A copy, so that a file that is kept does not hold all of them.
    found.set(object, fileOf(Uint8Array.from(bytes.subarray(begin, begin + Number(size)))))
    from = begin + Number(size) + 1
  }
  return found
}
