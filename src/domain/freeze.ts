import type { FieldFault } from './errors.ts'
import { ruleFaults, type FreezeRule } from './freeze-rule.ts'
import { lookAheadMs, nextStart, spanAt } from './freeze-window.ts'

/** A time in which nothing is deployed: a window that recurs, or an emergency stop that stands until it is lifted. */
export interface Freeze {
  id: string
  name: string
  /** Null for an emergency stop. */
  rule: FreezeRule | null
  reason: string | null
  created_at: Date
  /** When an emergency stop ends by itself, if it does. */
  expires_at: Date | null
  /** Who set it; null for Headgate itself and for whoever is gone. */
  set_by: string | null
}

/** A freeze that is in force, and until when (milliseconds); null where it does not end by itself within a year. */
export interface InForce {
  freeze: Freeze
  until: number | null
}

/** Those of the freezes that are in force at a moment. What was lifted is not among them. */
export function inForceAt(freezes: readonly Freeze[], at: Date): InForce[] {
  const now = at.getTime()
  return freezes.flatMap((freeze) => {
    const span = freeze.rule ? spanAt(freeze.rule, now) : stopUntil(freeze, now)
    return span ? [{ freeze, until: span.until }] : []
  })
}

/** In force from the moment it is set, whatever a clock that was put back says. */
function stopUntil({ expires_at }: Freeze, now: number): { until: number | null } | undefined {
  const until = expires_at?.getTime() ?? null
  return until === null || now < until ? { until } : undefined
}

/** How often one freeze may run into the next before nobody looks further. */
const mostSteps = 1000

/**
 * The first moment from `at` on when none is in force, though one may begin before another ends. Null where there is
 * none within a year, or only somebody's hand can bring it.
 */
export function thawsAt(freezes: readonly Freeze[], at: Date): Date | null {
  let moment = at
  for (let step = 0; step < mostSteps; step += 1) {
    const force = inForceAt(freezes, moment)
    if (force.length === 0) return moment
    if (force.some(({ until }) => until === null)) return null
    moment = new Date(Math.max(...force.map(({ until }) => until!)))
    if (moment.getTime() > at.getTime() + lookAheadMs) return null
  }
  return null
}

/** What is wrong with a rule that is to be set at a moment, field by field: it has to freeze something some day. */
export function checkRule(rule: FreezeRule, at: Date): FieldFault[] {
  const faults = ruleFaults(rule)
  if (faults.length > 0) return faults
  const wrong = (detail: string): FieldFault[] => [{ field: 'rrule', fault: 'invalid', detail }]
  try {
    const now = at.getTime()
    if (spanAt(rule, now) !== undefined || nextStart(rule, now) !== undefined) return []
    return wrong('never matches from now on: no day of the calendar is both what it says and still to come')
  } catch {
    return wrong('never matches, or costs too much to work out')
  }
}

/** `2026-11-23 08:00 Europe/Paris`: a moment as the people of a freeze's zone read it; UTC where it has none. */
export function readable(moment: Date | number, zone = 'UTC'): string {
  const local = Temporal.Instant.fromEpochMilliseconds(Number(moment)).toZonedDateTimeISO(zone)
  return `${local.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')} ${zone}`
}
