import type { EventKind } from '#domain/events.ts'
import { listEvents as rows, type Event } from '#store/event.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

export interface EventPage {
  /** Left out, events of the whole instance. */
  project_id?: string
  subject_id?: string
  kind?: EventKind
  limit: number
  /** The ordinal of the last one seen. */
  before?: number
}

/** What happened, newest first. */
export async function listEvents(ctx: Context, { limit, before, ...filter }: EventPage): Promise<Event[]> {
  authorize(ctx, 'event.read', { project_id: filter.project_id ?? null })
  return rows(ctx.db, filter, { limit, before })
}
