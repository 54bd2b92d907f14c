import { inForceAt } from '#domain/freeze.ts'
import { findFreeze, type NamedFreeze } from '#store/freeze.ts'
import { DomainError } from '#domain/errors.ts'
import type { Db } from '#store/database.ts'
import { freezeOf } from './known-freezes.ts'

/** A freeze as use-cases return it. */
export interface FreezeView extends NamedFreeze {
  in_force: boolean
  /** When it ends, if it is in force and ends by itself within a year. */
  until: Date | null
}

export function viewFreeze(row: NamedFreeze, now: Date): FreezeView {
  const [force] = row.lifted_at === null ? inForceAt([freezeOf(row)], now) : []
  const until = force?.until ?? null
  return { ...row, in_force: force !== undefined, until: until === null ? null : new Date(until) }
}

/** Throws `not_found`. */
export async function requireFreeze(db: Db, id: string): Promise<NamedFreeze> {
  const row = await findFreeze(db, id)
  if (!row) throw new DomainError('not_found', { what: 'freeze', id })
  return row
}
