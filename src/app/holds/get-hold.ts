import { listOpenHolds, type NamedHold } from '#store/hold.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getEnvironment } from '../environments/get-environment.ts'

/** The hold on an environment, undefined where nothing holds it. Throws `not_found` without the environment. */
export async function getHold(
  ctx: Context,
  { project_id, environment_id }: { project_id: string; environment_id: string },
): Promise<NamedHold | undefined> {
  await getEnvironment(ctx, { project_id, environment_id })
  authorize(ctx, 'deployment.read', { project_id, environment_id })
  const [hold] = await listOpenHolds(ctx.db, [environment_id])
  return hold
}
