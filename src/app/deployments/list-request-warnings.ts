import { listOlderThanLive, type OlderRow } from '#store/release-conflict.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import type { DeploymentView } from './deployment-view.ts'

const most = 100

/**
 * Of what a deployment is to bring, the items whose later versions are live now, at most 100: they would be
 * overwritten. None for a rollback, which means to.
 */
export async function listRequestWarnings(
  ctx: Context,
  deployment: Pick<
    DeploymentView,
    'project_id' | 'environment_id' | 'revision_id' | 'selected_keys' | 'rolls_back'
  >,
): Promise<OlderRow[]> {
  const { project_id, environment_id, revision_id, selected_keys, rolls_back } = deployment
  authorize(ctx, 'deployment.request', { project_id, environment_id })
  if (rolls_back !== null) return []
  const asked = { project_id, environment_ids: [environment_id], keys: selected_keys }
  return listOlderThanLive(ctx.db, { revision_id }, asked, most)
}
