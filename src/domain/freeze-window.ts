import { RRuleTemporal } from 'rrule-temporal'
import { readRule, type FreezeRule } from './freeze-rule.ts'

/** A time in which something is frozen: milliseconds since 1970, the end not included. */
export interface Span {
  from: number
  /** Null: it goes on for longer than anybody looks ahead. */
  until: number | null
}

const dayMs = 86_400_000
/** Windows are worked out for this many days at a time, and remembered. */
const stretchMs = 32 * dayMs
/** How far an end is looked for, where one window runs into the next. */
export const lookAheadMs = 366 * dayMs
/** How far in the future a rule's first window may lie: the 29th of February falls on each weekday within 28 years. */
const firstWithinMs = 41 * 366 * dayMs
/** What a rule may cost: the library gives up beyond it. */
const cost = { maxIterations: 20_000, maxCandidateEvaluations: 20_000 }

/**
 * The span that a rule keeps frozen at a moment, windows that touch made one; undefined where it freezes nothing then.
 * The same rule is asked again and again, so what was worked out is remembered: a later look is a comparison.
 */
export function spanAt(rule: FreezeRule, at: number): Span | undefined {
  const stretch = Math.floor(at / stretchMs)
  return spansOf(rule, stretch).find(({ from, until }) => from <= at && (until === null || at < until))
}

/** Every window that begins from `from` on and before `to`, in order, each as the rule says it: not merged. */
export function windowsBetween(rule: FreezeRule, from: number, to: number): Span[] {
  const last = lastStart(rule)
  const local = (at: number, slack: number) => new Date(at + slack)
  // A local time is at most a day from what a clock in UTC would show.
  const found = floating(rule).between(local(from, -2 * dayMs), local(to, 2 * dayMs), true)
  return found
    .map((one) => startOf(rule, one.toPlainDateTime()))
    .filter((start) => start >= from && start < to && start <= last)
    .map((start) => ({ from: start, until: start + rule.duration_minutes * 60_000 }))
}

/** When the rule's first window from a moment on begins; undefined where there is none, now or ever. Throws where it costs too much. */
export function nextStart(rule: FreezeRule, from: number): number | undefined {
  const one = floating(rule).next(new Date(from + 2 * dayMs), true)
  const near = windowsBetween(rule, from, from + 5 * dayMs)[0]
  if (near) return near.from
  if (!one) return undefined
  const start = startOf(rule, one.toPlainDateTime())
  return start <= lastStart(rule) && start < from + firstWithinMs ? start : undefined
}

/** By the rule itself, for whoever keeps it, and by what it says, for whoever reads it anew. */
const byRule = new WeakMap<FreezeRule, Map<number, readonly Span[]>>()
const remembered = new Map<string, readonly Span[]>()
const mostRemembered = 20_000

/** The merged spans that touch a stretch of days. */
function spansOf(rule: FreezeRule, stretch: number): readonly Span[] {
  const own = byRule.get(rule) ?? new Map<number, readonly Span[]>()
  const known = own.get(stretch)
  if (known) return known
  const spans = recall(rule, stretch)
  // A rule that is kept for years need not keep years.
  if (own.size > 24) own.clear()
  byRule.set(rule, own.set(stretch, spans))
  return spans
}

function recall(rule: FreezeRule, stretch: number): readonly Span[] {
  const key = `${stretch} ${rule.rrule} ${rule.start} ${rule.duration_minutes} ${rule.time_zone} ${rule.starts_on}`
  const known = remembered.get(key)
  if (known) return known
  const spans = workOutOrFreeze(rule, stretch * stretchMs)
  const oldest = remembered.size >= mostRemembered ? remembered.keys().next().value : undefined
  if (oldest !== undefined) remembered.delete(oldest)
  remembered.set(key, spans)
  return spans
}

/** Rules are tried when they are set. Should one cost too much later on, it is safer shut than open. */
function workOutOrFreeze(rule: FreezeRule, from: number): readonly Span[] {
  try {
    return workOut(rule, from)
  } catch {
    return [{ from, until: null }]
  }
}

function workOut(rule: FreezeRule, from: number): readonly Span[] {
  const end = from + stretchMs
  const spans = merge(windowsBetween(rule, from - rule.duration_minutes * 60_000, end))
  const last = spans.at(-1)
  // The last one may run into windows that begin after these days.
  for (let begin = end; last?.until && last.until >= begin; begin += stretchMs) {
    if (begin > from + lookAheadMs) last.until = null
    else extend(last, windowsBetween(rule, begin, begin + stretchMs))
  }
  return spans
}

function extend(last: Span, windows: readonly Span[]): void {
  for (const { from, until } of windows)
    if (last.until !== null && until !== null && from <= last.until) last.until = Math.max(last.until, until)
}

function merge(windows: readonly Span[]): Span[] {
  const spans: Span[] = []
  for (const window of windows) {
    const last = spans.at(-1)
    if (last?.until && window.until && window.from <= last.until)
      last.until = Math.max(last.until, window.until)
    else spans.push({ ...window })
  }
  return spans
}

/** The rule on a calendar without a zone: days are counted there, and only their times mapped to moments. */
function floating({ rrule, start, starts_on }: FreezeRule): RRuleTemporal {
  const dtstart = `${starts_on.replaceAll('-', '')}T${start.replace(':', '')}00Z`
  const parts = rrule.split(';').filter((part) => !part.startsWith('UNTIL='))
  return new RRuleTemporal({
    rruleString: `DTSTART:${dtstart}\nRRULE:${parts.join(';')}`,
    cache: false,
    ...cost,
  })
}

/** A local time that daylight saving skips takes the offset before the gap, one that comes twice is the first (RFC 5545 3.3.5). */
function startOf({ time_zone }: FreezeRule, local: Temporal.PlainDateTime): number {
  return local.toZonedDateTime(time_zone, { disambiguation: 'compatible' }).epochMilliseconds
}

/** UNTIL bounds when a window may begin, its last day or moment included. */
function lastStart({ rrule, time_zone }: FreezeRule): number {
  const parts = readRule(rrule)
  const until = typeof parts === 'string' ? undefined : parts.get('UNTIL')
  if (!until) return Infinity
  if (until.endsWith('Z')) return Temporal.Instant.from(until).epochMilliseconds
  const day = Temporal.PlainDate.from(until)
  return day.add({ days: 1 }).toZonedDateTime(time_zone).epochMilliseconds - 1
}
