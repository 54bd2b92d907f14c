import type { Generated, Selectable } from 'kysely'
import type { DoneItem } from '#domain/rollback.ts'
import type { Db } from './database.ts'

export interface DeploymentItemTable {
  deployment_id: string
  position: number
  item_key: string
  kind: string
  title: string
  action: string
  before: string | null
  after: string | null
  outcome: 'done' | 'unchanged' | 'failed' | 'left'
  code: string | null
  reason: string | null
  /** It may have been half done. */
  uncertain: Generated<boolean>
}

export type DeploymentItemRow = Selectable<DeploymentItemTable>

/** In the plan's order, after a position. */
export function listDeploymentItems(
  db: Db,
  deploymentId: string,
  page: { limit?: number; after?: number } = {},
): Promise<DeploymentItemRow[]> {
  let query = db
    .selectFrom('deployment_item')
    .selectAll()
    .where('deployment_id', '=', deploymentId)
    .orderBy('position')
  if (page.limit !== undefined) query = query.limit(page.limit)
  if (page.after !== undefined) query = query.where('position', '>', page.after)
  return query.execute()
}

/** What it did, and so what a rollback of it can put back. */
export function listDoneItems(db: Db, deploymentId: string): Promise<DoneItem[]> {
  return db
    .selectFrom('deployment_item')
    .select(['item_key as key', 'kind', 'title', 'before', 'after'])
    .where('deployment_id', '=', deploymentId)
    .where('outcome', '=', 'done')
    .orderBy('position')
    .execute()
}
