import { sql, type Generated, type Selectable } from 'kysely'
import type { ChangeAction } from '#domain/plan.ts'
import type { DoneItem } from '#domain/rollback.ts'
import type { Db } from './database.ts'

export interface DeploymentItemTable {
  deployment_id: string
  position: number
  item_key: string
  kind: string
  title: string
  action: ChangeAction
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

/** What it did or may have done, and so what a rollback of it can put back. */
export function listDoneItems(db: Db, deploymentId: string): Promise<DoneItem[]> {
  return db
    .selectFrom('deployment_item')
    .select(['item_key as key', 'kind', 'title', 'action', 'before', 'after'])
    .where('deployment_id', '=', deploymentId)
    .where((eb) => eb.or([eb('outcome', '=', 'done'), eb('uncertain', '=', true)]))
    .orderBy('position')
    .execute()
}

/** What of it is left to be done: what failed, was left or is uncertain, but not what was left on purpose. */
export async function listUndoneKeys(db: Db, deploymentId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('deployment_item')
    .select('item_key')
    .where('deployment_id', '=', deploymentId)
    .where((eb) => eb.or([eb('outcome', 'in', ['failed', 'left']), eb('uncertain', '=', true)]))
    .where(sql<boolean>`code is distinct from 'conflict'`)
    .orderBy('position')
    .execute()
  return rows.map((row) => row.item_key)
}

/** How many there are; none where it never had a plan that could be applied. */
export async function countDeploymentItems(db: Db, deploymentId: string): Promise<number> {
  const row = await db
    .selectFrom('deployment_item')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('deployment_id', '=', deploymentId)
    .executeTakeFirstOrThrow()
  return row.count
}
