import { DomainError, invalidField } from '#domain/errors.ts'
import { clean } from '#ground/lines.ts'
import type { JsonObject } from '#store/columns.ts'
import { updateDispatch, type DispatchRow } from '#store/dispatch.ts'
import type { Context, Unit } from '../context.ts'
import { appendLog } from '../logs/append-log.ts'
import { endWork, type End, type ItemResult } from './end-work.ts'
import type { Work } from './work.ts'

/** What somebody outside says of what they were given. */
export interface Report {
  state: 'running' | 'succeeded' | 'failed' | 'canceled'
  log?: readonly string[] | undefined
  items?: readonly ItemResult[] | undefined
  reason?: string | undefined
}

/**
 * Takes it down: lines at once, an end once; saying the same end again is no error. Both rows are held by the caller's
 * transaction. Throws `invalid` where items are none of it, `not_possible_now` where it has ended otherwise.
 */
export async function takeReport(
  ctx: Context,
  unit: Unit,
  { work, dispatch }: { work: Work; dispatch: DispatchRow },
  report: Report,
): Promise<{ state: Report['state'] }> {
  requireKnownItems(work, report)
  if (dispatch.state === 'ended') return afterTheEnd(work, dispatch, report)
  await writeLines(ctx, unit, work, report)
  if (report.state === 'running') return { state: 'running' }
  const end = endOf(report)
  const current = dispatch.attempt === work.attempt && (work.state === 'ready' || work.state === 'canceling')
  await updateDispatch(unit.tx, dispatch, { reported: end as unknown as JsonObject })
  // Where it is being planned anew after a loss, its end is taken in when it comes to be applied.
  if (current) await endWork(ctx, unit, work, dispatch, end)
  return { state: report.state }
}

function requireKnownItems({ plan }: Work, { items = [] }: Report): void {
  const keys = new Set(plan?.changes.map(({ key }) => key))
  const index = items.findIndex(({ key }) => !keys.has(key))
  if (index >= 0) throw invalidField(`items.${index}.key`, 'unknown', 'is no item of this deployment')
}

function afterTheEnd(work: Work, dispatch: DispatchRow, { state }: Report): { state: Report['state'] } {
  const said = (dispatch.reported as { to?: string } | null)?.to
  if (said !== undefined && said === toOf(state)) return { state }
  const what = work.kind === 'deployment' ? ('deployment' as const) : ('run' as const)
  throw new DomainError('not_possible_now', { what, id: work.id, state: 'over', action: `become ${state}` })
}

const toOf = (state: Report['state']) => (state === 'canceled' ? 'stopped' : state)

function endOf({ state, items = [], reason }: Report): End {
  if (state === 'succeeded') return { to: 'succeeded', items, uncertain: false }
  const detail =
    reason ?? (state === 'canceled' ? 'The receiver stopped it.' : 'The receiver says that it failed.')
  const code = state === 'canceled' ? 'canceled' : 'receiver_failed'
  return { to: state === 'canceled' ? 'stopped' : 'failed', code, detail, items, uncertain: true }
}

/** Of one report: a megabyte may be a million empty lines, each of which would be a row. */
const mostLines = 10_000

async function writeLines(ctx: Context, unit: Unit, { subject }: Work, { log = [] }: Report): Promise<void> {
  if (log.length === 0) return
  const at = ctx.now()
  const all = log.flatMap((text) => text.split('\n'))
  const lines = all.slice(0, mostLines).map((text) => clean(text.slice(0, 8192)))
  if (all.length > mostLines) lines.push(`(${all.length - mostLines} more lines were left out)`)
  await appendLog(
    ctx,
    unit.tx,
    subject,
    lines.map((text) => ({ at, stream: 'callback' as const, text })),
  )
}
