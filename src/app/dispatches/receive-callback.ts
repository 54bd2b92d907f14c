import { sameSecret, sha256 } from '#ground/secrets.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import {
  findDispatchById,
  lockDispatch,
  updateDispatch,
  type DispatchRow,
  type Subject,
} from '#store/dispatch.ts'
import type { JsonObject } from '#store/columns.ts'
import { asPrincipal, transact, type Context, type House, type Unit } from '../context.ts'
import { appendLog } from '../logs/append-log.ts'
import { clean } from '#ground/lines.ts'
import { endWork, type End, type ItemResult } from './end-work.ts'
import { lockWork, type Work } from './work.ts'

export interface Callback {
  dispatch_id: string
  /** Null: none was sent. */
  token: string | null
  state: 'running' | 'succeeded' | 'failed' | 'canceled'
  log?: readonly string[] | undefined
  items?: readonly ItemResult[] | undefined
  reason?: string | undefined
}

/**
 * Takes down what an executor outside says of what it was given: its lines at once, its end once. Saying the same end
 * again is no error. Throws `unauthenticated` without one of the dispatch's own tokens or where it is not there, and
 * `not_possible_now` where it has ended otherwise.
 */
export function receiveCallback(house: House, callback: Callback): Promise<{ state: string }> {
  const ctx = asPrincipal(house, null)
  return transact(ctx, async (unit) => {
    const seen = await findSeen(unit, callback)
    // Held in the order in which everybody holds them: what it is about first.
    const work = await lockWork(unit.tx, seen)
    const dispatch = await lockDispatch(unit.tx, callback.dispatch_id)
    if (!work || !dispatch) throw unknown()
    requireKnownItems(work, callback)
    if (dispatch.state === 'ended') return afterTheEnd(work, dispatch, callback)
    await writeLines(ctx, unit, work, callback)
    if (callback.state === 'running') return { state: 'running' }
    const end = endOf(callback)
    const current =
      dispatch.attempt === work.attempt && (work.state === 'ready' || work.state === 'canceling')
    await updateDispatch(unit.tx, dispatch, { reported: end as unknown as JsonObject })
    // Where it is being planned anew after a loss, its end is taken in when it comes to be applied.
    if (current) await endWork(ctx, unit, work, dispatch, end)
    return { state: callback.state }
  })
}

async function findSeen(unit: Unit, { dispatch_id, token }: Callback): Promise<Subject> {
  const row = await findDispatchById(unit.tx, dispatch_id)
  const digest = sha256(token ?? '')
  if (!row || token === null || !row.tokens_sha256.some((known) => sameSecret(known, digest))) throw unknown()
  return row.run_id === null ? { deployment_id: row.deployment_id! } : { run_id: row.run_id }
}

const unknown = () => new DomainError('unauthenticated', { credential: 'token' })

function requireKnownItems({ plan }: Work, { items = [] }: Callback): void {
  const keys = new Set(plan?.changes.map(({ key }) => key))
  const index = items.findIndex(({ key }) => !keys.has(key))
  if (index >= 0) throw invalidField(`items.${index}.key`, 'unknown', 'is no item of this deployment')
}

function afterTheEnd(work: Work, dispatch: DispatchRow, { state }: Callback): { state: string } {
  const said = (dispatch.reported as { to?: string } | null)?.to
  if (said !== undefined && said === toOf(state)) return { state }
  const what = work.kind === 'deployment' ? ('deployment' as const) : ('run' as const)
  throw new DomainError('not_possible_now', { what, id: work.id, state: 'over', action: `become ${state}` })
}

const toOf = (state: Callback['state']) => (state === 'canceled' ? 'stopped' : state)

function endOf({ state, items = [], reason }: Callback): End {
  if (state === 'succeeded') return { to: 'succeeded', items, uncertain: false }
  const detail =
    reason ?? (state === 'canceled' ? 'The receiver stopped it.' : 'The receiver says that it failed.')
  const code = state === 'canceled' ? 'canceled' : 'receiver_failed'
  return { to: state === 'canceled' ? 'stopped' : 'failed', code, detail, items, uncertain: true }
}

async function writeLines(
  ctx: Context,
  unit: Unit,
  { subject }: Work,
  { log = [] }: Callback,
): Promise<void> {
  if (log.length === 0) return
  const at = ctx.now()
  const lines = log.flatMap((text) => text.split('\n')).map((text) => clean(text).slice(0, 8192))
  await appendLog(
    ctx,
    unit.tx,
    subject,
    lines.map((text) => ({ at, stream: 'callback' as const, text })),
  )
}
