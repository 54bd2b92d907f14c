import { transact, type Context } from '#app/context.ts'
import { createWebhook } from '#app/webhooks/create-webhook.ts'
import { declareWebhookIn } from '#app/webhooks/declare-webhook.ts'
import { getWebhook, listFormattedWebhooks, listWebhooks } from '#app/webhooks/get-webhook.ts'
import {
  getDelivery,
  getDeliveryWebhook,
  listDeliveries,
  listDeliveryLogs,
} from '#app/webhooks/list-deliveries.ts'
import { pingWebhook } from '#app/webhooks/ping-webhook.ts'
import { removeWebhook } from '#app/webhooks/remove-webhook.ts'
import { replayDeliveries, replayDelivery } from '#app/webhooks/replay-deliveries.ts'
import { rotateSecret } from '#app/webhooks/rotate-secret.ts'
import { updateWebhook } from '#app/webhooks/update-webhook.ts'
import { readCalendar } from '#app/calendar/read-calendar.ts'
import { readInsights } from '#app/insights/read-insights.ts'
import { everywhere, here, type Attempt } from './attempt.ts'
import type { World } from './world.ts'

const url = 'https://hooks.example.com/x'
const kinds = ['*']

const prepare = async (ctx: Context, { project_id }: World) =>
  (await createWebhook(ctx, { project_id, url, kinds })).webhook.id

const declared = {
  ...{ name: 'declared', url, kinds, environment_ids: null, description: '', disabled: false },
  secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
}

/** None that is there: whether it would be looked for is the question. */
const delivery_id = '01a1fe80-2587-72bb-a034-7ba45fbd110c'

const span = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-12-01T00:00:00Z') }

/** What is done with webhooks, and how deployments are looked at from afar. */
export const webhookAttempts: readonly Attempt[] = [
  here('webhook.admin', 'make a project’s webhook', (ctx, { project_id }) =>
    createWebhook(ctx, { project_id, url, kinds }),
  ),
  everywhere('webhook.admin', 'make one of the instance', (ctx) =>
    createWebhook(ctx, { project_id: null, url, kinds }),
  ),
  here('webhook.admin', 'list a project’s', (ctx, { project_id }) =>
    listWebhooks(ctx, { project_id, limit: 1 }),
  ),
  everywhere('webhook.admin', 'list the instance’s', (ctx) =>
    listWebhooks(ctx, { project_id: null, limit: 1 }),
  ),
  here('webhook.admin', 'read one', (ctx, _, webhook_id) => getWebhook(ctx, { webhook_id }), { prepare }),
  here(
    'webhook.admin',
    'change one',
    (ctx, _, webhook_id) => updateWebhook(ctx, { webhook_id, disabled: true }),
    {
      prepare,
    },
  ),
  here('webhook.admin', 'replace its secret', (ctx, _, webhook_id) => rotateSecret(ctx, { webhook_id }), {
    prepare,
  }),
  here('webhook.admin', 'ping it', (ctx, _, webhook_id) => pingWebhook(ctx, { webhook_id }), { prepare }),
  here('webhook.admin', 'remove it', (ctx, _, webhook_id) => removeWebhook(ctx, { webhook_id }), { prepare }),
  here(
    'webhook.admin',
    'list deliveries',
    (ctx, _, webhook_id) => listDeliveries(ctx, { webhook_id, limit: 1 }),
    {
      prepare,
    },
  ),
  here('webhook.admin', 'list those of a surface', (ctx, { project_id }) =>
    listFormattedWebhooks(ctx, { project_id, format: 'other', limit: 1, offset: 0 }),
  ),
  here(
    'webhook.admin',
    'list deliveries with their logs',
    (ctx, _, webhook_id) => listDeliveryLogs(ctx, { webhook_id, limit: 1 }),
    { prepare },
  ),
  here('webhook.admin', 'find the webhook of a delivery', (ctx, { project_id }) =>
    getDeliveryWebhook(ctx, { project_id, delivery_id }),
  ),
  here('webhook.admin', 'declare one', (ctx, { project_id }) =>
    transact(ctx, (unit) => declareWebhookIn(ctx, unit, { ...declared, project_id })),
  ),
  here(
    'webhook.admin',
    'read a delivery',
    (ctx, _, webhook_id) => getDelivery(ctx, { webhook_id, delivery_id }),
    { prepare },
  ),
  here(
    'webhook.admin',
    'replay a delivery',
    (ctx, _, webhook_id) => replayDelivery(ctx, { webhook_id, delivery_id }),
    { prepare },
  ),
  here(
    'webhook.admin',
    'replay all',
    (ctx, _, webhook_id) => replayDeliveries(ctx, { webhook_id, since: span.from }),
    {
      prepare,
    },
  ),
  here('deployment.read', 'read insights', (ctx, { project_id }) =>
    readInsights(ctx, { project_id, ...span, interval: 'day', time_zone: 'UTC' }),
  ),
  here('deployment.read', 'read the calendar', (ctx, { project_id }) =>
    readCalendar(ctx, { project_id, ...span }),
  ),
]
