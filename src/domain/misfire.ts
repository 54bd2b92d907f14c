/** What to do with a schedule whose time passed while it could not start. */
export type MisfirePolicy = { policy: 'run'; late_by_at_most_seconds: number | null } | { policy: 'skip' }

/** Started within this many seconds of its time, a deployment is on time under any policy. */
export const graceSeconds = 60

/** Whether a deployment due at `due` may still be admitted at `now`, or has missed its time. */
export function misfired(policy: MisfirePolicy, due: Date, now: Date): boolean {
  const lateSeconds = (now.getTime() - due.getTime()) / 1000
  if (lateSeconds <= graceSeconds) return false
  if (policy.policy === 'skip') return true
  return policy.late_by_at_most_seconds !== null && lateSeconds > policy.late_by_at_most_seconds
}
