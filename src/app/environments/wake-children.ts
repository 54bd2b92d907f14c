import { isRequired } from '#store/environment.ts'
import { transact, type Context } from '../context.ts'

/** What was deployed here may be what somebody waits for who takes only what is proven here. */
export async function wakeChildren(ctx: Context, environmentId: string): Promise<void> {
  if (!(await isRequired(ctx.db, environmentId))) return
  await transact(ctx, async (unit) => unit.wake({ name: 'admit-deployments', data: {} }))
}
