import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Actor } from './events.ts'

/** What of an event its seal vouches for: all that anybody is ever shown of it. */
export interface SealableEvent {
  ordinal: number
  id: string
  at: Date
  kind: string
  project_id: string | null
  environment_id: string | null
  subject_id: string | null
  actor: Actor
  reason: string | null
  data: unknown
}

/** Stands before the first event. */
export const chainStart: Uint8Array = new Uint8Array(32)

/**
 * The next link: SHA-256 of the hash before it and the event's canonical JSON (RFC 8785). Whoever knows a later
 * hash can tell whether anything before it was changed, moved, added or taken out.
 */
export function nextHash(previous: Uint8Array, event: SealableEvent): Buffer {
  const { ordinal, id, at, kind, project_id, environment_id, subject_id, actor, reason, data } = event
  const said = { ordinal, id, at, kind, project_id, environment_id, subject_id, actor, reason, data }
  return createHash('sha256')
    .update(previous)
    .update(canonicalize(said) as string)
    .digest()
}
