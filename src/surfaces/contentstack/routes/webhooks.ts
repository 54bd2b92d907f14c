import { authorize } from '#app/authorize.ts'
import { createWebhook } from '#app/webhooks/create-webhook.ts'
import { listFormattedWebhooks } from '#app/webhooks/get-webhook.ts'
import { removeWebhook } from '#app/webhooks/remove-webhook.ts'
import { updateWebhook } from '#app/webhooks/update-webhook.ts'
import type { WebhookView } from '#app/webhooks/webhook-view.ts'
import { answerWebhook, answerWebhooks } from '../answer-webhooks.ts'
import type { webhooks } from '../endpoints/webhooks.ts'
import { findWebhook } from '../find-webhook.ts'
import { surface } from '../ids.ts'
import { flag, page } from '../query.ts'
import { renamingFaults } from '../rename-faults.ts'
import { created, makes, reads, takes, type Routes, type StackCall } from '../route.ts'
import { readCredentials, readWebhook } from '../translate/webhook.ts'
import { readWebhookForm } from '../webhook-form.ts'
import { NewWebhook, WebhookChange, type WebhookFields } from '../wire/webhook.ts'
import { executionRoutes } from './webhook-executions.ts'

export const webhookRoutes: Routes<typeof webhooks> = {
  ...executionRoutes,

  create: makes(NewWebhook, async (call: StackCall, { webhook }) => ({
    notice: 'The Webhook was created successfully.',
    webhook: await answerWebhook(call, await create(call, webhook)),
  })),

  list: reads(async (call: StackCall) => {
    const { ctx, project_id, query } = call
    const counts = flag(query, 'count')
    const { webhooks: found, total } = await listFormattedWebhooks(ctx, {
      ...{ project_id, format: surface, ...page(query), ...(counts ? { limit: 0 } : {}) },
      with_total: counts || flag(query, 'include_count'),
    })
    if (counts) return { webhooks: total }
    const answers = await answerWebhooks(call, found)
    return { webhooks: answers, ...(total === undefined ? {} : { count: total }) }
  }),

  get: reads(async (call: StackCall) => ({ webhook: await answerWebhook(call, await findWebhook(call)) })),

  update: takes(WebhookChange, async (call: StackCall, { webhook }) => ({
    notice: 'The Webhook was updated successfully.',
    webhook: await answerWebhook(call, await change(call, webhook)),
  })),

  remove: reads(async (call: StackCall) => {
    const { id } = await findWebhook(call)
    await removeWebhook(call.ctx, { webhook_id: id })
    return { notice: 'The Webhook was deleted successfully.' }
  }),

  export: reads(async (call: StackCall) => answerWebhook(call, await findWebhook(call))),

  /** A file as `export` answers it: its secrets are not in it, and whoever imports it gives them. */
  import: created(
    reads(async (call: StackCall) => {
      // Before a file of somebody who may not is read.
      authorize(call.ctx, 'webhook.admin', { project_id: call.project_id })
      const made = await create(call, await readWebhookForm(call.request))
      return { notice: 'The Webhook was imported successfully.', webhook: await answerWebhook(call, made) }
    }),
  ),

  importInto: reads(async (call: StackCall) => {
    await findWebhook(call)
    const changed = await change(call, await readWebhookForm(call.request))
    return { notice: 'The Webhook was imported successfully.', webhook: await answerWebhook(call, changed) }
  }),
}

async function create({ ctx, project_id }: StackCall, sent: WebhookFields): Promise<WebhookView> {
  const { url = '', kinds = [], ...input } = readWebhook(sent)
  const credentials = readCredentials(sent.destinations ?? [], null)
  const { webhook } = await renamingFaults(targetOf, () =>
    createWebhook(ctx, { project_id, url, kinds, ...input, format: surface, credentials }),
  )
  return webhook
}

async function change(call: StackCall, sent: WebhookFields): Promise<WebhookView> {
  const before = await findWebhook(call)
  const { destinations } = sent
  return renamingFaults(targetOf, () =>
    updateWebhook(call.ctx, {
      ...{ webhook_id: before.id, ...readWebhook(sent, before), format: surface },
      ...(destinations ? { credentials: (kept) => readCredentials(destinations, kept) } : {}),
    }),
  )
}

/** Our names for where it is sent to are not those of the request. */
function targetOf(field: string): string {
  const [, place] = /^other_urls\.(\d+)$/.exec(field) ?? []
  if (field === 'url') return 'destinations.0.target_url'
  return place === undefined ? field : `destinations.${Number(place) + 1}.target_url`
}
