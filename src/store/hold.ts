import { sql, type Selectable } from 'kysely'
import type { Naming } from '#domain/hold.ts'
import type { JsonColumnWithDefault } from './columns.ts'
import type { Db } from './database.ts'

export interface HoldTable {
  id: string
  environment_id: string
  /** What was rolled back from. */
  revision_ids: string[]
  /** How they came to be named. */
  namings: JsonColumnWithDefault<Naming[]>
  reason: string | null
  /** The rollback that set it, or named it last. */
  deployment_id: string | null
  created_by: string | null
  created_at: Date
  released_at: Date | null
  released_by: string | null
  release_reason: string | null
}

export type HoldRow = Selectable<HoldTable>
/** `digests`: of the revisions that it names, since the same may be pinned in another release. */
export type NamedHold = HoldRow & { set_by: string | null; digests: string[] }

/** The open ones of these environments. */
export function listOpenHolds(db: Db, environmentIds: readonly string[]): Promise<NamedHold[]> {
  return db
    .selectFrom('hold')
    .leftJoin('user', 'user.id', 'hold.created_by')
    .selectAll('hold')
    .select('user.name as set_by')
    .select(
      sql<
        string[]
      >`array(select digest from revision where revision.id = any(hold.revision_ids) order by digest)`.as(
        'digests',
      ),
    )
    .where('environment_id', '=', sql<string>`any(${sql.val(environmentIds)}::uuid[])`)
    .where('released_at', 'is', null)
    .execute()
}

export async function isHeld(db: Db, environmentId: string): Promise<boolean> {
  const query = db.selectFrom('hold').select('id').where('environment_id', '=', environmentId)
  return (await query.where('released_at', 'is', null).executeTakeFirst()) !== undefined
}

/** The open one, held until the transaction ends. */
export function lockOpenHold(db: Db, environmentId: string): Promise<HoldRow | undefined> {
  return db
    .selectFrom('hold')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('released_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
}

/** False: somebody else set one since we looked. */
export async function insertHold(
  db: Db,
  row: Omit<HoldRow, 'released_at' | 'released_by' | 'release_reason'>,
): Promise<boolean> {
  const query = db
    .insertInto('hold')
    .values({ ...row, namings: JSON.stringify(row.namings) })
    .onConflict((on) => on.column('environment_id').where('released_at', 'is', null).doNothing())
  return ((await query.executeTakeFirst()).numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function updateHold(
  db: Db,
  id: string,
  { namings, ...row }: Partial<Omit<HoldRow, 'id' | 'environment_id'>>,
): Promise<void> {
  const change = { ...row, ...(namings && { namings: JSON.stringify(namings) }) }
  await db.updateTable('hold').set(change).where('id', '=', id).execute()
}

/**
 * The open holds that rollbacks named which came to nothing: rejected, canceled, expired, refused, or failed without a
 * trace. What may have been half done keeps its hold.
 */
export async function listIdleNamings(
  db: Db,
): Promise<{ environment_id: string; project_id: string; deployment_ids: string[] }[]> {
  const { rows } = await sql<{ environment_id: string; project_id: string; deployment_ids: string[] }>`
    select hold.environment_id, d.project_id, array_agg(d.id) as deployment_ids
    from hold cross join jsonb_to_recordset(hold.namings) as naming (deployment_id uuid)
    join deployment d on d.id = naming.deployment_id
    where hold.released_at is null and d.state in ('rejected', 'canceled', 'expired', 'invalid', 'failed')
      and coalesce((d.counts ->> 'uncertain')::int, 0) = 0
    group by hold.environment_id, d.project_id
  `.execute(db)
  return rows
}

/**
 * The revision that a rollback of code leads away from, and the one that it brings back as it was; nothing where they
 * are the same. Undefined: it is none, and makes a revision of its own.
 */
export async function findLeftAndRestored(
  db: Db,
  { rolls_back, revision_id }: { rolls_back: string; revision_id: string },
): Promise<string[] | undefined> {
  const { rows } = await sql<{ left: string }>`
    select revision_id as left from deployment
    where id = ${rolls_back} and exists (select from candidate where revision_id = ${revision_id})`.execute(
    db,
  )
  const [row] = rows
  if (!row) return undefined
  return row.left === revision_id ? [] : [row.left, revision_id]
}

/**
 * The revision of a deployment, of the one that this puts back if it is a rollback, and so on down to one that is
 * none.
 */
export async function listRolledBackChain(db: Db, deploymentId: string): Promise<string[]> {
  const { rows } = await sql<{ revision_id: string }>`
    with recursive chain as (
      select id, revision_id, rolls_back, 0 as depth from deployment where id = ${deploymentId}
      union all
      select d.id, d.revision_id, d.rolls_back, depth + 1 from chain join deployment d on d.id = chain.rolls_back
      where depth < 1000
    )
    select revision_id from chain order by depth`.execute(db)
  return rows.map((row) => row.revision_id)
}
