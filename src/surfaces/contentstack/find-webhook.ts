import { authorize } from '#app/authorize.ts'
import { getWebhook } from '#app/webhooks/get-webhook.ts'
import type { WebhookView } from '#app/webhooks/webhook-view.ts'
import { DomainError, isDomainError } from '#domain/errors.ts'
import { surface } from './ids.ts'
import type { StackCall } from './route.ts'
import { readCs } from './translate/webhook.ts'

/** The webhook of the address. Throws `not_found`, also for one of another stack or in other words. */
export async function findWebhook(
  { ctx, project_id, params }: Pick<StackCall, 'ctx' | 'project_id' | 'params'>,
  uid = params.webhook ?? '',
): Promise<WebhookView> {
  authorize(ctx, 'webhook.admin', { project_id })
  const webhook_id = readCs(uid)
  const webhook = webhook_id ? await getWebhook(ctx, { webhook_id }).catch(unlessMissing) : undefined
  if (webhook?.project_id === project_id && webhook.format === surface) return webhook
  throw new DomainError('not_found', { what: 'webhook', id: uid })
}

function unlessMissing(error: unknown): undefined {
  if (isDomainError(error, 'not_found')) return undefined
  throw error
}
