import { isDeepStrictEqual } from 'node:util'
import { skipToHead, updateWebhook as updateRow } from '#store/webhook.ts'
import { transact, type Context } from '../context.ts'
import { holdWebhook, type WhichWebhook } from './get-webhook.ts'
import { checkEnvironments, checkWebhookFields, type WebhookFields } from './webhook-fields.ts'
import { requireReach } from './within-reach.ts'
import { originOf, viewWebhook, type WebhookView } from './webhook-view.ts'

/**
 * What is left out stays. Enabled again, it is told of what happens from then on; what was not sent yet is sent.
 * Changes nothing, and records nothing, when nothing differs. Throws `invalid`, `not_found`, `version_conflict`.
 */
export async function updateWebhook(
  ctx: Context,
  input: WhichWebhook & Partial<WebhookFields> & { version?: number | undefined },
): Promise<WebhookView> {
  return transact(ctx, async (unit) => {
    const held = await holdWebhook(ctx, unit.tx, input, input.version)
    if (input.environment_ids !== undefined) requireReach(ctx, input.environment_ids)
    checkWebhookFields(ctx, input)
    await checkEnvironments(unit.tx, held.project_id, input.environment_ids)
    const { url, kinds, description, environment_ids } = held
    const before = { url, kinds, description, environment_ids, disabled: held.disabled_at !== null }
    const given = Object.entries(input).filter(([key, value]) => key in before && value !== undefined)
    const after = { ...before, ...(Object.fromEntries(given) as Partial<typeof before>) }
    if (isDeepStrictEqual(after, before)) return viewWebhook(held)
    const now = ctx.now()
    const { disabled, ...fields } = after
    const change = {
      ...fields,
      disabled_at: disabled ? (held.disabled_at ?? now) : null,
      disabled_reason: disabled ? held.disabled_reason : null,
      updated_at: now,
    }
    await updateRow(unit.tx, held.id, change)
    const enabled = before.disabled && !disabled
    if (enabled) {
      await skipToHead(unit.tx, held.id)
      unit.wake({ name: 'deliver-webhook', data: {} })
    }
    const { id, project_id } = held
    const { url: to, ...rest } = after
    const data = { ...rest, origin: originOf(to) }
    unit.record({ kind: 'webhook.updated', project_id, subject_id: id, data })
    const version = held.version + 1
    return viewWebhook({ ...held, ...change, version, failing_since: enabled ? null : held.failing_since })
  })
}
