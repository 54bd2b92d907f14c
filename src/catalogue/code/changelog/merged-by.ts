import type { PullRequest } from '../pull-request-of.ts'

/** What the merge that brought a commit says of it. */
export interface Brought {
  /** Null: it was not brought by a merge that says anything. */
  merge_sha: string | null
  pull_request: PullRequest | null
  /** The other side has the merge's change, and so what it brought. */
  hidden: boolean
}

interface Mark extends Brought {
  /** How many merges lie between it and the branch. */
  depth: number
}

interface Step {
  sha: string
  parents: readonly string[]
  /** Of a merge: what it merges; undefined for one that says nothing. */
  pull_request?: PullRequest | undefined
  hidden: boolean
}

const branch: Mark = { merge_sha: null, pull_request: null, hidden: false, depth: 0 }

/**
 * Follows commits, children before their parents, and tells of each which merge brought it: what can be reached from a
 * merge's other parents and not from its first. Holds no more than the width of the history.
 */
export function followMerges(): (step: Step) => Brought {
  const waiting = new Map<string, Mark>()
  return ({ sha, parents, pull_request, hidden }) => {
    const mark = waiting.get(sha) ?? branch
    waiting.delete(sha)
    const says = parents.length > 1 && (pull_request !== undefined || hidden)
    for (const [at, parent] of parents.entries()) {
      const passed =
        says && at > 0
          ? {
              merge_sha: sha,
              pull_request: pull_request ?? mark.pull_request,
              hidden: hidden || mark.hidden,
              depth: mark.depth + 1,
            }
          : mark
      const known = waiting.get(parent)
      // What the branch itself has was not brought by the merge.
      if (!known || passed.depth < known.depth) waiting.set(parent, passed)
    }
    return mark
  }
}
