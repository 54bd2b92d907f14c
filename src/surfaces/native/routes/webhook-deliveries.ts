import { Type } from 'typebox'
import { OneOf, Page, SearchQuery, ref } from '#api/schema.ts'
import { Delivery, deliveryStates, DeliveryWithLog, Replayed, ReplaySince } from '#api/webhook.ts'
import { getDelivery, listDeliveries } from '#app/webhooks/list-deliveries.ts'
import { replayDeliveries, replayDelivery } from '#app/webhooks/replay-deliveries.ts'
import { showId } from '#domain/ids.ts'
import { callerOf } from '../caller.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterId, idIn, timeField } from '../read-path.ts'
import type { NativeServer } from '../server.ts'
import { viewDelivery, viewDeliveryWithLog } from '../views/webhook.ts'
import { ById } from './params.ts'
import { webhooksUrl, webhookTags as tags, whichOf } from './webhooks.ts'

const DeliverySearch = SearchQuery({ state: Type.Optional(OneOf(deliveryStates)) })
const ByDelivery = Type.Object({
  ...ById.properties,
  delivery: Type.String({ minLength: 1, maxLength: 200 }),
})
const all = `${webhooksUrl}/:id/deliveries`
const one = `${all}/:delivery`

const deliveryOf = ({ id, delivery }: { id: string; delivery: string }) => ({
  ...whichOf({ id }),
  delivery_id: idIn('delivery', delivery),
})

export function webhookDeliveryRoutes(server: NativeServer): void {
  server.get(
    all,
    {
      schema: {
        ...{ tags, summary: 'What was sent to a webhook or is to be, newest first; kept for 30 days' },
        ...{ params: ById, querystring: DeliverySearch, response: { 200: Page(Delivery) } },
      },
    },
    async (request) => {
      const { limit, after, state } = request.query
      const page = { limit: oneMore(limit), before: afterId('delivery', after), ...(state ? { state } : {}) }
      const rows = await listDeliveries(callerOf(request), { ...whichOf(request.params), ...page })
      return pageOf(rows, limit, viewDelivery, (row) => showId('delivery', row.id))
    },
  )

  server.get(
    one,
    {
      schema: {
        ...{ tags, summary: 'A delivery: what is sent, and every attempt' },
        ...{ params: ByDelivery, response: { 200: ref(DeliveryWithLog) } },
      },
    },
    async (request) => viewDeliveryWithLog(await getDelivery(callerOf(request), deliveryOf(request.params))),
  )

  server.post(
    `${one}/replay`,
    {
      schema: {
        ...{ tags, summary: 'Send it again under the same webhook-id, whatever became of it' },
        ...{ params: ByDelivery, response: { 202: ref(Delivery) } },
      },
    },
    async (request, reply) => {
      const [ctx, which] = [callerOf(request), deliveryOf(request.params)]
      await replayDelivery(ctx, which)
      return reply.code(202).send(viewDelivery(await getDelivery(ctx, which)))
    },
  )

  server.post(
    `${webhooksUrl}/:id/replay`,
    {
      schema: {
        ...{ tags, summary: 'Send everything again that failed since a time' },
        ...{ params: ById, body: ReplaySince, response: { 202: Replayed } },
      },
    },
    async (request, reply) => {
      const since = timeField('since', request.body.since)
      return reply
        .code(202)
        .send(await replayDeliveries(callerOf(request), { ...whichOf(request.params), since }))
    },
  )
}
