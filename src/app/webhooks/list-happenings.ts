import type { Db } from '#store/database.ts'
import { listToldDeployments, listToldEvents } from '#store/webhook-told.ts'
import type { Happening } from './message-format.ts'

/** Events by their ids, with the deployment that each is about, in two statements. What is kept no more is missing. */
export async function listHappenings(db: Db, eventIds: readonly string[]): Promise<Map<string, Happening>> {
  const events = eventIds.length > 0 ? await listToldEvents(db, [...new Set(eventIds)]) : []
  const about = events.flatMap(({ kind, subject_id }) =>
    kind.startsWith('deployment.') && subject_id !== null ? [subject_id] : [],
  )
  const deployments = about.length > 0 ? await listToldDeployments(db, [...new Set(about)]) : []
  const byId = new Map(deployments.map((deployment) => [deployment.id, deployment]))
  return new Map(
    events.map((event) => [event.id, { event, deployment: byId.get(event.subject_id ?? '') }] as const),
  )
}
