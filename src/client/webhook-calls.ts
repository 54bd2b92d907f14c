import type {
  Delivery,
  DeliveryWithLog,
  MadeWebhook,
  NewWebhook,
  Pinged,
  Replayed,
  SecretRotation,
  Webhook,
  WebhookChange,
} from '#api/webhook.ts'
import type { Listed, Paging, Send } from './path.ts'

/** Who is told of events, and what became of each message. */
export function webhookCalls(send: Send) {
  const one = (id: string) => `/webhooks/${id}`
  return {
    listWebhooks: (page: Paging & { project?: string } = {}) =>
      send<Listed<Webhook>>('GET', '/webhooks', undefined, page),
    createWebhook: (input: NewWebhook) => send<MadeWebhook>('POST', '/webhooks', input),
    getWebhook: (id: string) => send<Webhook>('GET', one(id)),
    updateWebhook: (id: string, change: WebhookChange) => send<Webhook>('PATCH', one(id), change),
    rotateWebhook: (id: string, input: SecretRotation = {}) =>
      send<MadeWebhook>('POST', `${one(id)}/rotate`, input),
    pingWebhook: (id: string) => send<Pinged>('POST', `${one(id)}/ping`),
    listDeliveries: (id: string, page: Paging & { state?: Delivery['state'] } = {}) =>
      send<Listed<Delivery>>('GET', `${one(id)}/deliveries`, undefined, page),
    getDelivery: (webhook: string, id: string) =>
      send<DeliveryWithLog>('GET', `${one(webhook)}/deliveries/${id}`),
    replayDelivery: (webhook: string, id: string) =>
      send<Delivery>('POST', `${one(webhook)}/deliveries/${id}/replay`),
    replayDeliveries: (id: string, since: string) => send<Replayed>('POST', `${one(id)}/replay`, { since }),
  }
}
