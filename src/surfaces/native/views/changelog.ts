import type { CodeChange, CodeChangelog, CommitPlaces } from '#api/changelog.ts'
import type { CommitPlaces as Places } from '#app/changelog/find-commit-places.ts'
import type { Base, Change, Point } from '#app/changelog/read-changelog.ts'
import { showId } from '#domain/ids.ts'
import { shown } from './shown.ts'

export function viewCodeChange({ authored_at, committed_at, ...rest }: Change): CodeChange {
  return { ...rest, authored_at: authored_at.toISOString(), committed_at: committed_at.toISOString() }
}

type Shown<P> = Omit<P, 'commit_sha' | 'candidate_id' | 'release_id'>

function viewPoint({ candidate_id, release_id, version }: Omit<Point | Base, 'commit_sha'>): Shown<Point> & {
  candidate_id: string | null
  release_id: string | null
} {
  return { candidate_id: shown('candidate', candidate_id), version, release_id: shown('release', release_id) }
}

/** What stands before the changes. */
export function viewSpan({ base, head }: { base: Base; head: Point }): Pick<CodeChangelog, 'base' | 'head'> {
  const { why, environment, uncertain } = base
  return {
    base: {
      sha: base.commit_sha,
      ...viewPoint(base),
      why,
      environment: environment?.name ?? null,
      uncertain,
    },
    head: { sha: head.commit_sha, ...viewPoint(head) },
  }
}

/** How many candidates are told at once. */
const mostCandidates = 200

export function viewCommitPlaces({ commit, same, candidates, environments }: Places): CommitPlaces {
  return {
    commit: { ...commit, committed_at: commit.committed_at.toISOString() },
    same,
    candidates: candidates
      .slice(0, mostCandidates)
      .map(({ id, version, release_id, release_version, state, how, as }) => ({
        ...{ id: showId('candidate', id), version, release_id: showId('release', release_id) },
        ...{ release_version, state, how, as },
      })),
    more: candidates.length > mostCandidates,
    environments: environments.map(({ id, candidate_id, ...rest }) => ({
      ...rest,
      id: showId('environment', id),
      candidate_id: shown('candidate', candidate_id),
    })),
  }
}
