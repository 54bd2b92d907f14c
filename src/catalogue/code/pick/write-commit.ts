import type { Mirror } from '#ground/git/mirrors.ts'
import type { RawCommit } from './read-commit.ts'
import { tryGit } from './read-commit.ts'

/** Who commits what is picked, and when; the same each time, so that the same pick is the same commit. */
export interface Committer {
  name: string
  email: string
  at: Date
}

/** As git forms it, without what would end a part of the line. */
export function sign({ name, email, at }: Committer): string {
  const plain = (text: string) =>
    Buffer.from(text.replace(/[\u0000-\u001f<>]/g, ''), 'utf8').toString('latin1')
  return `${plain(name).trim()} <${plain(email).trim()}> ${Math.floor(at.getTime() / 1000)} +0000`
}

const wellFormed = /^[^<>]*<[^<>]*> [0-9]{1,12} [+-][0-9]{4}$/

/** Writes a commit without a work tree. An author line that git would refuse gives way to the committer. */
export async function writeCommit(
  mirror: Mirror,
  commit: Omit<RawCommit, 'encoding'> & { encoding?: string | undefined; committer: string },
): Promise<string> {
  const { tree, parents, author, committer, encoding, message } = commit
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${wellFormed.test(author) ? author : committer}`,
    `committer ${committer}`,
    ...(encoding === undefined ? [] : [`encoding ${encoding}`]),
  ]
  // A commit ends at its first NUL for all that reads it.
  const text = `${lines.join('\n')}\n\n${message.replaceAll('\u0000', '')}`
  const input = Buffer.from(text, 'latin1')
  return (await tryGit(mirror, ['hash-object', '-t', 'commit', '-w', '--stdin'], { input })).toString().trim()
}
