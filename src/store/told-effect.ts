import { sql } from 'kysely'
import type { AttributeChange, EffectAction } from '#domain/effect.ts'
import type { Db } from './database.ts'

/** What a plan does inside an item, without the attributes. */
export interface ToldEffect {
  plan_id: string
  item_key: string
  address: string
  action: EffectAction
}

/** So many are told at once: a page of releases that each make thousands is a page all the same. */
const mostTold = 20_000

/** Of these plans, plan by plan, in the order in which they are made; of many plans the first ones of each. */
export async function listToldEffects(db: Db, planIds: readonly string[]): Promise<ToldEffect[]> {
  if (planIds.length === 0) return []
  const { rows } = await sql<ToldEffect>`
    select plan_id, item_key, address, action from plan_effect
    where plan_id = any(${sql.val(planIds)}::uuid[]) and action <> 'read'
      and position <= ${Math.floor(mostTold / planIds.length)}::int
    order by plan_id, position
  `.execute(db)
  return rows
}

/** What became of an item in a deployment. */
export interface ToldItem {
  deployment_id: string
  item_key: string
  outcome: 'done' | 'unchanged' | 'failed' | 'left'
  code: string | null
  reason: string | null
  uncertain: boolean
}

/** Of these deployments, in the order of their plans. */
export async function listToldItems(db: Db, deploymentIds: readonly string[]): Promise<ToldItem[]> {
  if (deploymentIds.length === 0) return []
  const { rows } = await sql<ToldItem>`
    select deployment_id, item_key, outcome, code, reason, uncertain from deployment_item
    where deployment_id = any(${sql.val(deploymentIds)}::uuid[]) and outcome <> 'unchanged'
    order by deployment_id, position
  `.execute(db)
  return rows
}

export interface EffectInFull extends ToldEffect {
  attributes: AttributeChange[]
  /** Of the item, where its content is known. */
  flavor: string | null
}

/** How many bytes the attributes of these plans are, as the store keeps them. */
export async function sizeOfEffects(db: Db, planIds: readonly string[]): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select coalesce(sum(pg_column_size(attributes)), 0)::float8 as bytes from plan_effect
    where plan_id = any(${sql.val(planIds)}::uuid[])
  `.execute(db)
  return rows[0]!.bytes
}

/** Of these plans, with every attribute, in one statement. */
export async function listEffectsInFull(db: Db, planIds: readonly string[]): Promise<EffectInFull[]> {
  if (planIds.length === 0) return []
  const ids = sql`any(${sql.val(planIds)}::uuid[])`
  const { rows } = await sql<EffectInFull>`
    with change as (
      select plan.id as plan_id, environment.project_id, said ->> 'key' as key,
        coalesce(said ->> 'after', said ->> 'before') as version
      from plan join environment on environment.id = plan.environment_id, jsonb_array_elements(plan.changes) said
      where plan.id = ${ids})
    select e.plan_id, e.item_key, e.address, e.action, e.attributes, r.content ->> 'flavor' as flavor
    from plan_effect e
    left join change on change.plan_id = e.plan_id and change.key = e.item_key
    left join infra_resource r on r.project_id = change.project_id and r.version = change.version
    where e.plan_id = ${ids} and e.action <> 'read' order by e.plan_id, e.position
  `.execute(db)
  return rows
}
