import { sql } from 'kysely'
import type { Db } from './database.ts'

/** Tells whoever listens on a channel, when the transaction commits; nobody hears of one that is rolled back. */
export async function notify(db: Db, channel: string, payload: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(db)
}
