import { sql } from 'kysely'
import type { Condition } from './content-condition.ts'
import type { Db } from './database.ts'

/** A read was ended because it took too long. */
export class TooSlowError extends Error {
  constructor() {
    super('The statement took too long.')
    this.name = 'TooSlowError'
  }
}

const canceled = '57014'
const patternTimeMs = 5_000

/** Reads what a condition chooses: where a pattern of the caller's is in it, for five seconds at most. */
export function readWhere<T>(db: Db, where: Condition | undefined, read: (db: Db) => Promise<T>): Promise<T> {
  return where && hasPattern(where) ? readWithin(db, patternTimeMs, read) : read(db)
}

/**
 * Reads for so long at most, on PostgreSQL: the embedded store cannot be stopped. Not inside a transaction, which
 * has limits of its own. Throws TooSlowError.
 */
async function readWithin<T>(db: Db, limitMs: number, read: (db: Db) => Promise<T>): Promise<T> {
  if (db.isTransaction) return read(db)
  try {
    return await db.transaction().execute(async (tx) => {
      await sql`select set_config('statement_timeout', ${String(limitMs)}, true)`.execute(tx)
      return read(tx)
    })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    throw code === canceled ? new TooSlowError() : error
  }
}

function hasPattern(condition: Condition): boolean {
  if ('all' in condition) return condition.all.some(hasPattern)
  if ('any' in condition) return condition.any.some(hasPattern)
  if ('none' in condition) return condition.none.some(hasPattern)
  // What looks at every text, or behind references, takes time as a pattern does.
  if ('refers' in condition || 'says' in condition) return true
  if ('made' in condition) return false
  return condition.is === 'matches'
}
