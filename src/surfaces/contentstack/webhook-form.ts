import type { FastifyRequest } from 'fastify'
import { Compile } from 'typebox/compile'
import { DomainError } from '#domain/errors.ts'
import { faultsFrom } from '#domain/schema-faults.ts'
import { readJsonFile } from './json-form.ts'
import { NewWebhook, type WebhookFields } from './wire/webhook.ts'

/** The file `webhook` of a multipart form: a webhook as it was exported, wrapped or not. Throws `invalid`. */
export async function readWebhookForm(request: FastifyRequest): Promise<WebhookFields> {
  const webhook = await readJsonFile(request, 'webhook')
  checker ??= Compile(NewWebhook)
  const faults = faultsFrom([...checker.Errors({ webhook })] as never)
  if (faults.length > 0) throw new DomainError('invalid', { faults })
  return webhook as WebhookFields
}

let checker: ReturnType<typeof Compile<typeof NewWebhook>> | undefined
