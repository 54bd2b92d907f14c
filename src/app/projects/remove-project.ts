import { removeExternalIdsOfProject } from '#store/external-id.ts'
import { removeProject as remove } from '#store/project.ts'
import { listSealedBlobs } from '#store/infra-state-version.ts'
import { authorize } from '../authorize.ts'
import { removeUnusedBlobs } from '../blobs/remove-unused-blobs.ts'
import { transact, type Context } from '../context.ts'
import { getProject } from './get-project.ts'
import { holdProject } from './hold-project.ts'

/** Removes a project with all that is in it; its events stay. Throws `not_found`, `version_conflict`. */
export async function removeProject(
  ctx: Context,
  { project_id, version }: { project_id: string; version?: number | undefined },
): Promise<void> {
  authorize(ctx, 'project.admin', { project_id })
  const project = await getProject(ctx, { project_id })
  const sealed = await transact(ctx, async (unit) => {
    if (version !== undefined) await holdProject(unit.tx, project_id, version)
    const digests = await listSealedBlobs(unit.tx, { project_id })
    await removeExternalIdsOfProject(unit.tx, project_id)
    await remove(unit.tx, project_id)
    unit.record({ kind: 'project.removed', project_id, data: { key: project.key } })
    return digests
  })
  await removeUnusedBlobs(ctx, sealed)
}
