import { sql } from 'kysely'
import type { PinnedItem } from '#domain/item.ts'
import type { DeploymentState } from '#domain/lifecycle.ts'
import type { ReportedStatus } from '#domain/reported-status.ts'
import type { Scope } from '#domain/revision.ts'
import type { Db } from './database.ts'
import type { DeploymentRow } from './deployment.ts'

export type ReportableDeployment = DeploymentRow & { scope: Scope; items: PinnedItem[] }

/** Deployments with what they bring. */
export function reportable(db: Db) {
  return db
    .selectFrom('deployment')
    .innerJoin('revision', 'revision.id', 'deployment.revision_id')
    .selectAll('deployment')
    .select(['revision.scope', 'revision.items'])
}

/** A deployment with what it brings, its row held until the transaction ends. */
export function lockForReport(tx: Db, id: string): Promise<ReportableDeployment | undefined> {
  return reportable(tx).where('deployment.id', '=', id).forUpdate('deployment').executeTakeFirst()
}

export interface Report {
  id: string
  state: DeploymentState
  reported: ReportedStatus | null
  /** Whether it is over with this. */
  ends: boolean
  /** Whether it was begun by now. */
  begun: boolean
  plan_id?: string
  at: Date
}

/**
 * Puts down what was said of a deployment whose row the caller holds, whatever was said before: results of an earlier
 * end go.
 */
export async function recordReport(tx: Db, report: Report): Promise<void> {
  await sql`
    with gone as (delete from deployment_item where deployment_id = ${report.id})
    update deployment set state = ${report.state}, reported = ${report.reported}, version = version + 1,
      plan_id = coalesce(${report.plan_id ?? null}::uuid, plan_id),
      queued_at = coalesce(queued_at, ${report.at}::timestamptz),
      started_at = case when ${report.begun}::boolean then coalesce(started_at, ${report.at}::timestamptz)
        else started_at end,
      finished_at = case when ${report.ends}::boolean then ${report.at}::timestamptz end,
      failure_code = null, failure_detail = null
    where id = ${report.id}
  `.execute(tx)
}
