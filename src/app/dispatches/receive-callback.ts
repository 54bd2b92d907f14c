import { sameSecret, sha256 } from '#ground/secrets.ts'
import { DomainError } from '#domain/errors.ts'
import { findDispatchById, lockDispatch, type Subject } from '#store/dispatch.ts'
import { asPrincipal, transact, type House, type Unit } from '../context.ts'
import { takeReport, type Report } from './take-report.ts'
import { lockWork } from './work.ts'

export interface Callback extends Report {
  dispatch_id: string
  /** Null: none was sent. */
  token: string | null
}

/**
 * Takes down what an executor outside says of what it was given. Throws `unauthenticated` without one of the dispatch's
 * own tokens or where it is not there, `invalid`, and `not_possible_now` where it has ended otherwise.
 */
export function receiveCallback(house: House, callback: Callback): Promise<{ state: Report['state'] }> {
  const ctx = asPrincipal(house, null)
  return transact(ctx, async (unit) => {
    const seen = await findSeen(unit, callback)
    // Held in the order in which everybody holds them: what it is about first.
    const work = await lockWork(unit.tx, seen)
    const dispatch = await lockDispatch(unit.tx, callback.dispatch_id)
    if (!work || !dispatch) throw unknown()
    return takeReport(ctx, unit, { work, dispatch }, callback)
  })
}

async function findSeen(unit: Unit, { dispatch_id, token }: Callback): Promise<Subject> {
  const row = await findDispatchById(unit.tx, dispatch_id)
  const digest = sha256(token ?? '')
  if (!row || token === null || !row.tokens_sha256.some((known) => sameSecret(known, digest))) throw unknown()
  return row.run_id === null ? { deployment_id: row.deployment_id! } : { run_id: row.run_id }
}

const unknown = () => new DomainError('unauthenticated', { credential: 'token' })
