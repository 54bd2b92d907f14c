import { sql } from 'kysely'
import type { Db } from './database.ts'

/** What the house does for itself now and then. */
export interface ChoreTable {
  name: string
  taken_at: Date
}

/** Takes a chore up, unless somebody did so after `since`. */
export async function claimChore(db: Db, name: string, at: Date, since: Date): Promise<boolean> {
  const { rows } = await sql`
    insert into chore (name, taken_at) values (${name}, ${at})
    on conflict (name) do update set taken_at = excluded.taken_at where chore.taken_at <= ${since}
    returning name
  `.execute(db)
  return rows.length > 0
}

/** Gives dead rows back: the embedded store never does that by itself. Not inside a transaction. */
export async function vacuum(db: Db): Promise<void> {
  await sql`vacuum (analyze)`.execute(db)
}
