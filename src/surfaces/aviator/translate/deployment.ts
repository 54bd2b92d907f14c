import { sayReported } from '#app/deployments/report-deployment.ts'
import type { ToldDeployment } from '#app/deployments/tell-deployments.ts'
import { statusWord } from '../status.ts'
import type { DeploymentAnswer } from '../wire.ts'
import { writeTime } from './time.ts'

/** A deployment in the vendor's eleven keys (section 2.4). */
export function writeDeployment(told: ToldDeployment): DeploymentAnswer {
  const { release_version, candidate_version, finished_at } = told
  return {
    actor: told.actor,
    deploy_end_at: finished_at && writeTime(finished_at),
    deploy_start_at: writeTime(told.requested_at),
    environment_name: told.environment_name,
    error_message: errorOf(told),
    from_release_candidate_version: told.from_candidate_version,
    from_release_version: told.from_release_version,
    id: told.number,
    release_candidate_version: candidate_version ?? release_version,
    release_version,
    status: statusWord(told),
  }
}

/** What went wrong. A caller that only said that something did has said nothing. */
function errorOf(told: ToldDeployment): string | null {
  const { driver, reported, failure_detail } = told
  if (driver === 'caller' && reported !== null && failure_detail === sayReported(reported)) return null
  return failure_detail
}
