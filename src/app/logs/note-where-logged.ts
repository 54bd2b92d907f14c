import { findLog } from '#store/log.ts'
import type { Context, Unit } from '../context.ts'
import { noteInLog } from './append-log.ts'

/**
 * A line of the engine's own in the log of a deployment that has one; where nobody said anything yet, its row says it all.
 * `last`: nothing comes after it.
 */
export async function noteWhereLogged(
  ctx: Pick<Context, 'newId' | 'now'>,
  unit: Unit,
  deployment_id: string,
  text: string,
  { last = false }: { last?: boolean } = {},
): Promise<void> {
  if (!(await findLog(unit.tx, deployment_id))) return
  await noteInLog(ctx, unit.tx, { deployment_id }, text)
  if (last) unit.wake({ name: 'pack-log', data: { log_id: deployment_id } })
}
