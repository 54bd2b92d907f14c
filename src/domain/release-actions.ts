export type ReleaseAction = 'edit' | 'lock' | 'unlock' | 'clone' | 'remove'

/** What can be asked of a release under this lock. Whether the asker may is another question. */
export function releaseActions(lock: 'user' | 'deployment' | null): ReleaseAction[] {
  if (lock === null) return ['edit', 'lock', 'clone', 'remove']
  // The lock that a deployment left is no gate: a user can make it one.
  return lock === 'user' ? ['unlock', 'clone', 'remove'] : ['lock', 'unlock', 'clone', 'remove']
}
