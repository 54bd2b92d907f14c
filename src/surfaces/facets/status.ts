import type { Part, Standing } from '#app/infra/tell-releases.ts'
import { states, type DeploymentState } from '#domain/lifecycle.ts'
import type { StatusWord } from './words.ts'

/** The vendor's word for each state (sections 1 and 2.7): only those that the client of 2025 knows. */
const words: Record<DeploymentState, StatusWord> = {
  requested: 'QUEUED',
  queued: 'QUEUED',
  planning: 'IN_PROGRESS',
  awaiting_approval: 'PENDING_APPROVAL',
  applying: 'IN_PROGRESS',
  canceling: 'IN_PROGRESS',
  // No failure: Terraform found no difference.
  unchanged: 'FAULT',
  succeeded: 'SUCCEEDED',
  partly_succeeded: 'FAILED',
  failed: 'FAILED',
  invalid: 'INVALID',
  expired: 'TIMED_OUT',
  rejected: 'REJECTED',
  // ABORTED would be the word of 2026, which the client of 2025 refuses.
  canceled: 'STOPPED',
  planned: 'SUCCEEDED',
}

/**
 * What is next in its turn is as good as in progress: clients poll from then on, and some take no other word from what
 * they asked for (section 2.7). What was asked for and agreed to is over: Bot does the rest.
 */
export function statusWord({ state, part, timed_out, next }: Standing): StatusWord {
  if (part === 'asked') return 'APPROVED'
  if (state === 'queued' && next) return 'IN_PROGRESS'
  if (state === 'failed' && timed_out) return 'TIMED_OUT'
  return words[state]
}

const parts: readonly Part[] = ['whole', 'asked', 'done']
const either = [false, true] as const

/** All that a release can stand like, and what each is called. */
const standings: readonly (Standing & { word: StatusWord })[] = states.flatMap((state) =>
  parts.flatMap((part) =>
    either.flatMap((timed_out) =>
      either.map((next) => {
        const standing = { state, part, timed_out, next }
        return { ...standing, word: statusWord(standing) }
      }),
    ),
  ),
)

/** How a release stands that is called by one of these words; by none of `but`. */
export function standingsOf(wanted: readonly string[], but: readonly string[] = []): Standing[] {
  return standings
    .filter(({ word }) => (wanted.length === 0 || wanted.includes(word)) && !but.includes(word))
    .map(({ word: _word, ...standing }) => standing)
}

/** Those that are over. */
export const ended: readonly StatusWord[] = [
  'SUCCEEDED',
  'FAILED',
  'FAULT',
  'TIMED_OUT',
  'STOPPED',
  'INVALID',
  'APPROVED',
  'REJECTED',
]
