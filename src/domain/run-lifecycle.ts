/** The life of a run: an invocation of an executor that is no deployment. A table of arrows, as for deployments. */
export const runArrows = [
  ['queued', 'started', 'running'],
  ['queued', 'cancel', 'canceled'],
  ['running', 'finished', 'succeeded'],
  ['running', 'broke', 'failed'],
  ['running', 'lost_repeatable', 'queued'],
  ['running', 'lost_for_good', 'failed'],
  ['running', 'cancel', 'canceling'],
  ['canceling', 'stopped', 'canceled'],
  ['canceling', 'lost', 'canceled'],
  ['canceling', 'too_late', 'succeeded'],
  ['canceling', 'too_late_broke', 'failed'],
] as const

export type RunArrow = (typeof runArrows)[number]
export type RunState = RunArrow[0] | RunArrow[2]
export type RunTrigger = RunArrow[1]

/** Every state, in the order in which the table first names it. */
export const runStates: readonly RunState[] = [...new Set(runArrows.flatMap(([from, , to]) => [from, to]))]

export const finalRunStates: readonly RunState[] = runStates.filter(
  (state) => !runArrows.some(([from]) => from === state),
)

const table = new Map<string, RunState>(runArrows.map(([from, on, to]) => [`${from} ${on}`, to]))

/** Where `on` leads from `from`, or undefined when there is no such arrow. */
export function followRun(from: RunState, on: RunTrigger): RunState | undefined {
  return table.get(`${from} ${on}`)
}

export function isFinalRun(state: RunState): boolean {
  return finalRunStates.includes(state)
}

/** What people can do to a run in this state. */
export function allowedRunActions(state: RunState): 'cancel'[] {
  return followRun(state, 'cancel') ? ['cancel'] : []
}

/** Builds and picks belong to code, flow runs to data, drift checks to infra; a check tries out any executor. */
export const runKinds = ['build', 'flow', 'drift', 'pick', 'check'] as const
export type RunKind = (typeof runKinds)[number]
