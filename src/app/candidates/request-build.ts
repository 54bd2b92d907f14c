import type { CandidateRow } from '#store/candidate.ts'
import type { NamedCodeSettings } from '#store/code-settings.ts'
import type { RunRow } from '#store/run.ts'
import type { Context, Unit } from '../context.ts'
import { requestRunIn } from '../runs/request-run.ts'

/** Whether anything builds this project's candidates. */
export function builds({ build_executor }: Pick<NamedCodeSettings, 'build_executor'>): boolean {
  return build_executor !== 'none'
}

/** The run that builds a candidate, as the project builds now. Inside a transaction; answers the run's id. */
export function requestBuildIn(
  ctx: Context,
  unit: Unit,
  candidate: Pick<CandidateRow, 'id' | 'project_id' | 'version' | 'commit_sha'>,
  settings: NamedCodeSettings,
  { cause = 'request', reason }: { cause?: RunRow['cause']; reason?: string | undefined } = {},
): Promise<string> {
  const { id: candidate_id, project_id, version, commit_sha } = candidate
  return requestRunIn(ctx, unit, {
    ...{ project_id, candidate_id, environment_id: null, cause, reason },
    kind: 'build',
    executor: settings.build_executor,
    settings: settings.build_settings,
    input: { candidate: version, commit: commit_sha },
  })
}
