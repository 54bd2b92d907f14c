import type { Pick, PickedInto, PickPreview } from '#api/pick.ts'
import type { CandidatePickRow } from '#app/picks/list-picks.ts'
import type { PickPreview as Preview } from '#app/picks/preview-pick.ts'
import type { PickAnswer } from '#app/picks/request-pick.ts'
import { showId } from '#domain/ids.ts'
import { viewCandidate } from './candidate.ts'

export function viewPickedInto({ base, candidate, included }: PickAnswer): PickedInto {
  return { base: viewCandidate(base), candidate: candidate && viewCandidate(candidate), included }
}

export function viewPreview({ sources, choices }: Preview): PickPreview {
  return {
    commits: sources.map(({ source_sha, pull_request, title }) => ({
      commit: source_sha,
      pull_request,
      title,
    })),
    choices: choices.map(({ release_id, release_version, from, to, included, open }) => ({
      release_id: showId('release', release_id),
      release: release_version,
      from: {
        candidate_id: showId('candidate', from.candidate_id),
        version: from.version,
        commit: from.commit_sha,
      },
      ...{ to, included, open },
    })),
  }
}

export function viewPick(row: CandidatePickRow): Pick {
  const { source_sha, commit_sha, conflict_branch, conflict_paths, conflict_kinds, outcome } = row
  const { pull_request, title } = row
  return {
    ...{ commit: source_sha, pull_request, title, outcome, became: commit_sha },
    conflict_branch: outcome === 'included' || outcome === 'picked' ? null : conflict_branch,
    conflicts: conflict_paths.map((path, index) => ({ path, kind: conflict_kinds[index] ?? '' })),
  }
}
