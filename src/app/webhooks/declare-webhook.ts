import { invalidField } from '#domain/errors.ts'
import { lockDeclaredWebhook, type WebhookRow } from '#store/webhook.ts'
import { authorize } from '../authorize.ts'
import type { Context, Unit } from '../context.ts'
import { createWebhookIn, givenSecret } from './create-webhook.ts'
import { changeWebhookIn } from './update-webhook.ts'
import { checkWebhookFields } from './webhook-fields.ts'
import { secretContext } from './webhook-view.ts'

export interface DeclaredWebhook {
  /** Found again by it. */
  name: string
  project_id: string | null
  url: string
  kinds: readonly string[]
  environment_ids: readonly string[] | null
  description: string
  disabled: boolean
  secret: string
}

/** A webhook as a configuration file has it: made where it is missing, changed where it differs. Throws `invalid`. */
export async function declareWebhookIn(
  ctx: Context,
  unit: Unit,
  { name, project_id, secret, ...fields }: DeclaredWebhook,
): Promise<'created' | 'updated' | 'unchanged'> {
  authorize(ctx, 'webhook.admin', { project_id })
  checkWebhookFields(ctx, fields, { declared: true })
  givenSecret(secret)
  const known = await lockDeclaredWebhook(unit.tx, name)
  if (!known) {
    await createWebhookIn(ctx, unit, { ...fields, project_id, secret, declared_name: name })
    return 'created'
  }
  if (known.project_id !== project_id)
    throw invalidField('project', 'immutable', 'was another when the webhook was made')
  const { version } = await changeWebhookIn(ctx, unit, known, fields, {
    ...(isItsSecret(ctx, known, secret) ? {} : { secret: ctx.vault.seal(secret, secretContext(known.id)) }),
    ...(known.declared_url === fields.url ? {} : { declared_url: fields.url }),
  })
  return version === known.version ? 'unchanged' : 'updated'
}

function isItsSecret({ vault }: Context, { id, secret }: WebhookRow, declared: string): boolean {
  try {
    return vault.open(secret, secretContext(id)) === declared
  } catch {
    // Sealed by a key that is gone: what is declared is put in its place.
    return false
  }
}
