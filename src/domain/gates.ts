/** A reason why a deployment may not start. */
export type GateCode = 'schedule' | 'lock' | 'freeze' | 'hold' | 'parent' | 'approval' | 'busy'

/** A gate that is shut: why, who can open it, and when it opens by itself at the earliest (ISO 8601), if ever. */
export interface Shut {
  code: GateCode
  detail: string
  who: string
  opens_at: string | null
}

export interface GateFacts {
  now: Date
  due_at: Date | null
  release: { name: string; lock: 'user' | 'deployment' | null; locked_by: string | null }
}

type Gate = (facts: GateFacts) => Shut | null

/** Its time has not come. */
const schedule: Gate = ({ now, due_at }) =>
  due_at && due_at > now
    ? {
        code: 'schedule',
        detail: `It is scheduled for ${due_at.toISOString()}.`,
        who: 'whoever requested it can cancel and request it anew',
        opens_at: due_at.toISOString(),
      }
    : null

/** Only a user's lock is a gate; the lock that a deployment leaves behind is not. */
const lock: Gate = ({ release }) =>
  release.lock === 'user'
    ? {
        code: 'lock',
        detail: `Release ${release.name} was locked by ${release.locked_by ?? 'somebody'}.`,
        who: 'an approver or an admin can unlock the release',
        opens_at: null,
      }
    : null

/** In the order in which they are asked; a new gate is a new line. */
const gates: readonly Gate[] = [schedule, lock]

/** Every gate that is shut. An empty list lets the deployment through. */
export function evaluateGates(facts: GateFacts): Shut[] {
  return gates.map((gate) => gate(facts)).filter((shut) => shut !== null)
}

/** The earliest time at which all of them can be open, or null when some open only by somebody's hand. */
export function earliest(blockers: readonly Shut[]): string | null {
  let latest: string | null = null
  for (const { opens_at } of blockers) {
    if (opens_at === null) return null
    if (latest === null || opens_at > latest) latest = opens_at
  }
  return latest
}
