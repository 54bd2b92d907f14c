import { sql, type Generated, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { Annotations, JsonColumnWithDefault } from './columns.ts'
import type { Db } from './database.ts'

export interface UserTable {
  id: string
  email: string
  name: string
  password_hash: string | null
  agent: Generated<boolean>
  annotations: JsonColumnWithDefault<Annotations>
  disabled_at: Date | null
  created_at: Date
  updated_at: Date
}

export type UserRow = Selectable<UserTable>

export function findUser(db: Db, id: string): Promise<UserRow | undefined> {
  return db.selectFrom('user').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Upper and lower case are one, by the database's own rule, as in the unique index. */
export function findUserByEmail(db: Db, email: string): Promise<UserRow | undefined> {
  return db
    .selectFrom('user')
    .selectAll()
    .where(sql<string>`lower(email)`, '=', sql<string>`lower(${email})`)
    .executeTakeFirst()
}

/** Holds the user's row, so that its sessions and grants stand still. */
export function lockUser(db: Db, id: string): Promise<UserRow | undefined> {
  return db.selectFrom('user').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Oldest first, after `after`. */
export function listUsers(db: Db, { limit, after }: { limit: number; after?: string }): Promise<UserRow[]> {
  let query = db.selectFrom('user').selectAll().orderBy('id').limit(limit)
  if (after !== undefined) query = query.where('id', '>', after)
  return query.execute()
}

/** In no order. */
export function listUsersById(
  db: Db,
  ids: readonly string[],
): Promise<Pick<UserRow, 'id' | 'email' | 'name'>[]> {
  return db
    .selectFrom('user')
    .select(['id', 'email', 'name'])
    .where('id', '=', sql<string>`any(${sql.val(ids)}::uuid[])`)
    .execute()
}

/** Whether there is any user at all. */
export async function findAnyUser(db: Db): Promise<boolean> {
  return (await db.selectFrom('user').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** False when the e-mail address is taken. */
export async function insertUser(db: Db, row: Insertable<UserTable>): Promise<boolean> {
  const result = await db
    .insertInto('user')
    .values(row)
    .onConflict((on) => on.expression(sql`lower(email)`).doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function updateUser(db: Db, id: string, row: Updateable<UserTable>): Promise<void> {
  await db.updateTable('user').set(row).where('id', '=', id).execute()
}
