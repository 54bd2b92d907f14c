import { invalidField } from '#domain/errors.ts'
import { rotationHours } from '#domain/webhook.ts'
import { makeSigningSecret } from '#ground/signatures.ts'
import { updateWebhook } from '#store/webhook.ts'
import { transact, type Context } from '../context.ts'
import { givenSecret } from './create-webhook.ts'
import { holdWebhook, type WhichWebhook } from './get-webhook.ts'
import { secretContext, viewWebhook, type WebhookView } from './webhook-view.ts'

export interface Rotation extends WhichWebhook {
  /** `whsec_…`; made where it is left out. */
  secret?: string
  /** How long messages carry a signature by the old secret, too: 24 by default; 0 where it leaked. */
  keep_hours?: number
  version?: number | undefined
}

/** A new secret, shown here and never again. Throws `invalid`, `not_found`, `version_conflict`. */
export async function rotateSecret(
  ctx: Context,
  { secret: given, keep_hours = rotationHours.usual, version, ...which }: Rotation,
): Promise<{ webhook: WebhookView; secret: string }> {
  return transact(ctx, async (unit) => {
    const held = await holdWebhook(ctx, unit.tx, which, version)
    if (keep_hours < 0 || keep_hours > rotationHours.most)
      throw invalidField('keep_hours', 'invalid', `is 0 to ${rotationHours.most}`)
    const secret = givenSecret(given) ?? makeSigningSecret()
    const now = ctx.now()
    const keeps = keep_hours > 0
    const change = {
      secret: ctx.vault.seal(secret, secretContext(held.id)),
      previous_secret: keeps ? held.secret : null,
      previous_until: keeps ? new Date(now.getTime() + keep_hours * 3_600_000) : null,
      updated_at: now,
    }
    await updateWebhook(unit.tx, held.id, change)
    const { id, project_id } = held
    unit.record({ kind: 'webhook.secret_rotated', project_id, subject_id: id, data: { keep_hours } })
    return { webhook: viewWebhook({ ...held, ...change, version: held.version + 1 }), secret }
  })
}
