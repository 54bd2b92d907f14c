export type ReleaseAction = 'edit' | 'lock' | 'unlock' | 'clone' | 'remove'

/** What can be asked of a release under this lock. Whether the asker may is another question. */
export function releaseActions(lock: 'user' | 'deployment' | null): ReleaseAction[] {
  return lock === null ? ['edit', 'lock', 'clone', 'remove'] : ['unlock', 'clone', 'remove']
}
