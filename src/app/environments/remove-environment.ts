import { removeEnvironment as remove } from '#store/environment.ts'
import { removeExternalIdsOf } from '#store/external-id.ts'
import { listSealedBlobs } from '#store/infra-state-version.ts'
import { authorize } from '../authorize.ts'
import { removeUnusedBlobs } from '../blobs/remove-unused-blobs.ts'
import { transact, type Context } from '../context.ts'
import { getEnvironment } from './get-environment.ts'
import { holdEnvironment } from './hold-environment.ts'

/** Removes an environment with its deployments and what is live in it; its events stay. Throws `not_found`, `version_conflict`. */
export async function removeEnvironment(
  ctx: Context,
  { project_id, environment_id, version }: { project_id: string; environment_id: string; version?: number },
): Promise<void> {
  authorize(ctx, 'environment.admin', { project_id })
  const { name } = await getEnvironment(ctx, { project_id, environment_id })
  const sealed = await transact(ctx, async (unit) => {
    if (version !== undefined) await holdEnvironment(unit.tx, { project_id, environment_id }, version)
    const digests = await listSealedBlobs(unit.tx, { project_id, environment_id })
    await removeExternalIdsOf(unit.tx, [environment_id])
    await remove(unit.tx, environment_id)
    unit.record({ kind: 'environment.removed', project_id, environment_id, data: { name } })
    return digests
  })
  await removeUnusedBlobs(ctx, sealed)
}
