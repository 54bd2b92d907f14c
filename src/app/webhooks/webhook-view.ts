import type { WebhookRow } from '#store/webhook.ts'

/** A webhook as use-cases return it: never a secret. */
export interface WebhookView extends Omit<WebhookRow, 'secret' | 'previous_secret' | 'credentials'> {
  /** Until when the secret that was replaced signs too; null where none does. */
  previous_until: Date | null
}

export function viewWebhook({
  secret: _,
  previous_secret: __,
  credentials: ___,
  ...rest
}: WebhookRow): WebhookView {
  return rest
}

/** What secrets of a webhook are sealed for. */
export const secretContext = (id: string) => `webhook ${id}`

/** Of a URL, what events may tell: whoever reads them is not to learn a path, which is often the receiver's secret. */
export const originOf = (url: string): string | null => URL.parse(url)?.origin ?? null
