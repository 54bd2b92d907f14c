import type { Shut } from '#domain/gates.ts'
import { listDeploymentsById } from '#store/deployment.ts'
import type { QueueRow, QueueStanding } from '#store/publish-queue.ts'
import type { Context } from '../context.ts'
import { viewDeployments } from '../deployments/deployment-view.ts'

/** A row, and why it goes no further while something but its time keeps it waiting. */
export interface QueueView extends QueueRow {
  blockers: Shut[]
}

const waiting: readonly QueueStanding[] = ['requested', 'queued', 'awaiting_approval']

/** However many rows there are, gates are asked in a constant number of statements; none where nothing waits. */
export async function explainRows(ctx: Context, rows: readonly QueueRow[]): Promise<QueueView[]> {
  const waits = rows.filter(({ standing }) => waiting.includes(standing))
  const ids = [...new Set(waits.map(({ deployment_id }) => deployment_id))]
  const asked = ids.length > 0 ? await listDeploymentsById(ctx.db, ids) : []
  const seen = await viewDeployments(ctx.db, asked, ctx.now())
  const blockers = new Map(seen.map((view) => [view.id, view.blockers]))
  return rows.map((row) => ({ ...row, blockers: blockers.get(row.deployment_id) ?? [] }))
}
