import { DomainError } from '#domain/errors.ts'
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

/**
 * What happened, newest first. Most events belong to no environment and no branch, or do not say to which: a token
 * that is bound to some is refused. Throws `forbidden`.
 */
export async function listEvents(ctx: Context, { limit, before, ...filter }: EventPage): Promise<Event[]> {
  authorize(ctx, 'event.read', { project_id: filter.project_id ?? null })
  if (ctx.principal?.environment_ids || ctx.principal?.branches) {
    const detail = `${ctx.principal.name} is bound to environments or branches, and events are of all.`
    throw new DomainError('forbidden', { action: 'event.read', detail })
  }
  return rows(ctx.db, filter, { limit, before })
}
