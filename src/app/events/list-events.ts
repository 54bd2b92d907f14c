import { DomainError } from '#domain/errors.ts'
import { eventSight, type WantedEvents } from '#domain/event-sight.ts'
import type { EventKind } from '#domain/events.ts'
import { listEvents as rows, type Event } from '#store/event.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

export interface EventFilter {
  /** Left out, events of every project that the caller may see, and of the instance where they may. */
  project_id?: string
  environment_id?: string
  subject_id?: string
  kind?: EventKind
}

export interface EventPage extends EventFilter {
  limit: number
  /** The ordinal of the last one seen. */
  before?: number
}

/** What happened, newest first, as far as the caller may see it. Throws `forbidden`. */
export async function listEvents(ctx: Context, { limit, before, ...filter }: EventPage): Promise<Event[]> {
  return rows(ctx.db, wantedEvents(ctx, filter), { limit, before })
}

/**
 * What the caller may see of what they ask for. A token that is bound to environments sees what happened in them; one
 * that is bound to branches, what says that it is of them. Throws `forbidden`.
 */
export function wantedEvents(ctx: Context, filter: EventFilter): WantedEvents {
  const { project_id, environment_id, subject_id, kind } = filter
  if (project_id !== undefined) authorize(ctx, 'event.read', { project_id, environment_id })
  const sight = eventSight(ctx.principal)
  if (!sight) {
    const detail = `${ctx.principal?.name} may not read events.`
    throw new DomainError('forbidden', { action: 'event.read', detail })
  }
  return {
    ...sight,
    ...(project_id === undefined ? {} : { project_ids: [project_id] }),
    ...{ environment_id, subject_id, kinds: kind && [kind] },
  }
}
