import { v7 } from 'uuid'
import { systemActor } from '#domain/events.ts'
import type { Db } from '#store/database.ts'
import { insertEvents, type StampedEvent } from '#store/event.ts'

/** An event with every column filled, told from others by `n`. */
export function eventOf(n: number): StampedEvent {
  return {
    id: v7(),
    at: new Date(Date.UTC(2026, 0, 1, 0, 0, n)),
    kind: 'release.updated',
    project_id: v7(),
    environment_id: v7(),
    subject_id: v7(),
    actor: { ...systemActor, name: `nº ${n} “quoted” \u2028` },
    reason: `because ${n}`,
    data: { n, nested: { list: [n, null, 'x'], float: n / 3, big: 1e21 } },
  }
}

export function eventsOf(count: number, from = 0): StampedEvent[] {
  return Array.from({ length: count }, (_, index) => eventOf(from + index))
}

export async function writeEvents(db: Db, count: number, from = 0): Promise<string[]> {
  const events = eventsOf(count, from)
  await insertEvents(db, events)
  return events.map(({ id }) => id)
}
