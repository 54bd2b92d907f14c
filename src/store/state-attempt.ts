import { sql } from 'kysely'
import { finalStates } from '#domain/lifecycle.ts'
import { finalRunStates } from '#domain/run-lifecycle.ts'
import type { Db } from './database.ts'

/** Whose work on a state it is. */
export interface StateSubject {
  kind: 'deployment' | 'run'
  id: string
}

/**
 * Whether this attempt of a deployment or a run is the one that is at work. `held`: it stands still until the
 * transaction ends.
 */
export async function isAtWork(
  db: Db,
  { subject, attempt, held = false }: { subject: StateSubject; attempt: number; held?: boolean },
): Promise<boolean> {
  const { kind, id } = subject
  const states = kind === 'run' ? ['running', 'canceling'] : ['planning', 'applying', 'canceling']
  const { rows } = await sql`
    select 1 from ${sql.table(kind)} where id = ${id} and attempt = ${attempt}
      and state = any(${sql.val(states)}::text[]) ${held ? sql`for share` : sql``}
  `.execute(db)
  return rows.length > 0
}

/** Locks whose deployment or run has ended, with what they were of. */
export async function listLeftLocks(db: Db, most: number): Promise<{ environment_id: string }[]> {
  const { rows } = await sql<{ environment_id: string }>`
    select infra_state.environment_id from infra_state
      left join deployment on deployment.id = lock_deployment_id left join run on run.id = lock_run_id
    where lock_id is not null and (deployment.state = any(${sql.val(finalStates)}::text[])
      or run.state = any(${sql.val(finalRunStates)}::text[]))
    order by 1 limit ${most}
  `.execute(db)
  return rows
}
