import { DomainError } from '#domain/errors.ts'
import type { EnvironmentRow } from '#store/environment.ts'
import type { InfraStateRow } from '#store/infra-state.ts'
import { isAtWork, type StateSubject } from '#store/state-attempt.ts'
import type { Db } from '#store/database.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

export type { StateSubject }

/** Our own Terraform: a deployment or a run, at one of its attempts. */
export interface StateAttempt {
  subject: StateSubject
  attempt: number
}

/** Who is at the state of an environment: somebody with credentials of their own, or our own Terraform. */
export interface StateCaller {
  /** Nobody, for our own. */
  ctx: Context
  environment: Pick<EnvironmentRow, 'id' | 'project_id' | 'name'>
  own: StateAttempt | null
}

/** Throws `forbidden`, also to an attempt that is over. */
export async function allowState(
  db: Db,
  { ctx, environment, own }: StateCaller,
  action: 'state.read' | 'state.write',
  held = false,
): Promise<void> {
  authorize(ctx, action, { project_id: environment.project_id, environment_id: environment.id })
  if (own === null || (await isAtWork(db, { ...own, held }))) return
  const detail = `Attempt ${own.attempt} of ${nameOf(own)} is over: another one has the state now, or none.`
  throw new DomainError('forbidden', { action, detail })
}

/** Whether it is this very caller who holds the lock. */
export function holdsLock({ ctx, own }: StateCaller, row: InfraStateRow): boolean {
  if (row.lock_id === null) return false
  if (own) return isOf(own.subject, row) && row.lock_attempt === own.attempt
  return isByHand(row) && row.lock_user_id === (ctx.principal?.user_id ?? null)
}

/** Whether a deployment or a run of ours holds it, whichever attempt. */
export function isOf(subject: StateSubject, row: InfraStateRow): boolean {
  return (subject.kind === 'run' ? row.lock_run_id : row.lock_deployment_id) === subject.id
}

/** Whether it is held by somebody with credentials of their own. */
function isByHand({ lock_id, lock_deployment_id, lock_run_id, lock_attempt }: InfraStateRow): boolean {
  return lock_id !== null && lock_deployment_id === null && lock_run_id === null && lock_attempt === null
}

/** Which attempt of ours holds it; undefined where none does. */
export function attemptIn(row: InfraStateRow): StateAttempt | undefined {
  const { lock_id, lock_deployment_id, lock_run_id, lock_attempt: attempt } = row
  const id = lock_deployment_id ?? lock_run_id
  if (lock_id === null || attempt === null || id === null) return undefined
  return { subject: { kind: lock_run_id === null ? 'deployment' : 'run', id }, attempt }
}

/** As the rows name it. */
export function subjectIds(own: StateAttempt | null): {
  deployment_id: string | null
  run_id: string | null
} {
  const idOf = (kind: StateSubject['kind']) => (own?.subject.kind === kind ? own.subject.id : null)
  return { deployment_id: idOf('deployment'), run_id: idOf('run') }
}

function nameOf({ subject: { kind, id } }: StateAttempt): string {
  return `${kind} ${id}`
}
