/**
 * The life of a release candidate as a table of arrows. Until it has a commit it is a number that is reserved; from
 * `building` on it is a revision; only `ready` ones are deployed.
 */
export const candidateArrows = [
  ['picking', 'picked', 'ready'],
  ['picking', 'picked_to_build', 'building'],
  ['picking', 'clashed', 'conflicted'],
  ['picking', 'nothing_new', 'dropped'],
  ['picking', 'broke', 'pick_failed'],
  ['pick_failed', 'pick_again', 'picking'],
  ['pick_failed', 'dropped', 'dropped'],
  ['conflicted', 'resolved', 'ready'],
  ['conflicted', 'resolved_to_build', 'building'],
  ['conflicted', 'dropped', 'dropped'],
  ['building', 'built', 'ready'],
  ['building', 'broke', 'build_failed'],
  ['build_failed', 'build_again', 'building'],
  ['ready', 'build_again', 'building'],
] as const

export type CandidateArrow = (typeof candidateArrows)[number]
export type CandidateState = CandidateArrow[0] | CandidateArrow[2]
export type CandidateTrigger = CandidateArrow[1]

/** Every state, in the order in which the table first names it. */
export const candidateStates: readonly CandidateState[] = [
  ...new Set(candidateArrows.flatMap(([from, , to]) => [from, to])),
]

const table = new Map<string, CandidateState>(candidateArrows.map(([from, on, to]) => [`${from} ${on}`, to]))

/** Where `on` leads from `from`, or undefined when there is no such arrow. */
export function followCandidate(from: CandidateState, on: CandidateTrigger): CandidateState | undefined {
  return table.get(`${from} ${on}`)
}
