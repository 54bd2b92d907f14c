/** Who wants a deployment. What no person asked for by hand is automation's, in one way or another. */
export type Cause = 'person' | 'schedule' | 'agent' | 'automation'

/** Set on an environment by a rollback: what it was rolled back from is not to come back by itself. */
export interface Hold {
  id: string
  reason: string | null
  set_by: string | null
  created_at: Date
}

/**
 * The revisions that a hold names after a rollback. `chain` begins with the revision that is rolled back, followed by
 * the one which that had put back, if it was a rollback itself, and so on. Putting back the first brings back the
 * second and takes away the third again.
 */
export function renameHold(named: readonly string[], chain: readonly string[]): string[] {
  const gone = chain.filter((_, position) => position % 2 === 0)
  const back = chain.filter((id, position) => position % 2 === 1 && !gone.includes(id))
  return [...new Set([...named.filter((id) => !back.includes(id)), ...gone])]
}

/** A rollback that named a hold, and the revisions that it went through, as `renameHold` reads them. */
export interface Naming {
  /** Null: nobody remembers. */
  deployment_id: string | null
  chain: string[]
}

/** The revisions that a hold names after these rollbacks, one after the other. */
export function namedBy(namings: readonly Naming[]): string[] {
  return namings.reduce<string[]>((named, { chain }) => renameHold(named, chain), [])
}

/** A time that has passed means now: whoever names one asks by hand. */
export function isAhead(due: Date | undefined, now: Date): boolean {
  return due !== undefined && due > now
}

export function causeOf(asked: {
  principal: { kind: 'user' | 'service' | 'agent' } | null
  scheduled: boolean
}): Cause {
  if (asked.principal === null) return 'automation'
  if (asked.principal.kind === 'agent') return 'agent'
  return asked.scheduled ? 'schedule' : 'person'
}
