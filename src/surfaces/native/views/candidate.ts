import type { Candidate } from '#api/candidate.ts'
import type { CandidateView } from '#app/candidates/candidate-view.ts'
import { showId } from '#domain/ids.ts'
import { shown, time } from './shown.ts'

export function viewCandidate(row: CandidateView): Candidate {
  const { ordinal, number, version, state, branch, base_version, picks, build_state, pick_state } = row
  const { cause, failure_detail, push_failure, allowed_actions, created_by_email } = row
  return {
    ...{ id: showId('candidate', row.id), ordinal, number, version, state, commit: row.commit_sha, branch },
    ...{ project_id: showId('project', row.project_id), project: row.project_key },
    ...{ release_id: showId('release', row.release_id), release: row.release_version },
    ...{ revision_id: shown('revision', row.revision_id), picks },
    ...{ base_id: shown('candidate', row.base_id), base_version },
    ...{ build_run_id: shown('run', row.build_run_id), build_state },
    ...{ pick_run_id: shown('run', row.pick_run_id), pick_state },
    ...{
      deploy_to: shown('environment', row.deploy_to),
      cause,
      failure_detail,
      push_failure,
      allowed_actions,
    },
    ...{ created_by: shown('user', row.created_by), created_by_email },
    ...{ created_at: row.created_at.toISOString(), ready_at: time(row.ready_at) },
  }
}
