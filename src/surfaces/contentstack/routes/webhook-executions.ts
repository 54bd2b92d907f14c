import {
  getDelivery,
  getDeliveryWebhook,
  listDeliveryLogs,
  type DeliveryLog,
} from '#app/webhooks/list-deliveries.ts'
import { replayDelivery } from '#app/webhooks/replay-deliveries.ts'
import type { WebhookView } from '#app/webhooks/webhook-view.ts'
import { answerWebhook } from '../answer-webhooks.ts'
import type { webhooks } from '../endpoints/webhooks.ts'
import { findWebhook } from '../find-webhook.ts'
import { organization } from '../ids.ts'
import { filter, flag, page, text } from '../query.ts'
import { reads, takes, type Routes, type StackCall } from '../route.ts'
import { readMoment, readStatus, writeExecution } from '../translate/execution.ts'
import { csOf, readCs } from '../translate/webhook.ts'
import { Retry } from '../wire/webhook.ts'

export const executionRoutes: Pick<Routes<typeof webhooks>, 'executions' | 'retry' | 'logs'> = {
  executions: reads(async (call: StackCall) => {
    const { ctx, query, api_key } = call
    const webhook = await findWebhook(call)
    const [from, to] = [readMoment(text(query, 'from'), 'from'), readMoment(text(query, 'to'), 'to')]
    const status = readStatus(filter(query))
    const found = await listDeliveryLogs(ctx, {
      ...{ webhook_id: webhook.id, ...page(query) },
      ...{ ...(from && { from }), ...(to && { to }), ...(status && { status }) },
    })
    const told = { api_key, org_uid: organization, details: !flag(query, 'only_events') }
    return { webhooks: found.map((one) => writeExecution(one, webhook, told)) }
  }),

  /** One SDK names the execution in the body and the webhook in the address, the vendor's page in the address. */
  retry: takes(Retry, async (call: StackCall, { execution_uid }) => {
    const { webhook, delivery_id } = await findExecution(call, execution_uid)
    await replayDelivery(call.ctx, { webhook_id: webhook.id, delivery_id })
    return { notice: 'Webhook retry scheduled' }
  }),

  logs: reads(async (call: StackCall) => {
    const { webhook, delivery_id } = await findExecution(call)
    const { log, ...delivery } = await getDelivery(call.ctx, { webhook_id: webhook.id, delivery_id })
    const latest: DeliveryLog = { ...delivery, log: log.slice(0, 1) }
    const told = { api_key: call.api_key, org_uid: organization, details: true }
    const { request_details, ...execution } = writeExecution(latest, webhook, told)
    const [details = null] = request_details || []
    return {
      webhook: { ...execution, request_details: details, webhooks: [await answerWebhook(call, webhook)] },
    }
  }),
}

async function findExecution(
  call: StackCall,
  uid = call.params.webhook ?? '',
): Promise<{ webhook: WebhookView; delivery_id: string }> {
  const { ctx, project_id } = call
  const delivery_id = readCs(uid) ?? nobody
  const { id } = await getDeliveryWebhook(ctx, { project_id, delivery_id })
  return { webhook: await findWebhook(call, csOf(id)), delivery_id }
}

/** A name that is none is that of no execution. */
const nobody = '00000000-0000-0000-0000-000000000000'
