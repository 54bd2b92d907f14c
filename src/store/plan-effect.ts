import type { Selectable } from 'kysely'
import type { AttributeChange, EffectAction } from '#domain/effect.ts'
import type { JsonColumnWithDefault } from './columns.ts'
import type { Db } from './database.ts'

/** What a plan does inside its items. */
export interface PlanEffectTable {
  plan_id: string
  position: number
  item_key: string
  address: string
  action: EffectAction
  attributes: JsonColumnWithDefault<AttributeChange[]>
}

export type PlanEffectRow = Selectable<PlanEffectTable>

/** In the order in which they were planned, after a position; they are counted from 1. */
export function listPlanEffects(
  db: Db,
  planId: string,
  { limit, after = 0 }: { limit: number; after?: number | undefined },
): Promise<PlanEffectRow[]> {
  return db
    .selectFrom('plan_effect')
    .selectAll()
    .where('plan_id', '=', planId)
    .where('position', '>', after)
    .orderBy('position')
    .limit(limit)
    .execute()
}
