import { DomainError } from '#domain/errors.ts'
import { isFinal } from '#domain/lifecycle.ts'
import { opensAttempt, reportedStatuses, type ReportedStatus } from '#domain/reported-status.ts'
import { findCandidateByVersion, type NamedCandidate } from '#store/candidate.ts'
import type { NamedDeployment } from '#store/deployment.ts'
import { findNewestOfRevision } from '#store/environment-history.ts'
import type { EnvironmentRow } from '#store/environment.ts'
import { findRevisionByNumber } from '#store/revision.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { holdEnvironment } from '../environments/hold-environment.ts'
import { holdRelease } from '../releases/release-view.ts'
import { placeDeployments } from './place-deployments.ts'
import { reportDeploymentIn } from './report-deployment.ts'

export interface CandidateReport {
  project_id: string
  environment_id: string
  /** The candidate's: `1.2.0-rc3`. */
  version: string
  status: ReportedStatus
  /** What went wrong, where something did. */
  detail?: string
}

/**
 * Takes down how the deployment of a candidate to an environment stands, from whoever deploys it by their own means: of
 * the newest one there is, or of one that is opened with it. It starts nothing, and no gate stops it. What the engine
 * handed to somebody outside is theirs to report on; what it runs itself is not. Answers the deployment's id. Throws
 * `not_found`, `not_possible_now`.
 */
export async function reportCandidate(
  ctx: Context,
  { project_id, environment_id, version, ...report }: CandidateReport,
): Promise<string> {
  authorize(ctx, 'deployment.request', { project_id, environment_id })
  const candidate = await findCandidateByVersion(ctx.db, project_id, version)
  if (!candidate) throw new DomainError('not_found', { what: 'candidate', id: version })
  return transact(ctx, async (unit) => {
    const environment = await holdEnvironment(unit.tx, { project_id, environment_id })
    const { revision_id } = candidate
    const newest = revision_id ? await findNewestOfRevision(unit.tx, environment_id, revision_id) : undefined
    const about = newest && aboutEngines(environment, newest, report.status)
    if (about === 'known') return newest!.id
    const opens = about === 'new' || opensAttempt(newest, report.status)
    const deployment_id = opens ? await openAttempt(ctx, unit, environment, candidate) : newest!.id
    await reportDeploymentIn(ctx, unit, { deployment_id, ...report })
    return deployment_id
  })
}

/**
 * What a report can still mean of a deployment that the engine drives. Nothing, where it says what is known; and once
 * that is over and says otherwise, it is told of anew, since what the engine saw is not rewritten. Undefined: ask it.
 */
function aboutEngines(
  { executor }: EnvironmentRow,
  { id, driver, state }: NamedDeployment,
  status: ReportedStatus,
): 'known' | 'new' | undefined {
  if (driver === 'caller') return undefined
  if (reportedStatuses[status] === state) return 'known'
  if (!isFinal(state)) return undefined
  if (executor === 'command')
    throw new DomainError('not_possible_now', {
      ...{
        what: 'deployment',
        id,
        state: 'in the hands of command, of which Headgate itself sees how it ends',
        action: 'be reported on',
      },
    })
  return 'new'
}

async function openAttempt(
  ctx: Context,
  unit: Unit,
  environment: EnvironmentRow,
  { project_id, release_id, number, version, state }: NamedCandidate,
): Promise<string> {
  const release = await holdRelease(unit.tx, project_id, release_id)
  const revision = await findRevisionByNumber(unit.tx, release_id, number)
  if (!revision)
    throw new DomainError('not_possible_now', {
      ...{ what: 'candidate', id: version, state, action: 'deploy' },
    })
  const admission = { places: [{ environment, state: 'queued' as const }] }
  const placed = { release, revision: { ...revision, selected_keys: null }, admission }
  const [made] = await placeDeployments(ctx, unit, placed, { told: true, forced: true })
  return made!.id
}
