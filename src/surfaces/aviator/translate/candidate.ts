import type { CandidateView } from '#app/candidates/candidate-view.ts'
import type { CandidateState } from '#domain/candidate-lifecycle.ts'
import type { ReportedStatus } from '#domain/reported-status.ts'
import type { CandidateAnswer } from '../wire.ts'
import { writeTime } from './time.ts'

/** The vendor's word for how far a candidate's build is, and before that its pick (section 1.3). */
const buildWords: Record<CandidateState, ReportedStatus> = {
  picking: 'pending',
  conflicted: 'failure',
  pick_failed: 'failure',
  dropped: 'canceled',
  building: 'in_progress',
  build_failed: 'failure',
  ready: 'success',
}

function buildWord({ state, build_state }: Pick<CandidateView, 'state' | 'build_state'>): ReportedStatus {
  if (state === 'building' && build_state === 'queued') return 'pending'
  if (state === 'building' && build_state === 'canceling') return 'canceling'
  if (state === 'build_failed' && build_state === 'canceled') return 'canceled'
  return buildWords[state]
}

/** What creating a release answers: nothing of it is documented, all of it is useful (section 2.9, no. 17). */
export function writeCandidate(candidate: CandidateView, repo: string): CandidateAnswer {
  return {
    id: candidate.ordinal,
    release_version: candidate.release_version,
    release_candidate_version: candidate.version,
    commit: candidate.commit_sha,
    repo,
    build_status: buildWord(candidate),
    created_at: writeTime(candidate.created_at),
  }
}
