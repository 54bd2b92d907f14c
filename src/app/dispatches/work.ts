import type { OrderCandidate } from '#domain/order-vocabulary.ts'
import type { Change } from '#domain/plan.ts'
import type { RunKind } from '#domain/run-lifecycle.ts'
import type { JsonObject } from '#store/columns.ts'
import type { Db } from '#store/database.ts'
import { lockDeployment } from '#store/deployment.ts'
import type { Subject } from '#store/dispatch.ts'
import { findCandidateOrder, findDeploymentOrder, type CandidateOrder } from '#store/dispatch-order.ts'
import { findRun, lockRun } from '#store/run.ts'

/** What an executor has to do with, be it a deployment or a run. */
export interface Work {
  subject: Subject
  id: string
  /** `queued`: a run that nobody has taken yet. `over`: nothing is to be done any more. */
  state: 'queued' | 'ready' | 'canceling' | 'over'
  kind: 'deployment' | RunKind
  attempt: number
  project: { id: string; key: string }
  environment: { id: string; name: string } | null
  executor: string
  /** Secrets are sealed. */
  settings: JsonObject
  requested_by: string | null
  release: { id: string; name: string } | null
  revision: { id: string; number: number; digest: string } | null
  plan: { id: string; digest: string; changes: readonly Change[]; kept: JsonObject | null } | null
  candidate: OrderCandidate | null
  /** A deployment's, as others outside know it. */
  number: number | null
  on_item_failure: 'stop' | 'continue'
  input: JsonObject
}

/** Its row is held until the transaction ends. Undefined: it is gone. */
export async function lockWork(tx: Db, subject: Subject): Promise<Work | undefined> {
  const { deployment_id, run_id } = subject
  if (run_id !== undefined) return (await lockRun(tx, run_id)) && findRunWork(tx, run_id)
  return (await lockDeployment(tx, deployment_id)) && findDeploymentWork(tx, deployment_id)
}

/** As it is now. Undefined: it is gone. */
export function findWork(db: Db, { deployment_id, run_id }: Subject): Promise<Work | undefined> {
  return run_id === undefined ? findDeploymentWork(db, deployment_id) : findRunWork(db, run_id)
}

async function findDeploymentWork(db: Db, deployment_id: string): Promise<Work | undefined> {
  const row = await findDeploymentOrder(db, deployment_id)
  if (!row) return undefined
  const { state, plan_id, plan_digest, changes, kept, environment_id, revision_id } = row
  const found =
    row.project_kind === 'code' ? await findCandidateOrder(db, { revision_id, environment_id }) : undefined
  return {
    subject: { deployment_id },
    id: row.id,
    state: state === 'applying' ? 'ready' : state === 'canceling' ? 'canceling' : 'over',
    kind: 'deployment',
    attempt: row.attempt,
    project: { id: row.project_id, key: row.project_key },
    environment: { id: row.environment_id, name: row.environment_name },
    executor: row.executor,
    settings: row.executor_settings,
    requested_by: row.requested_by,
    release: { id: row.release_id, name: row.release_name },
    revision: { id: row.revision_id, number: row.revision_number, digest: row.revision_digest },
    plan: plan_id && plan_digest && changes ? { id: plan_id, digest: plan_digest, changes, kept } : null,
    candidate: candidateOf(found),
    number: row.number,
    on_item_failure: row.on_item_failure,
    input: {},
  }
}

function candidateOf(row: CandidateOrder | undefined): OrderCandidate | null {
  if (!row) return null
  const { previous_sha, previous_version, ...candidate } = row
  const previous = previous_sha === null ? null : { version: previous_version, commit_sha: previous_sha }
  return { ...candidate, previous }
}

const runStates = { queued: 'queued', running: 'ready', canceling: 'canceling' } as const

async function findRunWork(db: Db, run_id: string): Promise<Work | undefined> {
  const row = await findRun(db, run_id)
  if (!row) return undefined
  const { environment_id, environment_name, candidate_id } = row
  const found = candidate_id ? await findCandidateOrder(db, { id: candidate_id, environment_id }) : undefined
  return {
    subject: { run_id },
    id: row.id,
    state: row.state in runStates ? runStates[row.state as keyof typeof runStates] : 'over',
    kind: row.kind,
    attempt: row.attempt,
    project: { id: row.project_id, key: row.project_key },
    environment:
      environment_id && environment_name !== null ? { id: environment_id, name: environment_name } : null,
    executor: row.executor,
    settings: row.settings,
    requested_by: row.requested_by,
    release: null,
    revision: null,
    plan: null,
    candidate: candidateOf(found),
    number: null,
    on_item_failure: 'stop',
    input: row.input,
  }
}
