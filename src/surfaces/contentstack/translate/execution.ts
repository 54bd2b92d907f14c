import type { DeliveryLog } from '#app/webhooks/list-deliveries.ts'
import type { WebhookView } from '#app/webhooks/webhook-view.ts'
import { invalidField } from '#domain/errors.ts'
import { readSettings } from '../messages/settings.ts'
import { csOf, hidden } from './webhook.ts'
import { readTime, writeTime } from './time.ts'

/** A delivery as the vendor shows an execution. Of each attempt it says what was answered, of the last what was sent. */
export function writeExecution(
  { log, ...delivery }: DeliveryLog,
  webhook: WebhookView,
  { api_key, org_uid, details }: { api_key: string; org_uid: string; details: boolean },
) {
  const body = delivery.body === null ? null : (JSON.parse(delivery.body) as { [part: string]: unknown })
  const { triggered_at: _, ...event_data } = body ?? {}
  const headers = headersOf(webhook, delivery.target)
  const uri = [webhook.url, ...webhook.other_urls][delivery.target] ?? ''
  const last = log.at(-1)
  return {
    ...{ uid: csOf(delivery.id), channel: delivery.topics, created_at: writeTime(delivery.created_at) },
    ...{ event_data, event_headers: headers, org_uid },
    ...(details && {
      request_details: log.map((attempt) => ({
        ...{ _id: `${csOf(delivery.id)}-${attempt.number}`, retry_number: attempt.number - 1 },
        request: {
          method: 'POST',
          uri,
          ...(attempt === last && { body }),
          headers,
          json: true,
          timeout: 15_000,
        },
        response: {
          message: attempt.error ?? (attempt.status === null ? 'no answer' : `status code ${attempt.status}`),
          ...{ statusCode: attempt.status, body: attempt.answer, headers: null },
          duration_ms: attempt.duration_ms,
        },
        created_at: writeTime(attempt.at),
      })),
    }),
    ...{ retry_count: Math.max(0, delivery.attempts - 1), status: delivery.status },
    updated_at: writeTime(last?.at ?? delivery.created_at),
    ...{ webhooks: [csOf(webhook.id)], projectUid: api_key, destination: {} },
  }
}

/** Without what is secret; the signature is made anew for each attempt and not kept. */
function headersOf({ settings }: WebhookView, target: number): { [name: string]: string | null } {
  const { authentication_type = 'None', custom_header = [] } =
    readSettings(settings).destinations[target] ?? {}
  const own = custom_header.map(({ header_name, value }) => [header_name, value ?? hidden] as const)
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Headgate',
    Authorization: authentication_type === 'None' ? null : hidden,
    ...Object.fromEntries(own),
  }
}

/** `from` and `to`. Throws `invalid`. */
export function readMoment(text: string | undefined, field: string): Date | undefined {
  if (text === undefined) return undefined
  const time = readTime(text)
  if (time) return time
  throw invalidField(field, 'invalid', 'must be a date in ISO format.')
}

/** `{"status": {"$gte": "200", "$lte": "399"}}`, as the vendor's page has it; a single status is taken too. */
export function readStatus(query: Record<string, unknown>): { least?: number; most?: number } | undefined {
  const { status } = query
  if (status === undefined) return undefined
  if (typeof status !== 'object' || status === null) {
    const only = readNumber(status)
    return { least: only, most: only }
  }
  const { $gte, $lte } = status as { $gte?: unknown; $lte?: unknown }
  return {
    ...($gte === undefined ? {} : { least: readNumber($gte) }),
    ...($lte === undefined ? {} : { most: readNumber($lte) }),
  }
}

function readNumber(value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number < 10_000) return number
  throw invalidField('query', 'invalid', 'status must be compared with a number.')
}
