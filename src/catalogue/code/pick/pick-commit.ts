import { isUtf8 } from 'node:buffer'
import type { Mirror } from '#ground/git/mirrors.ts'
import { pullRequestOf } from '../pull-request-of.ts'
import { markConflicts, type Conflict } from './mark-conflicts.ts'
import { mergeTrees } from './merge-trees.ts'
import { readCommit, tryGit, type RawCommit } from './read-commit.ts'
import { sign, writeCommit, type Committer } from './write-commit.ts'

export interface PickOrder {
  mirror: Mirror
  /** Full id of what it is put on. */
  onto: string
  /** Full id of what is picked: of a merge, what it brought to its first parent. */
  source: string
  /** The pull request that it belongs to, where its own message does not say so. */
  pull_request?: { number: number } | undefined
  committer: Committer
}

/**
 * `empty`: there is nothing in it that was not there already. `conflicted`: the commit holds both sides, between
 * markers where there can be any.
 */
export type Picked =
  | { outcome: 'picked'; commit_sha: string }
  | { outcome: 'empty' }
  | { outcome: 'conflicted'; commit_sha: string; conflicts: Conflict[] }

/**
 * Puts what one commit changed on top of another, without a work tree. The same order makes the same commit, whenever
 * and wherever it is done.
 */
export async function pickCommit(order: PickOrder): Promise<Picked> {
  const { mirror, onto, source } = order
  const [commit, base] = await Promise.all([readCommit(mirror, source), readCommit(mirror, onto)])
  const [parent] = commit.parents
  const from = parent === undefined ? await emptyTree(mirror) : (await readCommit(mirror, parent)).tree
  const merged = await mergeTrees(mirror, { from, base: base.tree, picked: commit.tree })
  if (merged.entries.length === 0) {
    if (merged.tree === base.tree) return { outcome: 'empty' }
    return { outcome: 'picked', commit_sha: await write(order, commit, merged.tree, []) }
  }
  const { tree, conflicts } = await markConflicts(mirror, base.tree, merged)
  return { outcome: 'conflicted', commit_sha: await write(order, commit, tree, conflicts), conflicts }
}

async function emptyTree(mirror: Mirror): Promise<string> {
  return (await tryGit(mirror, ['mktree'], { input: '' })).toString().trim()
}

function write(
  { mirror, onto, source, pull_request, committer }: PickOrder,
  { author, encoding, message }: RawCommit,
  tree: string,
  conflicts: readonly Conflict[],
): Promise<string> {
  return writeCommit(mirror, {
    ...{ tree, parents: [onto], author, encoding },
    committer: sign(committer),
    message: messageOf(message, { source, pull_request, conflicts }),
  })
}

/** Bytes (latin1), as the message of the source. Where it came from is said as `git cherry-pick -x` says it. */
function messageOf(
  message: string,
  {
    source,
    pull_request,
    conflicts,
  }: Pick<PickOrder, 'source' | 'pull_request'> & { conflicts: readonly Conflict[] },
): string {
  const bytes = Buffer.from(message, 'latin1')
  // In any other encoding than UTF-8 its bytes stay what they are.
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
  const text = bytes.toString(encoding).replaceAll('\r\n', '\n').trim()
  const [subject = '', ...rest] = text.split('\n')
  const own = pullRequestOf(text)
  const number = pull_request?.number ?? own?.number
  const title = own && own.number === number ? own.title : subject
  const body = rest.join('\n').trim()
  const parts = [
    number === undefined ? subject || `Cherry-pick of ${source}` : `Cherry-pick PR #${number}: ${title}`,
    ...(body === '' || body === title ? [] : [body]),
    `(cherry picked from commit ${source})`,
    ...(conflicts.length === 0 ? [] : [`In conflict:\n${conflicts.map(conflictLine).join('\n')}`]),
  ]
  return Buffer.from(`${parts.join('\n\n')}\n`, encoding).toString('latin1')
}

function conflictLine({ path, kind, marked }: Conflict): string {
  const name = /[\u0000-\u001f"\\]/.test(path) ? JSON.stringify(path) : path
  return `\t${name} (${kind}${marked ? '' : ', without markers'})`
}
