import { findDeployment } from '#store/deployment.ts'
import { findLog } from '#store/log.ts'
import type { Context, Unit } from '../context.ts'
import { appendLog } from './append-log.ts'
import { deriveLines } from './derive-lines.ts'

/** From here on the log of a deployment has lines of its own; they come after those that its row told so far. */
export async function beginLog(
  ctx: Pick<Context, 'newId' | 'now'>,
  { tx }: Pick<Unit, 'tx'>,
  deployment_id: string,
): Promise<void> {
  const row = (await findLog(tx, deployment_id)) ? undefined : await findDeployment(tx, deployment_id)
  if (row) await appendLog(ctx, tx, { deployment_id }, deriveLines(row))
}
