import type { Static } from 'typebox'
import { forecastRelease } from '#app/deployments/forecast-release.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { listLocales } from '#app/content/get-locale.ts'
import { readContentKey } from '#domain/content-key.ts'
import { invalidField } from '#domain/errors.ts'
import { showId } from '#domain/ids.ts'
import { countChanges } from '#domain/plan.ts'
import { findEnvironments } from '../find-environments.ts'
import { findRelease } from '../find-release.ts'
import { limitsOf } from '../limits.ts'
import { skipItems } from '../messages/settings.ts'
import { answering, takes, type StackCall } from '../route.ts'
import { uidsOf, uidsOfEach } from '../names.ts'
import { writeReleaseItem } from '../translate/release.ts'
import { readSchedule } from '../translate/time.ts'
import { Deploy } from '../wire/release.ts'
import { DeployAnswer } from '../wire-answers/deploy.ts'

/**
 * Answers at once; the work is done later (section 2.6). The lock that this leaves keeps items from being edited
 * and is no gate: the release can be deployed again and elsewhere. A lock that a user set refuses it. Ours beside the
 * vendor's fields: `all_or_nothing` publishes nothing where one item cannot be, `dry_run` says what would change and
 * deploys nothing.
 */
export const deploy = answering(
  DeployAnswer,
  takes(Deploy, async (call: StackCall, { release: asked }) => {
    const { ctx, project_id } = call
    const due_at = readSchedule(asked, ctx.now(), await limitsOf(call))
    const release = await findRelease(call)
    const environments = await findEnvironments(call, asked.environments)
    const locales = asked.locales ?? []
    await refuseUnknownLocales(call, locales)
    const what = {
      ...{ project_id, release_id: release.id, environment_ids: environments.map(({ id }) => id) },
      ...(locales.length > 0
        ? { select: ({ key }: { key: string }) => locales.includes(readContentKey(key)?.locale ?? '') }
        : {}),
    }
    if (asked.dry_run) return forecast(call, what)
    const made = await requestDeployments(ctx, {
      ...what,
      ...(due_at ? { due_at } : {}),
      on_item_failure: asked.all_or_nothing ? 'stop' : 'continue',
      ...{ when_busy: 'wait', when_shut: 'wait', refuse_if: ['lock'] },
      // What waits for its time is unscheduled first (the lock table of section 2.6).
      ...{ lock_release: true, unless_scheduled: true },
      ...(asked.skip_items_webhook_trigger ? { annotations: { [skipItems]: true } } : {}),
    })
    const uids = await uidsOfEach(call.ctx, 'environment', environments)
    return {
      notice: 'Release sent successfully for deployment.',
      job_id: made[0]?.request_id,
      deployments: made.map(({ id, environment_id }) => ({
        id: showId('deployment', id),
        environment: uids(environment_id) ?? '',
      })),
    }
  }),
)

/** What it would change, environment by environment. */
async function forecast(
  call: StackCall,
  what: Parameters<typeof forecastRelease>[1],
): Promise<Static<typeof DeployAnswer>> {
  const forecasts = await forecastRelease(call.ctx, what)
  const uids = await uidsOf(
    call.ctx,
    'environment',
    forecasts.map(({ environment_id }) => environment_id),
  )
  const plan = forecasts.map(({ environment_id, environment_name, changes }) => ({
    environment: uids(environment_id) ?? '',
    name: environment_name,
    counts: countChanges(changes),
    items: changes.map(({ fault, warning, action, before, after, ...item }) => ({
      ...nameItem({ ...item, version: after }),
      ...{ action, before, after },
      ...(fault ? { error: fault.reason } : {}),
      ...(warning ? { warning: warning.reason } : {}),
    })),
  }))
  return { notice: 'Nothing was deployed: this is what the release would change.', plan }
}

function nameItem(item: { key: string; kind: string; version: string | null; title: string }) {
  const { uid, locale, content_type_uid, title } = writeReleaseItem({ ...item, action: 'publish' })
  return { uid, locale, content_type_uid, title }
}

async function refuseUnknownLocales({ ctx, project_id }: StackCall, codes: readonly string[]): Promise<void> {
  if (codes.length === 0) return
  const known = (await listLocales(ctx, { project_id })).map(({ code }) => code)
  const unknown = codes.find((code) => !known.includes(code))
  if (unknown !== undefined) throw invalidField('locales', 'invalid', `The locale '${unknown}' is not valid.`)
}
