import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { listLocales } from '#app/content/get-locale.ts'
import { readContentKey } from '#domain/content-key.ts'
import { invalidField } from '#domain/errors.ts'
import { findEnvironments } from '../find-environments.ts'
import { findRelease } from '../find-release.ts'
import { limitsOf } from '../limits.ts'
import { skipItems } from '../messages/settings.ts'
import { answering, takes, type StackCall } from '../route.ts'
import { readSchedule } from '../translate/time.ts'
import { Deploy } from '../wire/release.ts'
import { NoticeAnswer } from '../wire-answers.ts'

/**
 * Answers at once; the work is done later (section 2.6). The lock that this leaves keeps items from being edited
 * and is no gate: the release can be deployed again and elsewhere. A lock that a user set refuses it.
 */
export const deploy = answering(
  NoticeAnswer,
  takes(Deploy, async (call: StackCall, { release: asked }) => {
    const { ctx, project_id } = call
    const due_at = readSchedule(asked, ctx.now(), await limitsOf(call))
    const release = await findRelease(call)
    const environments = await findEnvironments(call, asked.environments)
    const locales = asked.locales ?? []
    await refuseUnknownLocales(call, locales)
    await requestDeployments(ctx, {
      ...{ project_id, release_id: release.id, environment_ids: environments.map(({ id }) => id) },
      ...(due_at ? { due_at } : {}),
      ...(locales.length > 0
        ? { select: ({ key }) => locales.includes(readContentKey(key)?.locale ?? '') }
        : {}),
      ...{ on_item_failure: 'continue', when_busy: 'wait', when_shut: 'wait', refuse_if: ['lock'] },
      lock_release: true,
      ...(asked.skip_items_webhook_trigger ? { annotations: { [skipItems]: true } } : {}),
    })
    return { notice: 'Release sent successfully for deployment.' }
  }),
)

async function refuseUnknownLocales({ ctx, project_id }: StackCall, codes: readonly string[]): Promise<void> {
  if (codes.length === 0) return
  const known = (await listLocales(ctx, { project_id })).map(({ code }) => code)
  const unknown = codes.find((code) => !known.includes(code))
  if (unknown !== undefined) throw invalidField('locales', 'invalid', `The locale '${unknown}' is not valid.`)
}
