import type { Generated, Insertable, Selectable, Updateable } from 'kysely'
import type { Db } from './database.ts'

/** What Terraform knows of an environment, and who is at it. The state itself lies among the blobs, encrypted. */
export interface InfraStateTable {
  environment_id: string
  /** Counts what was written and removed; 0: nothing ever. */
  version: Generated<number>
  serial: number | null
  lineage: string | null
  blob_digest: string | null
  /** A state that a release could not post, while it is missing here. */
  unposted_blob: string | null
  lock_id: string | null
  /** In the words of whoever took it, byte for byte. */
  lock_info: string | null
  lock_deployment_id: string | null
  lock_run_id: string | null
  lock_attempt: number | null
  lock_user_id: string | null
  locked_at: Date | null
  updated_at: Date
}

export type InfraStateRow = Selectable<InfraStateTable>

export function findInfraState(db: Db, environmentId: string): Promise<InfraStateRow | undefined> {
  return db
    .selectFrom('infra_state')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .executeTakeFirst()
}

/** Its row, made where there is none, held until the transaction ends: whoever comes at the same moment waits. */
export async function lockInfraState(db: Db, environmentId: string, at: Date): Promise<InfraStateRow> {
  const row: Insertable<InfraStateTable> = { environment_id: environmentId, updated_at: at }
  await db
    .insertInto('infra_state')
    .values(row)
    .onConflict((on) => on.column('environment_id').doNothing())
    .execute()
  return db
    .selectFrom('infra_state')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

/** Of a row that is held. */
export async function updateInfraState(
  db: Db,
  environmentId: string,
  change: Updateable<InfraStateTable>,
): Promise<void> {
  await db.updateTable('infra_state').set(change).where('environment_id', '=', environmentId).execute()
}

/** Nobody holds it. */
export const unlocked = {
  lock_id: null,
  lock_info: null,
  lock_deployment_id: null,
  lock_run_id: null,
  lock_attempt: null,
  lock_user_id: null,
  locked_at: null,
} as const

/** What a deployment or a run holds that is over by now. Nothing where it held nothing. */
export async function unlockStatesOf(
  db: Db,
  { deployment_id, run_id }: { deployment_id?: string; run_id?: string },
): Promise<void> {
  const by = run_id === undefined ? 'lock_deployment_id' : 'lock_run_id'
  await db
    .updateTable('infra_state')
    .set(unlocked)
    .where(by, '=', run_id ?? deployment_id ?? null)
    .execute()
}
