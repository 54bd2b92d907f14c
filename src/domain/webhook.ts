import { eventKinds, type EventKind } from './events.ts'
import { finalStates } from './lifecycle.ts'

/** The one event of a deployment that has ended, however it did. */
export const coalesced = 'deployment.finished'

const isEventKind = (kind: string): kind is EventKind => (eventKinds as readonly string[]).includes(kind)

/** The events that tell of an end, each of itself. A plan is an end for a dry run only, and has to be looked up. */
export const finishedKinds: readonly EventKind[] = finalStates
  .map((state) => `deployment.${state}`)
  .filter(isEventKind)
  .filter((kind) => kind !== 'deployment.planned')

/** What a webhook can ask for: a kind of event, all of a noun (`release.*`), `deployment.finished`, or `*` for everything. */
export function isWebhookKind(kind: string): boolean {
  if (kind === '*' || kind === coalesced || isEventKind(kind)) return true
  return kind.endsWith('.*') && eventKinds.some((one) => one.startsWith(kind.slice(0, -1)))
}

/**
 * What an event is called in a message: an end is `deployment.finished` where that was asked for. One event is one
 * message, whatever else asks for it.
 */
export function messageType(kinds: readonly string[], kind: EventKind, ends: boolean): string {
  return ends && kinds.includes(coalesced) ? coalesced : kind
}

const second = 1
const minute = 60 * second
const hour = 60 * minute

/** After the first attempt, how long to wait for each of the others: a day and a half hour in all. */
const pauses = [5 * second, minute, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 8 * hour, 9 * hour]

/** A round of attempts never goes on longer than this, whatever a receiver asks for. */
const mostSeconds = 36 * hour

export interface FailedAttempt {
  /** Attempts of this round, this one included. */
  tries: number
  at: Date
  /** When the round began. */
  round_at: Date
  /** What the receiver asked for. */
  retry_after_seconds?: number | undefined
  /** Spreads the attempts of many deliveries: a number from 0 to 1 that is its own. */
  spread: number
}

/** When to try again; undefined: that was the last time. A receiver can ask for later, not for sooner. */
export function nextAttemptAt({
  tries,
  at,
  round_at,
  retry_after_seconds,
  spread,
}: FailedAttempt): Date | undefined {
  const pause = pauses[tries - 1]
  if (pause === undefined) return undefined
  const seconds = Math.max(pause * (0.9 + 0.2 * spread), retry_after_seconds ?? 0)
  const next = new Date(at.getTime() + seconds * 1000)
  const last = new Date(round_at.getTime() + mostSeconds * 1000)
  return next <= last ? next : at < last ? last : undefined
}

/** How a receiver's answer counts: any 2xx took it, 410 wants no more, everything else is to be tried again. */
export function verdictOf(status: number | null): 'delivered' | 'gone' | 'failed' {
  if (status === null) return 'failed'
  if (status >= 200 && status < 300) return 'delivered'
  return status === 410 ? 'gone' : 'failed'
}

/** How long the old secret signs too, when it is replaced. */
export const rotationHours = { usual: 24, most: 24 * 30 }
