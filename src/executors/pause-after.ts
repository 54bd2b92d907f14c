import type { Interlude } from './contract.ts'

const pauses = [5, 15, 30, 60, 120, 300]
const longestPause = 3600

/**
 * How many seconds are waited after having been refused for now so many times before, where the outside does not say
 * how many (`said`).
 */
export function secondsAfter(tries: number, said: number | undefined): number {
  const seconds = said ?? pauses[Math.min(tries, pauses.length - 1)]!
  return Math.min(Math.max(seconds, 1), longestPause)
}

/** Refused for now: tried again later, until its time is over. */
export function pauseAfter(tries: number, said: number | undefined): Interlude {
  return { state: 'pausing', seconds: secondsAfter(tries, said) }
}
