import type { WebhookView } from '#app/webhooks/webhook-view.ts'
import { organization } from './ids.ts'
import { authorsOf } from './names.ts'
import type { StackCall } from './route.ts'
import { writeWebhook } from './translate/webhook.ts'

export async function answerWebhooks({ ctx }: Pick<StackCall, 'ctx'>, all: readonly WebhookView[]) {
  const users = await authorsOf(ctx, all)
  return all.map((one) => writeWebhook(one, users, organization))
}

export async function answerWebhook(call: Pick<StackCall, 'ctx'>, webhook: WebhookView) {
  const [answer] = await answerWebhooks(call, [webhook])
  return answer!
}
