import type { Mirror } from '#ground/git/mirrors.ts'
import { GitError, lastLines, type GitOptions } from '#ground/git/run-git.ts'

/** A commit as it lies in the repository. Texts are bytes, one per character (latin1): names need not be UTF-8. */
export interface RawCommit {
  tree: string
  parents: string[]
  /** `Name <address> seconds zone`. */
  author: string
  /** In which encoding it says that its texts are; undefined: UTF-8. */
  encoding: string | undefined
  message: string
}

/** @throws GitError where there is no such commit */
export async function readCommit(mirror: Mirror, sha: string): Promise<RawCommit> {
  const text = (await tryGit(mirror, ['cat-file', 'commit', sha])).toString('latin1')
  const end = text.indexOf('\n\n')
  const head = (end < 0 ? text : text.slice(0, end)).split('\n')
  const all = (name: string) =>
    head.flatMap((line) => (line.startsWith(`${name} `) ? line.slice(name.length + 1) : []))
  return {
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: all('author')[0] ?? '',
    encoding: all('encoding')[0],
    message: end < 0 ? '' : text.slice(end + 2),
  }
}

/** What git says, where it has to succeed. */
export async function tryGit(mirror: Mirror, args: readonly string[], options?: GitOptions): Promise<Buffer> {
  const { code, bytes, stderr } = await mirror.git(args, options)
  if (code !== 0) throw new GitError('failed', `git ${args[0]}: ${lastLines(stderr) || `code ${code}`}`)
  return bytes
}
