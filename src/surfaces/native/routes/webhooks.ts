import { Type } from 'typebox'
import { Page, SearchQuery, ref } from '#api/schema.ts'
import { MadeWebhook, NewWebhook, Pinged, SecretRotation, Webhook, WebhookChange } from '#api/webhook.ts'
import { createWebhook } from '#app/webhooks/create-webhook.ts'
import { getWebhook, listWebhooks } from '#app/webhooks/get-webhook.ts'
import { pingWebhook } from '#app/webhooks/ping-webhook.ts'
import { removeWebhook } from '#app/webhooks/remove-webhook.ts'
import { rotateSecret } from '#app/webhooks/rotate-secret.ts'
import { updateWebhook } from '#app/webhooks/update-webhook.ts'
import { showId } from '#domain/ids.ts'
import { callerOf } from '../caller.ts'
import { boundVersion } from '../entity-tag.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterId, environmentIdsAt, idIn, projectAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewWebhook } from '../views/webhook.ts'
import { ById } from './params.ts'

const WebhookSearch = SearchQuery({
  project: Type.Optional(
    Type.String({ maxLength: 128, description: 'Those of this project; else those of the instance' }),
  ),
})

export const webhookTags = ['webhooks']
export const webhooksUrl = `${root}/webhooks`
const [tags, url, one] = [webhookTags, webhooksUrl, `${webhooksUrl}/:id`]
const versioned = { versioned: true }

export function webhookRoutes(server: NativeServer): void {
  server.get(
    url,
    {
      schema: {
        tags,
        summary: 'Webhooks, oldest first',
        querystring: WebhookSearch,
        response: { 200: Page(Webhook) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { limit, after, project } = request.query
      const project_id = project === undefined ? null : (await projectAt(ctx, { key: project })).id
      const rows = await listWebhooks(ctx, {
        project_id,
        limit: oneMore(limit),
        after: afterId('webhook', after),
      })
      return pageOf(rows, limit, viewWebhook, (row) => showId('webhook', row.id))
    },
  )

  server.post(
    url,
    {
      schema: {
        tags,
        summary: 'Have somebody told of events; the secret to verify messages with is shown once',
        body: NewWebhook,
        response: { 201: MadeWebhook },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { project, environments, ...fields } = request.body
      const project_id = project === undefined ? null : (await projectAt(ctx, { key: project })).id
      const environment_ids = environments ? await environmentIdsAt(ctx, project_id, environments) : null
      const made = await createWebhook(ctx, { project_id, environment_ids, ...fields })
      const webhook = viewWebhook(made.webhook)
      return reply.code(201).header('location', `${url}/${webhook.id}`).send({ webhook, secret: made.secret })
    },
  )

  server.get(
    one,
    { schema: { tags, summary: 'A webhook', params: ById, response: { 200: ref(Webhook) } } },
    async (request) => viewWebhook(await getWebhook(callerOf(request), whichOf(request.params))),
  )

  server.patch(
    one,
    {
      config: versioned,
      schema: {
        ...{ tags, summary: 'Change a webhook; enabled again, it is told of what happens from then on' },
        ...{ params: ById, body: WebhookChange, response: { 200: ref(Webhook) } },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const which = whichOf(request.params)
      const { environments, ...fields } = request.body
      const environment_ids = environments
        ? await environmentIdsAt(ctx, (await getWebhook(ctx, which)).project_id, environments)
        : environments
      const version = boundVersion(request)
      return viewWebhook(await updateWebhook(ctx, { ...which, ...fields, environment_ids, version }))
    },
  )

  server.delete(
    one,
    {
      config: versioned,
      schema: {
        ...{ tags, summary: 'Remove a webhook with the log of its deliveries' },
        ...{ params: ById, response: { 204: Type.Null() } },
      },
    },
    async (request, reply) => {
      await removeWebhook(callerOf(request), { ...whichOf(request.params), version: boundVersion(request) })
      return reply.code(204).send(null)
    },
  )
}

export function webhookSecretRoutes(server: NativeServer): void {
  server.post(
    `${one}/rotate`,
    {
      config: versioned,
      schema: {
        ...{ tags, summary: 'Replace the secret; the old one signs too for a while' },
        ...{ params: ById, body: SecretRotation, response: { 200: MadeWebhook } },
      },
    },
    async (request) => {
      const asked = { ...whichOf(request.params), ...request.body, version: boundVersion(request) }
      const { webhook, secret } = await rotateSecret(callerOf(request), asked)
      return { webhook: viewWebhook(webhook), secret }
    },
  )

  server.post(
    `${one}/ping`,
    {
      schema: {
        ...{ tags, summary: 'Send a message that tells of nothing, to see whether it arrives' },
        ...{ params: ById, response: { 202: Pinged } },
      },
    },
    async (request, reply) => {
      const { delivery_id } = await pingWebhook(callerOf(request), whichOf(request.params))
      return reply.code(202).send({ delivery_id: showId('delivery', delivery_id) })
    },
  )
}

export const whichOf = ({ id }: { id: string }) => ({ webhook_id: idIn('webhook', id) })
