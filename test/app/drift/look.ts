import type { Drift } from '#api/drift.ts'
import type { Run } from '#api/run.ts'
import type { EventKind } from '#domain/events.ts'
import { until } from '../../code-house.ts'
import type { InfraHouse, Platform } from '../../infra-house.ts'

/** Waits until a run is over, however. */
export function runOver({ client }: InfraHouse, id: string): Promise<Run> {
  return until(
    () => client.getRun(id),
    ({ state }) => ['succeeded', 'failed', 'canceled'].includes(state),
    `the end of run ${id}`,
  )
}

/** Looks for drift, as the releaser, and says how the environment stands then. */
export async function look(house: InfraHouse, { project }: Platform, environment: string): Promise<Drift> {
  const { id } = await house.clients.releaser.checkDrift(project.key, environment)
  const run = await runOver(house, id)
  if (run.state !== 'succeeded') throw new Error(`the look ${run.state}: ${run.failure_detail}`)
  return house.clients.viewer.getDrift(project.key, environment)
}

/** What drifted: item, address of the thing in it, action, and the attributes that are not ignored. */
export function drifted({
  items,
}: Pick<Drift, 'items'>): [item: string, action: string, attributes: string[]][] {
  return items.map(({ item, action, attributes }) => [
    item,
    action,
    attributes.filter(({ ignored }) => !ignored).map(({ attribute }) => attribute),
  ])
}

/** How often things happened in a project. */
export async function countEvents(
  { ctx }: InfraHouse,
  { project }: Platform,
  kind: EventKind,
): Promise<number> {
  const rows = await ctx.db
    .selectFrom('event')
    .select('id')
    .where('project_id', '=', project.id)
    .where('kind', '=', kind)
    .execute()
  return rows.length
}
