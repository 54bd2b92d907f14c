import { invalidField } from '#domain/errors.ts'
import { lockInfraState, updateInfraState } from '#store/infra-state.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { getEnvironment } from '../environments/get-environment.ts'

/**
 * Says that the state which a release could not post is not wanted: what it has made is known to nobody from here on,
 * and the next release plans without it. Throws `invalid` where none of that digest is missing, `forbidden`.
 */
export async function setAsideUnposted(
  ctx: Context,
  { project_id, environment_id, blob }: { project_id: string; environment_id: string; blob: string },
): Promise<void> {
  authorize(ctx, 'state.write', { project_id, environment_id })
  await getEnvironment(ctx, { project_id, environment_id })
  await transact(ctx, async ({ tx, record }) => {
    const row = await lockInfraState(tx, environment_id, ctx.now())
    if (row.unposted_blob !== blob)
      throw invalidField('blob', 'invalid', 'names no state that is missing here')
    await updateInfraState(tx, environment_id, { unposted_blob: null })
    record({ kind: 'state.set_aside', project_id, environment_id, data: { blob } })
  })
}
