import { DomainError } from '#domain/errors.ts'
import { evaluateGates, type Shut } from '#domain/gates.ts'
import { allowedActions, type DeploymentAction, type Remains } from '#domain/lifecycle.ts'
import type { Target } from '#domain/principal.ts'
import type { Db } from '#store/database.ts'
import { findDeployment, type DeploymentRow, type NamedDeployment } from '#store/deployment.ts'
import { placeOf } from '../releases/release-view.ts'

/** A deployment as use-cases return it. Times are Dates, people are uuids. */
export interface DeploymentView extends Omit<
  NamedDeployment,
  'release_branch' | 'release_lock' | 'release_locked_by'
> {
  /** Why it has not started, while it waits to be admitted. */
  blockers: Shut[]
  allowed_actions: DeploymentAction[]
}

export function viewDeployment(row: NamedDeployment, now: Date): DeploymentView {
  const { release_branch: _, release_lock, release_locked_by, ...rest } = row
  const facts = { release_name: row.release_name, release_lock, release_locked_by, due_at: row.due_at }
  return {
    ...rest,
    blockers: row.state === 'requested' ? blockersOf(facts, now) : [],
    allowed_actions: allowedActions(row.state, remainsOf(row)),
  }
}

export function remainsOf({ counts, failure_code }: Pick<DeploymentRow, 'counts' | 'failure_code'>): Remains {
  return { uncertain: (counts.uncertain ?? 0) > 0, stale: failure_code === 'plan_stale' }
}

/** The gates that need no plan, asked about a release at a time. */
export function blockersOf(
  facts: Pick<NamedDeployment, 'release_name' | 'release_lock' | 'release_locked_by' | 'due_at'>,
  now: Date,
): Shut[] {
  return evaluateGates({
    now,
    due_at: facts.due_at,
    release: { name: facts.release_name, lock: facts.release_lock, locked_by: facts.release_locked_by },
  })
}

/** Where a deployment stands, for those who may not go everywhere. */
export function placeOfDeployment({
  project_id,
  environment_id,
  release_branch,
}: Pick<NamedDeployment, 'project_id' | 'environment_id' | 'release_branch'>): Target {
  return { ...placeOf({ project_id, branch: release_branch }), environment_id }
}

/** Throws `not_found`. */
export async function requireDeployment(db: Db, id: string): Promise<NamedDeployment> {
  const row = await findDeployment(db, id)
  if (!row) throw new DomainError('not_found', { what: 'deployment', id })
  return row
}
