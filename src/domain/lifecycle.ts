/**
 * The life of a deployment as one table of arrows. The states, the CHECK constraint, the tests of present and
 * missing arrows, the diagram in docs, `allowed_actions` and every vendor's status words come from here.
 */
export const arrows = [
  ['requested', 'admitted', 'queued'],
  ['requested', 'invalid', 'invalid'],
  ['requested', 'missed', 'expired'],
  ['requested', 'done_at_once', 'succeeded'],
  ['queued', 'started', 'planning'],
  ['planning', 'no_change', 'unchanged'],
  ['planning', 'planned_dry', 'planned'],
  ['planning', 'planned', 'applying'],
  ['planning', 'needs_approval', 'awaiting_approval'],
  ['planning', 'lost', 'queued'],
  ['awaiting_approval', 'approved', 'applying'],
  ['awaiting_approval', 'rejected', 'rejected'],
  ['awaiting_approval', 'timed_out', 'expired'],
  ['applying', 'finished', 'succeeded'],
  ['applying', 'finished_in_part', 'partly_succeeded'],
  ['applying', 'broke', 'failed'],
  ['applying', 'lost_repeatable', 'queued'],
  ['applying', 'lost_for_good', 'failed'],
  ['requested', 'cancel', 'canceled'],
  ['queued', 'cancel', 'canceled'],
  ['awaiting_approval', 'cancel', 'canceled'],
  ['planning', 'cancel', 'canceling'],
  ['applying', 'cancel', 'canceling'],
  ['canceling', 'stopped', 'canceled'],
  ['canceling', 'lost', 'canceled'],
  ['canceling', 'too_late', 'succeeded'],
  ['canceling', 'too_late_broke', 'failed'],
] as const

export type Arrow = (typeof arrows)[number]
export type DeploymentState = Arrow[0] | Arrow[2]
export type DeploymentTrigger = Arrow[1]

/** Every state, in the order in which the table first names it. */
export const states: readonly DeploymentState[] = [...new Set(arrows.flatMap(([from, , to]) => [from, to]))]

/** States with no way out. */
export const finalStates: readonly DeploymentState[] = states.filter(
  (state) => !arrows.some(([from]) => from === state),
)

/** States of which an environment holds one at a time. */
export const runningStates = ['planning', 'awaiting_approval', 'applying', 'canceling'] as const

const table = new Map<string, DeploymentState>(arrows.map(([from, on, to]) => [`${from} ${on}`, to]))

/** Where `on` leads from `from`, or undefined when there is no such arrow. */
export function follow(from: DeploymentState, on: DeploymentTrigger): DeploymentState | undefined {
  return table.get(`${from} ${on}`)
}

export function isFinal(state: DeploymentState): boolean {
  return finalStates.includes(state)
}

/** What people can do to a deployment. Each is an arrow that only people set off. */
const peoplesTriggers = { approved: 'approve', rejected: 'reject', cancel: 'cancel' } as const

export type DeploymentAction =
  | (typeof peoplesTriggers)[keyof typeof peoplesTriggers]
  | 'override'
  | 'roll_back'
  | 'retry'

/** What there is of a deployment beside its state: what it left behind, or what it waits for. */
export interface Remains {
  /** Items of which nobody knows how far it came with them. */
  uncertain?: boolean
  /** It was to apply a plan that was not true any more: to be planned anew, not tried again. */
  stale?: boolean
  /** It waits for its time, and has a plan that somebody can agree to meanwhile. */
  planned?: boolean
  /** A gate is shut that can be set aside. */
  shut?: boolean
}

/** What can be asked of a deployment in this state. Whether the asker may is another question. */
export function allowedActions(
  state: DeploymentState,
  { uncertain = false, stale = false, planned = false, shut = false }: Remains = {},
): DeploymentAction[] {
  const actions: DeploymentAction[] = []
  for (const [trigger, action] of Object.entries(peoplesTriggers)) {
    if (follow(state, trigger as DeploymentTrigger)) actions.push(action)
  }
  if (state === 'requested' && planned) actions.unshift('approve')
  if (shut && !isFinal(state)) actions.push('override')
  const inDoubt = uncertain && (state === 'failed' || state === 'canceled')
  if (state === 'succeeded' || state === 'partly_succeeded' || inDoubt) actions.push('roll_back')
  if ((state === 'failed' && !stale) || state === 'partly_succeeded' || inDoubt) actions.push('retry')
  return actions
}
