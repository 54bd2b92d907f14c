import { sql } from 'kysely'
import type { Db } from './database.ts'

export interface DeploymentStepTable {
  deployment_id: string
  attempt: number
  name: 'plan' | 'apply'
  started_at: Date
  finished_at: Date | null
  outcome: string | null
}

/** Puts down that an attempt is the outside job's from here on. False: it was taken over or ended meanwhile. */
export async function markHandedOver(db: Db, deploymentId: string, attempt: number): Promise<boolean> {
  const { rows } = await sql`
    update deployment_step step set outcome = 'handed_over' from deployment d
    where step.deployment_id = ${deploymentId} and step.attempt = ${attempt} and step.name = 'apply'
      and d.id = step.deployment_id and d.attempt = step.attempt and d.state in ('applying', 'canceling')
    returning step.attempt`.execute(db)
  return rows.length > 0
}
