import { sql } from 'kysely'
import type { Db } from './database.ts'

/** Of those who apply a configuration, one at a time, until its transaction ends. */
export async function claimConfiguration(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('headgate configuration'))`.execute(tx)
}
