import { isFinal } from '#domain/lifecycle.ts'
import type { DeploymentRow } from '#store/deployment.ts'
import type { LogText } from '#store/log.ts'

type Facts = Pick<
  DeploymentRow,
  'state' | 'requested_at' | 'queued_at' | 'started_at' | 'finished_at' | 'failure_detail' | 'counts'
>

/**
 * What a deployment's own row tells, as lines: all there is of one that touched our store alone, and the beginning of
 * what others say. A line that is there stays, so that its position does.
 */
export function deriveLines(row: Facts): LogText[] {
  const { state, requested_at, queued_at, started_at, finished_at } = row
  const lines: [Date | null, string][] = [
    [requested_at, 'requested'],
    [queued_at, 'queued'],
    [started_at, 'planning'],
  ]
  if (isFinal(state)) lines.push([finished_at ?? requested_at, ending(row)])
  return lines.flatMap(([at, text]) => (at ? [{ at, stream: 'engine' as const, text }] : []))
}

function ending({ state, failure_detail, counts }: Facts): string {
  const said = failure_detail ? `: ${failure_detail}` : ''
  return `${state.replaceAll('_', ' ')}${said}${countsOf(counts)}`
}

export function countsOf(counts: { readonly [word: string]: number }): string {
  const words = Object.entries(counts).flatMap(([word, count]) => (count > 0 ? [`${count} ${word}`] : []))
  return words.length === 0 ? '' : ` (${words.join(', ')})`
}
