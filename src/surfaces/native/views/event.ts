import type { Event } from '#api/event.ts'
import type { listEvents } from '#app/events/list-events.ts'
import { showId } from '#domain/ids.ts'
import { shown } from './shown.ts'

type EventRow = Awaited<ReturnType<typeof listEvents>>[number]

export function viewEvent({
  id,
  at,
  kind,
  project_id,
  environment_id,
  subject_id,
  actor,
  reason,
  data,
}: EventRow): Event {
  return {
    ...{ id: showId('event', id), at: at.toISOString(), kind, subject_id, reason, data },
    ...{ project_id: shown('project', project_id), environment_id: shown('environment', environment_id) },
    actor: { ...actor, user_id: shown('user', actor.user_id), token_id: shown('token', actor.token_id) },
  }
}
