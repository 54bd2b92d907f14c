/** Every `releaseType` of the vendor (section 1). */
export const releaseTypes = [
  'HOTFIX',
  'RELEASE',
  'LAUNCH',
  'DESTROY',
  'CUSTOM',
  'UNLOCK_STATE',
  'PLAN',
  'HOTFIX_PLAN',
  'APPLY_PLAN',
  'APPLY_HOTFIX_PLAN',
  'SCALE_UP',
  'SCALE_DOWN',
  'MAINTENANCE',
  'TERRAFORM_EXPORT',
  'ROLLBACK_PLAN',
  'APPLY_ROLLBACK_PLAN',
  'PLAN_AND_APPLY',
  'HOTFIX_PLAN_AND_APPLY',
  'IMPORT_RELEASE',
] as const
export type ReleaseType = (typeof releaseTypes)[number]

/** The words of 2025, which every client takes: newer ones make the vendor's own break (section 2.7). */
export const statusWords = [
  'SUCCEEDED',
  'FAILED',
  'FAULT',
  'TIMED_OUT',
  'IN_PROGRESS',
  'STOPPED',
  'INVALID',
  'STARTED',
  'UNKNOWN',
  'QUEUED',
  'PENDING_APPROVAL',
  'APPROVED',
  'REJECTED',
] as const
export type StatusWord = (typeof statusWords)[number]

/** All that a client may ask for, also where nothing here is ever called so. */
export const askedStatusWords = [...statusWords, 'ABORTED', 'SUPERSEDED'] as const

export const clusterStates = [
  'STOPPED',
  'RUNNING',
  'LAUNCHING',
  'DESTROYING',
  'LAUNCH_FAILED',
  'DESTROY_FAILED',
  'UNKNOWN',
] as const
export type ClusterState = (typeof clusterStates)[number]

/** Under which the type that a release was asked for as is kept. */
export const typeNote = 'facets/release_type'

/** Under which the id of the release that a plan goes back to is kept. */
export const backNote = 'facets/rollback_of'
