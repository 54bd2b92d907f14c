import type { Selectable } from 'kysely'
import type { AttributeChange, EffectAction } from '#domain/effect.ts'
import type { JsonColumnWithDefault } from './columns.ts'

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
