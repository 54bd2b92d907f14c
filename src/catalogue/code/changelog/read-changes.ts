import { pullRequestOf } from '../pull-request-of.ts'
import type { Commit } from '../read-commits.ts'
import { lineOf } from '../text-of.ts'
import { readLog } from './commit-log.ts'
import { groupOf, openConventions, type ChangeGroup, type ReadConvention } from './conventional.ts'
import { hiddenChanges, type Histories } from './hidden-changes.ts'
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
  { from, to }: Span,
  histories: Histories,
): AsyncGenerator<Change, void, undefined> {
  if (from === to) return
  if (from === null) return yield* readSide('added', { to, without: null }, histories, new Set())
  const { hidden, left, right } = await hiddenChanges({ left: from, right: to }, histories)
  if (right) yield* readSide('added', { to, without: from }, histories, hidden)
  if (left) yield* readSide('removed', { to: from, without: to }, histories, hidden)
}

async function* readSide(
  change: Change['change'],
  range: { to: string; without: string | null },
  histories: Histories,
  hidden: ReadonlySet<string>,
): AsyncGenerator<Change, void, undefined> {
  const { mirror, signal } = histories
  const [touched, conventions] = await Promise.all([
    touching(range.without === null ? range.to : `${range.without}..${range.to}`, histories),
    openConventions(),
  ])
  const follow = followMerges()
  for await (const commit of readLog(mirror, { ...range, signal })) {
    const { sha, parents } = commit
    const merge = parents.length > 1
    const pull_request = merge ? pullRequestOf(messageOf(commit)) : undefined
    const brought = follow({ sha, parents, pull_request, hidden: hidden.has(sha) })
    if (merge || brought.hidden || hidden.has(sha) || (touched && !touched.has(sha))) continue
    yield changeOf(change, commit, brought, conventions)
  }
}

const messageOf = ({ subject, body }: Commit) => `${subject}\n\n${body}`

const mostOfLine = 500

function changeOf(
  change: Change['change'],
  commit: Commit,
  { merge_sha, pull_request }: Brought,
  conventions: ReadConvention,
): Change {
  const { sha, author, body } = commit
  const said = conventions(commit)
  const reverts = revertOf(body)
  const request = pullRequestOf(messageOf(commit)) ?? pull_request
  const { breaking_note, scope, description } = said
  return {
    ...{ change, sha, short_sha: sha.slice(0, 8) },
    subject: lineOf(commit.subject, mostOfLine),
    author: { name: lineOf(author.name, 200), email: lineOf(author.email, 200) },
    ...{ authored_at: commit.authored_at, committed_at: commit.committed_at },
    pull_request: request && { ...request, title: lineOf(request.title, mostOfLine) },
    merge_sha,
    group: groupOf(said, reverts !== null || commit.subject.startsWith('Revert "')),
    ...{ type: said.type, breaking: said.breaking, description: lineOf(description, mostOfLine) },
    scope: scope === null ? null : lineOf(scope, 200) || null,
    breaking_note: breaking_note === null ? null : lineOf(breaking_note, 2000) || null,
    cherry_picked_from: pickedFrom(body),
    reverts,
  }
}
