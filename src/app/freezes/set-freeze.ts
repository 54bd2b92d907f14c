import { DomainError, invalidField } from '#domain/errors.ts'
import { checkRule } from '#domain/freeze.ts'
import { spanAt } from '#domain/freeze-window.ts'
import type { FreezeRule } from '#domain/freeze-rule.ts'
import { findEnvironment } from '#store/environment.ts'
import { insertFreeze, type FreezeRow } from '#store/freeze.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { requireFreeze, viewFreeze, type FreezeView } from './freeze-view.ts'

export interface NewFreeze {
  project_id: string
  /** All of the project's when left out. */
  environment_id?: string | null
  /** For people; what kind it is, when left out. */
  name?: string
  reason?: string
  /** Without one it is an emergency stop, which stands at once and wants a reason. */
  rule?: Omit<FreezeRule, 'starts_on'> & { starts_on?: string }
  /** When an emergency stop ends by itself. */
  expires_at?: Date
}

/**
 * Stops deployments to an environment, or to all of a project: at once and until somebody lifts it, or in windows that
 * recur. Throws `not_found`, and `invalid` for a rule that cannot be read, costs too much or never matches.
 */
export function setFreeze(ctx: Context, input: NewFreeze): Promise<FreezeView> {
  return transact(ctx, async (unit) => {
    const { id } = await setFreezeIn(ctx, unit, { ...input, origin: 'request' })
    return viewFreeze(await requireFreeze(unit.tx, id), ctx.now())
  })
}

/** Inside a caller's transaction. */
export async function setFreezeIn(
  ctx: Context,
  unit: Unit,
  {
    project_id,
    environment_id = null,
    name,
    reason,
    rule,
    expires_at,
    origin,
  }: NewFreeze & Pick<FreezeRow, 'origin'>,
): Promise<{ id: string }> {
  const place = { project_id, ...(environment_id === null ? {} : { environment_id }) }
  // What the file declares is the file's: whoever applies it may do all of it.
  authorize(ctx, origin === 'configuration' ? 'environment.admin' : 'freeze.set', place)
  if (environment_id !== null) await requireEnvironment(unit, place)
  // A token that is bound to environments does not stop all of a project.
  else if (ctx.principal?.environment_ids) throw boundToEnvironments(ctx.principal.name)
  const whole = rule && { ...rule, starts_on: rule.starts_on ?? today(ctx, rule.time_zone) }
  if (whole) refuseFaulty(whole, ctx.now())
  else refuseEmptyStop({ reason, expires_at }, ctx.now())
  if (whole && expires_at !== undefined)
    throw invalidField(
      'expires_at',
      'invalid',
      'belongs to an emergency stop; a rule ends by its UNTIL or COUNT',
    )
  const kind = whole ? 'window' : 'emergency'
  const id = ctx.newId()
  await insertFreeze(unit.tx, {
    ...{ id, project_id, environment_id, kind, name: name?.trim() ?? `${kind} freeze` },
    ...(whole ?? { rrule: null, start: null, duration_minutes: null, time_zone: null, starts_on: null }),
    ...{ reason: reason ?? null, expires_at: expires_at ?? null, origin },
    ...{
      created_by: authorIn(ctx),
      created_at: ctx.now(),
      lifted_at: null,
      lifted_by: null,
      lift_reason: null,
    },
  })
  unit.record({
    kind: 'freeze.set',
    ...{ project_id, environment_id, subject_id: id, reason: reason ?? null },
    data: { kind, name: name ?? null, ...whole, expires_at: expires_at?.toISOString() ?? null, origin },
  })
  const ends = expires_at ?? (whole && endOf(whole, ctx.now()))
  if (ends) unit.wake({ name: 'admit-deployments', data: {}, after: ends })
  return { id }
}

async function requireEnvironment(
  { tx }: Unit,
  { project_id, environment_id }: { project_id: string; environment_id?: string },
): Promise<void> {
  const found = environment_id === undefined ? undefined : await findEnvironment(tx, environment_id)
  if (found?.project_id !== project_id)
    throw new DomainError('not_found', { what: 'environment', id: environment_id ?? '' })
}

function boundToEnvironments(name: string): DomainError<'forbidden'> {
  const detail = `${name} is bound to environments, and this would stop all of the project.`
  return new DomainError('forbidden', { action: 'freeze.set', detail })
}

function refuseFaulty(rule: FreezeRule, now: Date): void {
  const faults = checkRule(rule, now)
  if (faults.length > 0) throw new DomainError('invalid', { faults })
}

function refuseEmptyStop({ reason, expires_at }: Pick<NewFreeze, 'reason' | 'expires_at'>, now: Date): void {
  if (!reason?.trim()) throw invalidField('reason', 'required', 'is missing: an emergency stop says why')
  if (expires_at && expires_at <= now) throw invalidField('expires_at', 'invalid', 'has passed already')
}

/** The day it is in a zone; one that is none is told apart by the rule's own check. */
function today(ctx: Context, time_zone: string): string {
  const now = Temporal.Instant.fromEpochMilliseconds(ctx.now().getTime())
  try {
    return now.toZonedDateTimeISO(time_zone).toPlainDate().toString()
  } catch {
    return now.toZonedDateTimeISO('UTC').toPlainDate().toString()
  }
}

function endOf(rule: FreezeRule, now: Date): Date | undefined {
  const until = spanAt(rule, now.getTime())?.until
  return until ? new Date(until) : undefined
}
