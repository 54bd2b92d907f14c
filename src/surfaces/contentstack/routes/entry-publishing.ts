import { requestOneShot } from '#app/deployments/request-one-shot.ts'
import { listEntryLocales } from '#app/content/list-entry-locales.ts'
import { contentKey } from '#domain/content-key.ts'
import type { Static } from 'typebox'
import { header } from '../auth.ts'
import { findEnvironments } from '../find-environments.ts'
import { limitsOf } from '../limits.ts'
import { published, renamingFaults } from '../rename-faults.ts'
import { makes, type StackCall } from '../route.ts'
import { readSchedule } from '../translate/time.ts'
import { PublishEntry } from '../wire.ts'

type Action = 'publish' | 'unpublish'

export const publishing = { publish: doing('publish'), unpublish: doing('unpublish') }

/** Publishing directly is a deployment of a release made for it, with the same gates and the same history. */
function doing(action: Action) {
  return makes(PublishEntry, async (call: StackCall, body) => {
    const due_at = readSchedule(body, call.ctx.now(), await limitsOf(call))
    const environments = await findEnvironments(call, body.entry.environments)
    const items = await itemsOf(call, body, action)
    const [deployment] = await renamingFaults(published, () =>
      requestOneShot(call.ctx, {
        ...{ project_id: call.project_id, branch: call.branch, items },
        ...{ environment_ids: environments.map(({ id }) => id), on_item_failure: 'continue' },
        ...(due_at ? { due_at } : {}),
      }),
    )
    const asked = header(call.request, 'api_version') === '3.2'
    const job = asked && deployment ? { job_id: deployment.request_id } : {}
    return { notice: 'The requested action has been performed.', ...job }
  })
}

/**
 * An item for each locale. The version belongs to `locale`, and to those that have nothing of their own and fall
 * back; every other locale counts its own versions, so that its latest is meant.
 */
async function itemsOf(call: StackCall, body: Static<typeof PublishEntry>, action: Action) {
  const { ctx, project_id, branch, params } = call
  const uid = params.entry ?? ''
  const content_type_uid = params.content_type ?? ''
  const written = await listEntryLocales(ctx, { project_id, branch, content_type_uid, uid })
  const named = body.locale ?? written.find(({ fallback }) => fallback === null)?.code ?? ''
  const locales = body.entry.locales?.length ? body.entry.locales : [named]
  const owns = (code: string) => written.some((locale) => locale.code === code && locale.localized)
  return [...new Set(locales)].map((locale) => ({
    ...{ key: contentKey({ branch, uid, locale }), kind: content_type_uid, action },
    ...(locale === named || !owns(locale) ? { version: body.version ?? null } : {}),
  }))
}
