import type { Insertable, Selectable } from 'kysely'
import type { Db } from './database.ts'

/** A key pair of the installation. */
export interface SigningKeyTable {
  name: string
  /** PEM, sealed. */
  private_key: string
  /** PEM. */
  public_key: string
  created_at: Date
}

export type SigningKeyRow = Selectable<SigningKeyTable>

export function findSigningKey(db: Db, name: string): Promise<SigningKeyRow | undefined> {
  return db.selectFrom('signing_key').selectAll().where('name', '=', name).executeTakeFirst()
}

/** Keeps a pair unless there is one of this name, made meanwhile by somebody else. */
export async function insertSigningKey(db: Db, row: Insertable<SigningKeyTable>): Promise<void> {
  await db
    .insertInto('signing_key')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
}

export async function removeSigningKeys(db: Db): Promise<void> {
  await db.deleteFrom('signing_key').execute()
}
