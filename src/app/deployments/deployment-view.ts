import { DomainError } from '#domain/errors.ts'
import { blocksApplying, blocksStart, overridable, type GateFacts, type Shut } from '#domain/gates.ts'
import { allowedActions, type DeploymentAction, type Remains } from '#domain/lifecycle.ts'
import type { Target } from '#domain/principal.ts'
import type { Db } from '#store/database.ts'
import { findDeployment, type DeploymentRow, type NamedDeployment } from '#store/deployment.ts'
import { placeOf } from '../releases/release-view.ts'
import { loadGateFacts, subjectOf } from './gate-facts.ts'

/** A deployment as use-cases return it. Times are Dates, people are uuids. */
export interface DeploymentView extends Omit<
  NamedDeployment,
  | 'release_branch'
  | 'release_lock'
  | 'release_locked_by'
  | 'release_lock_reason'
  | 'environment_parent_id'
  | 'requires_parent'
> {
  /** Why it goes no further, while it waits. */
  blockers: Shut[]
  /** How many have to agree to its plan and how many have, while it waits. */
  approval: GateFacts['approval']
  allowed_actions: DeploymentAction[]
}

/** The states in which gates are what a deployment waits for. */
const waiting: readonly DeploymentRow['state'][] = ['requested', 'queued', 'awaiting_approval']

function waits({ state, driver }: NamedDeployment): boolean {
  return driver === 'engine' && waiting.includes(state)
}

export async function viewDeployment(db: Db, row: NamedDeployment, now: Date): Promise<DeploymentView> {
  const [view] = await viewDeployments(db, [row], now)
  return view!
}

/** However many there are, their gates are asked in a constant number of statements; none where none waits. */
export async function viewDeployments(
  db: Db,
  rows: readonly NamedDeployment[],
  now: Date,
): Promise<DeploymentView[]> {
  const asked = rows.filter(waits)
  const facts = await loadGateFacts(db, asked.map(subjectOf), now)
  const byId = new Map(asked.map(({ id }, index) => [id, facts[index]]))
  return rows.map((row) => viewDeploymentBy(row, byId.get(row.id)))
}

/** By what its gates saw a moment ago. */
export function viewDeploymentBy(row: NamedDeployment, seen: GateFacts | undefined): DeploymentView {
  const facts = waits(row) ? seen : undefined
  const { release_branch: _branch, release_lock: _lock, release_locked_by: _locker, ...known } = row
  const { release_lock_reason: _reason, ...named } = known
  const { environment_parent_id: _parent, requires_parent: _requires, ...rest } = named
  const blockers = facts ? (row.state === 'awaiting_approval' ? blocksApplying : blocksStart)(facts) : []
  const approval = facts?.approval ?? null
  const remains = {
    ...remainsOf(row),
    planned: approval !== null && row.plan_digest !== null,
    shut: blockers.some(({ code }) => (overridable as readonly string[]).includes(code)),
  }
  return { ...rest, blockers, approval, allowed_actions: allowedActions(row.state, remains) }
}

export function remainsOf({ counts, failure_code }: Pick<DeploymentRow, 'counts' | 'failure_code'>): Remains {
  return { uncertain: (counts.uncertain ?? 0) > 0, stale: failure_code === 'plan_stale' }
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
