import type { Mirror } from '#ground/git/mirrors.ts'
import { readPatchIds } from '../changelog/patch-ids.ts'
import { tryGit } from './read-commit.ts'

/** How a commit is in another's history: itself, by what picked it (`-x`), or as the same change. */
export type Containment = 'ancestor' | 'trailer' | 'patch'

/** How many commits that touch the same files are compared by what they change. */
const mostCompared = 1000

/**
 * Which of these commits have `source`, and how. A few commands of git, however many there are; all ids are full. What
 * the mirror does not have has nothing.
 */
export async function containing(
  mirror: Mirror,
  source: string,
  targets: readonly string[],
): Promise<Map<string, Containment>> {
  const found = new Map<string, Containment>()
  const there = await existing(mirror, [source, ...targets])
  if (!there.delete(source)) return found
  if (targets.includes(source)) there.add(source)
  const among = async (commit: string, how: Containment) => {
    const rest = [...there].filter((target) => !found.has(target))
    if (rest.length === 0) return
    for (const sha of await descendants(mirror, commit, rest)) found.set(sha, how)
  }
  await among(source, 'ancestor')
  const rest = [...there].filter((target) => !found.has(target))
  if (rest.length === 0) return found
  for (const commit of await pickedOf(mirror, source, rest)) await among(commit, 'trailer')
  for (const commit of await alike(mirror, source, rest)) await among(commit, 'patch')
  return found
}

/** Those that come after `commit`, or are it. */
async function descendants(mirror: Mirror, commit: string, targets: readonly string[]): Promise<string[]> {
  const input = [...targets, `^${commit}`, ''].join('\n')
  const args = ['rev-list', '--ancestry-path', '--stdin']
  const after = new Set(linesOf(await tryGit(mirror, args, { input, mostBytes })))
  return targets.filter((target) => target === commit || after.has(target))
}

/** What says of itself that it was picked from `source`, in any of these histories. */
async function pickedOf(mirror: Mirror, source: string, targets: readonly string[]): Promise<string[]> {
  const words = `(cherry picked from commit ${source})`
  const args = ['rev-list', '--fixed-strings', `--grep=${words}`, '--stdin']
  return linesOf(await tryGit(mirror, args, { input: [...targets, `^${source}`, ''].join('\n') }))
}

/** What changes the same, among what touches the same files and `source` does not have. */
async function alike(mirror: Mirror, source: string, targets: readonly string[]): Promise<string[]> {
  const args = [
    'diff-tree',
    '-r',
    '-z',
    '--root',
    '--no-commit-id',
    '--name-only',
    '--no-renames',
    '--diff-merges=first-parent',
  ]
  const paths = (await tryGit(mirror, [...args, source])).toString('utf8').split('\0').filter(Boolean)
  if (paths.length === 0 || paths.length > mostPaths) return []
  const pathspecs = paths.map((path) => `:(top,literal)${path}`)
  const listed = await tryGit(
    mirror,
    ['rev-list', `--max-count=${mostCompared}`, ...targets, `^${source}`, '--', ...pathspecs],
    { mostBytes },
  )
  const others = linesOf(listed)
  if (others.length === 0) return []
  const ids = new Map<string, string>()
  for await (const batch of readPatchIds(mirror, [source, ...others]))
    for (const { sha, patch_id } of batch) ids.set(sha, patch_id)
  const own = ids.get(source)
  return own ? others.filter((sha) => ids.get(sha) === own) : []
}

/** As many as fit into a command; a commit of more is compared with nothing. */
const mostPaths = 500
const mostBytes = 64 * 1024 * 1024
const linesOf = (bytes: Buffer) => bytes.toString('latin1').split('\n').filter(Boolean)

/** Which of these commits are in the history of `target` themselves. What the mirror does not have is in none. */
export async function ancestorsAmong(
  mirror: Mirror,
  target: string,
  shas: readonly string[],
): Promise<Set<string>> {
  const there = [...(await existing(mirror, shas))]
  if (there.length === 0) return new Set()
  const listed = await tryGit(mirror, ['rev-list', '--stdin'], {
    input: [...there, `^${target}`, ''].join('\n'),
    mostBytes,
  })
  const outside = new Set(linesOf(listed))
  return new Set(there.filter((sha) => !outside.has(sha)))
}

/** Those that the mirror has. */
async function existing(mirror: Mirror, shas: readonly string[]): Promise<Set<string>> {
  const asked = [...new Set(shas)]
  const input = asked.map((sha) => `${sha}^{commit}\n`).join('')
  const checked = await tryGit(mirror, ['cat-file', '--batch-check=%(objecttype)'], { input })
  const kinds = checked.toString('latin1').split('\n')
  return new Set(asked.filter((_, index) => kinds[index] === 'commit'))
}
