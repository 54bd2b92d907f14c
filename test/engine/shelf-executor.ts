import { sql } from 'kysely'
import { planChanges, type Change } from '#domain/plan.ts'
import type { ItemFault, StoreExecutor, Task } from '#executors/contract.ts'
import type { Db } from '#store/database.ts'
import { findPlan } from '#store/plan.ts'

export interface ShelfSettings {
  name?: string
  after_loss?: StoreExecutor['after_loss']
  never_unchanged?: boolean
  /** Called before it plans, outside any transaction. */
  planning?: (task: Task) => Promise<void> | void
  /** Called in the transaction, after everything was put on the shelf. */
  applying?: (task: Task, tx: Db) => Promise<void> | void
  /** Items that cannot be planned, and those that turn out impossible only while they are done. */
  faultyInPlan?: readonly string[]
  faultyInApply?: readonly string[]
}

/** Puts items on a shelf of the test's own, a table, so that what was done can be told from what was recorded. */
export function shelfExecutor(settings: ShelfSettings = {}): StoreExecutor<Db> {
  const {
    name = 'shelf',
    after_loss = 'repeat',
    never_unchanged = false,
    faultyInPlan = [],
    faultyInApply = [],
  } = settings
  return {
    name,
    after_loss,
    never_unchanged,
    scope: 'store',
    async plan(_db, task) {
      await settings.planning?.(task)
      return planChanges(task).map((change) =>
        faultyInPlan.includes(change.key)
          ? { ...change, fault: { code: 'torn', reason: 'It is torn.' } }
          : change,
      )
    },
    async apply(tx, task, { plan_id }) {
      const plan = await findPlan(tx, plan_id)
      const wanted = (plan?.changes ?? []).filter((change) => change.action !== 'none' && !change.fault)
      await putOnShelf(
        tx,
        task.environment_id,
        wanted.filter((change) => !faultyInApply.includes(change.key)),
      )
      await settings.applying?.(task, tx)
      return wanted
        .filter((change) => faultyInApply.includes(change.key))
        .map((change): ItemFault => ({ key: change.key, code: 'dropped', reason: 'It was dropped.' }))
    },
  }
}

export async function buildShelf(db: Db): Promise<void> {
  await sql`create table shelf (environment_id uuid, item_key text, version text, puts int not null default 1,
    primary key (environment_id, item_key))`.execute(db)
}

async function putOnShelf(tx: Db, environmentId: string, changes: readonly Change[]): Promise<void> {
  await sql`
    insert into shelf (environment_id, item_key, version)
    select ${environmentId}::uuid, key, after from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb)
      as change (key text, after text)
    on conflict (environment_id, item_key) do update set version = excluded.version, puts = shelf.puts + 1
  `.execute(tx)
}

/** What stands on the shelf: `key: version`. */
export async function readShelf(db: Db, environmentId: string): Promise<Record<string, string>> {
  const { rows } = await sql<{ item_key: string; version: string }>`
    select item_key, version from shelf where environment_id = ${environmentId} and version is not null
    order by item_key`.execute(db)
  return Object.fromEntries(rows.map(({ item_key, version }) => [item_key, version]))
}

/** How often each item was put there. */
export async function countPuts(db: Db, environmentId: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ item_key: string; puts: number }>`
    select item_key, puts from shelf where environment_id = ${environmentId} order by item_key`.execute(db)
  return Object.fromEntries(rows.map(({ item_key, puts }) => [item_key, puts]))
}
