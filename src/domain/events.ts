import type { Principal } from './principal.ts'

/** The names of what can happen. Past tense, subject first. */
export const eventKinds = [
  'project.created',
  'project.updated',
  'project.removed',
  'environment.created',
  'environment.updated',
  'environment.removed',
  'user.created',
  'user.updated',
  'user.signed_in',
  'user.signed_out',
  'user.sessions_ended',
  'token.created',
  'token.updated',
  'token.removed',
  'configuration.applied',
  'webhook.created',
  'webhook.updated',
  'webhook.removed',
  'webhook.secret_rotated',
  'webhook.disabled',
  'webhook.pinged',
  'webhook.replayed',
  'backup.made',
  'backup.restored',
  'history.pruned',
  'release.created',
  'release.updated',
  'release.removed',
  'release.locked',
  'release.unlocked',
  'release.items_added',
  'release.items_removed',
  'release.items_updated',
  'deployment.requested',
  'deployment.queued',
  'deployment.started',
  'deployment.planned',
  'deployment.awaiting_approval',
  'deployment.approved',
  'deployment.rejected',
  'approval.given',
  'freeze.set',
  'freeze.lifted',
  'hold.set',
  'hold.released',
  'gate.overridden',
  'deployment.requeued',
  'deployment.cancel_requested',
  'deployment.unchanged',
  'deployment.succeeded',
  'deployment.partly_succeeded',
  'deployment.failed',
  'deployment.canceled',
  'deployment.expired',
  'deployment.invalid',
  'deployment.reported',
  'deployment.reported_despite',
  'run.requested',
  'run.started',
  'run.requeued',
  'run.cancel_requested',
  'run.succeeded',
  'run.failed',
  'run.canceled',
  'content_type.created',
  'content_type.updated',
  'content_type.removed',
  'locale.created',
  'locale.updated',
  'locale.removed',
  'branch.created',
  'branch.removed',
  'branch_alias.set',
  'branch_alias.removed',
  'entry.created',
  'entry.updated',
  'entry.removed',
  'asset.created',
  'asset.updated',
  'asset.removed',
  'content.imported',
  'repository.created',
  'repository.updated',
  'candidate.cut',
  'candidate.ready',
  'candidate.build_failed',
  'candidate.pick_requested',
  'candidate.picked',
  'candidate.conflicted',
  'candidate.pick_failed',
  'candidate.resolved',
  'candidate.dropped',
  'cut.skipped',
  'cut.failed',
  'promotion.skipped',
  'override.set',
  'override.removed',
  'variable.set',
  'variable.removed',
  'artifact.registered',
  'state.written',
  'state.removed',
  'state.unlocked',
  'state.set_aside',
  'drift.found',
  'drift.cleared',
  'drift.ignored',
  'drift.ignore_removed',
  'drift.adopted',
  'schedule.created',
  'schedule.updated',
  'schedule.removed',
  'schedule.skipped',
  'deployment.signed_off',
] as const

export type EventKind = (typeof eventKinds)[number]

/** Who did it, as the audit keeps it: ids can go, the name stays. */
export interface Actor {
  kind: Principal['kind'] | 'system'
  user_id: string | null
  token_id: string | null
  name: string
}

/** An event before it is written. */
export interface NewEvent {
  kind: EventKind
  project_id?: string | null
  environment_id?: string | null
  subject_id?: string | null
  reason?: string | null
  data?: Record<string, unknown>
}

/** Headgate itself, when no one asked. */
export const systemActor: Actor = { kind: 'system', user_id: null, token_id: null, name: 'headgate' }

export function actorOf({ kind, user_id, token_id, name }: Principal): Actor {
  return { kind, user_id, token_id, name }
}
