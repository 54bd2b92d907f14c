import { sql, type Generated, type Insertable, type Selectable, type Updateable } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Annotations, JsonColumnWithDefault } from './columns.ts'
import type { Db } from './database.ts'

export interface TokenTable {
  id: string
  user_id: string | null
  project_id: string | null
  environment_ids: string[] | null
  branches: string[] | null
  kind: 'service' | 'session' | 'delivery'
  name: string
  description: Generated<string>
  secret_sha256: Buffer
  /** Of a delivery token: a second secret, with which it also previews. */
  preview_secret_sha256: Generated<Buffer | null>
  scopes: string[]
  annotations: JsonColumnWithDefault<Annotations>
  expires_at: Date | null
  created_at: Date
  updated_at: Date
}

export type TokenRow = Omit<Selectable<TokenTable>, 'secret_sha256' | 'preview_secret_sha256'>

/** Everything but the digest, which nobody needs back. */
const columns = [
  'token.id',
  'token.user_id',
  'token.project_id',
  'token.environment_ids',
  'token.branches',
  'token.kind',
  'token.name',
  'token.description',
  'token.scopes',
  'token.annotations',
  'token.expires_at',
  'token.created_at',
  'token.updated_at',
] as const

/** A token with whom it belongs to and what they hold. Expired tokens and disabled users are found too. */
export function findTokenBySecret(db: Db, secretSha256: Buffer) {
  return db
    .selectFrom('token')
    .leftJoin('user', 'user.id', 'token.user_id')
    .select([...columns, 'user.email', 'user.agent', 'user.disabled_at'])
    .select((eb) =>
      jsonArrayFrom(
        eb
          .selectFrom('role_grant')
          .select(['role_grant.project_id', 'role_grant.role'])
          .whereRef('role_grant.user_id', '=', 'token.user_id'),
      ).as('grants'),
    )
    .select((eb) => eb('token.preview_secret_sha256', '=', secretSha256).as('by_preview_secret'))
    .where((eb) =>
      eb.or([
        eb('token.secret_sha256', '=', secretSha256),
        eb('token.preview_secret_sha256', '=', secretSha256),
      ]),
    )
    .executeTakeFirst()
}

/** False where it has one already, or had none to take away. */
export async function setPreviewSecret(db: Db, id: string, secretSha256: Buffer | null): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('token')
    .set({ preview_secret_sha256: secretSha256 })
    .where('id', '=', id)
    .where('preview_secret_sha256', secretSha256 ? 'is' : 'is not', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export function findToken(db: Db, id: string): Promise<TokenRow | undefined> {
  return db.selectFrom('token').select(columns).where('id', '=', id).executeTakeFirst()
}

/** Held until the transaction ends. */
export function lockToken(db: Db, id: string): Promise<TokenRow | undefined> {
  return db.selectFrom('token').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()
}

export interface TokenFilter {
  /** Null: tokens bound to no project. */
  project_id: string | null
  kind?: TokenTable['kind'] | undefined
  /** Only this user's. */
  user_id?: string | undefined
}

/** Oldest first. Sessions are nobody's business and never listed. */
export function listTokens(
  db: Db,
  filter: TokenFilter,
  { limit, after, offset }: { limit: number; after?: string; offset?: number },
): Promise<TokenRow[]> {
  let query = matching(db, filter).select(columns).orderBy('id').limit(limit)
  if (after !== undefined) query = query.where('id', '>', after)
  if (offset) query = query.offset(offset)
  return query.execute()
}

export async function countTokens(db: Db, filter: TokenFilter): Promise<number> {
  const row = await matching(db, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}

function matching(db: Db, filter: TokenFilter) {
  let query = db
    .selectFrom('token')
    .where('project_id', filter.project_id === null ? 'is' : '=', filter.project_id)
    .where('kind', '<>', 'session')
  if (filter.kind) query = query.where('kind', '=', filter.kind)
  if (filter.user_id) query = query.where('user_id', '=', filter.user_id)
  return query
}

/** The token that a configuration file means by this name, held until the transaction ends. */
export function findTokenByName(
  db: Db,
  { project_id, kind, name }: { project_id: string | null; kind: TokenTable['kind']; name: string },
): Promise<TokenRow | undefined> {
  return db
    .selectFrom('token')
    .select(columns)
    .where('project_id', project_id === null ? 'is' : '=', project_id)
    .where('kind', '=', kind)
    .where('name', '=', name)
    .orderBy('id')
    .forUpdate()
    .executeTakeFirst()
}

/** Undefined when the secret is taken. */
export function insertToken(db: Db, row: Insertable<TokenTable>): Promise<TokenRow | undefined> {
  return db
    .insertInto('token')
    .values(row)
    .onConflict((on) => on.column('secret_sha256').doNothing())
    .returning(columns)
    .executeTakeFirst()
}

export function updateToken(db: Db, id: string, row: Updateable<TokenTable>): Promise<TokenRow | undefined> {
  return db.updateTable('token').set(row).where('id', '=', id).returning(columns).executeTakeFirst()
}

export async function removeToken(db: Db, id: string): Promise<void> {
  await db.deleteFrom('token').where('id', '=', id).execute()
}

/** Ends all of a user's sessions but the newest `keep`. Returns the ids of those that ended. */
export async function removeSessions(db: Db, userId: string, keep: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    delete from token where user_id = ${userId} and kind = 'session' and id not in (
      select id from token where user_id = ${userId} and kind = 'session' order by id desc limit ${keep})
    returning id
  `.execute(db)
  return rows.map(({ id }) => id)
}

/** Ends sessions that were opened before a time, so many at most. Returns the ids of those that ended. */
export async function removeSessionsBefore(db: Db, before: Date, most: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    delete from token where id in (
      select id from token where kind = 'session' and created_at < ${before} order by created_at limit ${most})
    returning id
  `.execute(db)
  return rows.map(({ id }) => id)
}
