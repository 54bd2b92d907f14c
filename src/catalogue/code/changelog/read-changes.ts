import { pullRequestOf } from '../pull-request-of.ts'
import type { Commit } from '../read-commits.ts'
import { lineOf } from '../text-of.ts'
import { readLog } from './commit-log.ts'
import { groupOf, groupOfTitle, readConvention, type ChangeGroup, type Convention } from './conventional.ts'
import type { Histories } from './find-same.ts'
import { hiddenChanges } from './hidden-changes.ts'
import { followMerges, type Brought } from './merged-by.ts'
import { touching } from './own-commits.ts'
import { pickedFrom, revertOf } from './picked-from.ts'

/** One commit that comes, or goes. Its texts are well formed, in one line, and hold nothing unseen. */
export interface Change {
  change: 'added' | 'removed'
  sha: string
  short_sha: string
  subject: string
  author: { name: string; email: string }
  authored_at: Date
  committed_at: Date
  /** What it says itself, else what the merge says that brought it. */
  pull_request: { number: number; title: string } | null
  /** The merge that brought it, where that says something of it. */
  merge_sha: string | null
  /** By what it says itself, else by the title of the pull request that it was merged with. */
  group: ChangeGroup
  type: string | null
  scope: string | null
  /** The subject without type and scope. */
  description: string
  breaking: boolean
  breaking_note: string | null
  /** The commits that it says it was picked from. */
  cherry_picked_from: string[]
  /** The commit that it says it takes back. */
  reverts: string | null
}

/** Full ids. Without `from`: all that led to `to`. */
export interface Span {
  from: string | null
  to: string
}

/**
 * What comes with `to` where `from` is, newest first, and then what goes: commits that only one of the two has, without
 * those whose change the other has too, and without merges, whose pull requests are told with what they brought. Reads
 * as it is read.
 */
export async function* readChanges(
  span: Span,
  histories: Histories,
): AsyncGenerator<Change, void, undefined> {
  for (const side of await findSides(span, histories)) {
    const { change, to, without, hidden } = side
    const range = without === null ? [to] : [to, `^${without}`]
    const touched = 'touched' in side ? side.touched : await touching(range, histories)
    const follow = followMerges()
    const commits = side.commits ?? readLog(histories.mirror, { to, without, signal: histories.signal })
    for await (const commit of commits) {
      const { sha, parents } = commit
      const said = pullRequestOf(messageOf(commit))
      const brought = follow({ sha, parents, pull_request: said, hidden: hidden.has(sha) })
      if (parents.length > 1 || brought.hidden || hidden.has(sha) || (touched && !touched.has(sha))) continue
      const convention = readConvention(commit)
      const pull_request = said ?? brought.pull_request
      yield changeOf(change, commit, {
        ...{ ...brought, pull_request },
        // Most need no waiting.
        convention: convention instanceof Promise ? await convention : convention,
      })
    }
  }
}

interface Side {
  change: Change['change']
  to: string
  without: string | null
  hidden: ReadonlySet<string>
  /** What touches the paths; read later where the key is missing. */
  touched?: ReadonlySet<string> | undefined
  /** Read already. */
  commits?: Commit[] | undefined
}

async function findSides({ from, to }: Span, histories: Histories): Promise<Side[]> {
  if (from === to) return []
  if (from === null) return [{ change: 'added', to, without: null, hidden: new Set() }]
  const { hidden, left, right, read } = await hiddenChanges({ left: from, right: to }, histories)
  const known = { hidden, ...(read && { touched: read.touched }) }
  const sides: Side[] = []
  if (right) sides.push({ change: 'added', to, without: from, ...known, commits: read?.held?.right })
  if (left) sides.push({ change: 'removed', to: from, without: to, ...known, commits: read?.held?.left })
  return sides
}

const messageOf = ({ subject, body }: Commit) => `${subject}\n\n${body}`

const mostOfLine = 500

function changeOf(
  change: Change['change'],
  commit: Commit,
  { merge_sha, pull_request, convention }: Brought & { convention: Convention },
): Change {
  const { sha, author, body } = commit
  const reverts = revertOf(body)
  const { type, breaking, breaking_note, scope, description } = convention
  const group = groupOf(convention, reverts !== null || commit.subject.startsWith('Revert "'))
  const merged = merge_sha !== null && type === null && group === 'other' ? pull_request : null
  return {
    ...{ change, sha, short_sha: sha.slice(0, 8) },
    subject: lineOf(commit.subject, mostOfLine),
    author: { name: lineOf(author.name, 200), email: lineOf(author.email, 200) },
    ...{ authored_at: commit.authored_at, committed_at: commit.committed_at },
    pull_request: pull_request && { ...pull_request, title: lineOf(pull_request.title, mostOfLine) },
    merge_sha,
    group: merged ? groupOfTitle(merged.title) : group,
    ...{ type, breaking, description: lineOf(description, mostOfLine) },
    scope: scope === null ? null : lineOf(scope, 200) || null,
    breaking_note: breaking_note === null ? null : lineOf(breaking_note, 2000) || null,
    cherry_picked_from: pickedFrom(body),
    reverts,
  }
}
