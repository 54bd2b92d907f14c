import { requestOneShot } from '#app/deployments/request-one-shot.ts'
import { contentKey } from '#domain/content-key.ts'
import { header } from '../auth.ts'
import { findEnvironments } from '../find-environments.ts'
import { limitsOf } from '../limits.ts'
import { masterLocale } from '../master-locale.ts'
import { published, renamingFaults } from '../rename-faults.ts'
import { makes, type StackCall } from '../route.ts'
import { readSchedule } from '../translate/time.ts'
import { PublishAsset } from '../wire.ts'

export const publishing = {
  publish: doing('publish', 'Asset sent for publishing.'),
  unpublish: doing('unpublish', 'Asset sent for unpublishing.'),
}

/** As for entries; all versions of an asset are the master's. */
function doing(action: 'publish' | 'unpublish', notice: string) {
  return makes(PublishAsset, async (call: StackCall, { asset, version, ...schedule }) => {
    const { ctx, project_id, branch, params } = call
    const uid = params.asset ?? ''
    const due_at = readSchedule(schedule, ctx.now(), await limitsOf(call))
    const environments = await findEnvironments(call, asset.environments)
    const locales = asset.locales?.length ? asset.locales : [await masterLocale(call)]
    const items = [...new Set(locales)].map((locale) => ({
      ...{ key: contentKey({ branch, uid, locale }), kind: 'asset', action, version: version ?? null },
    }))
    const environment_ids = environments.map(({ id }) => id)
    const [deployment] = await renamingFaults(published, () =>
      requestOneShot(ctx, {
        ...{ project_id, branch, environment_ids, items, on_item_failure: 'continue' },
        ...(due_at ? { due_at } : {}),
      }),
    )
    const asked = header(call.request, 'api_version')?.startsWith('3') ?? false
    return { notice, ...(asked && deployment ? { job_id: deployment.request_id } : {}) }
  })
}
