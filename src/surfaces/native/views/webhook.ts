import type { Delivery, DeliveryWithLog, Webhook } from '#api/webhook.ts'
import type { getDelivery, DeliveryRow } from '#app/webhooks/list-deliveries.ts'
import type { WebhookView } from '#app/webhooks/webhook-view.ts'
import { showId } from '#domain/ids.ts'
import { shown, time, times } from './shown.ts'

export function viewWebhook(row: WebhookView): Webhook {
  const { url, kinds, description, version, disabled_reason, format } = row
  return {
    ...{
      id: showId('webhook', row.id),
      format,
      project_id: shown('project', row.project_id),
      url,
      kinds,
      description,
    },
    environment_ids: row.environment_ids && row.environment_ids.map((id) => showId('environment', id)),
    ...{ disabled: row.disabled_at !== null, disabled_at: time(row.disabled_at), disabled_reason },
    ...{ failing_since: time(row.failing_since), previous_secret_until: time(row.previous_until), version },
    ...times(row),
  }
}

export function viewDelivery(row: DeliveryRow): Delivery {
  const { type, state, attempts } = row
  return {
    ...{
      id: showId('delivery', row.id),
      webhook_id: showId('webhook', row.webhook_id),
      type,
      state,
      attempts,
    },
    ...{ event_id: shown('event', row.event_id), next_attempt_at: time(row.next_attempt_at) },
    ...{ created_at: row.created_at.toISOString(), finished_at: time(row.finished_at) },
  }
}

export function viewDeliveryWithLog(row: Awaited<ReturnType<typeof getDelivery>>): DeliveryWithLog {
  const log = row.log.map(({ at, delivery_id: _, ...rest }) => ({ ...rest, at: at.toISOString() }))
  return { ...viewDelivery(row), body: row.body, log }
}
