import type { FastifyRequest } from 'fastify'
import { Compile } from 'typebox/compile'
import { DomainError, invalidField } from '#domain/errors.ts'
import { faultsFrom } from '#domain/schema-faults.ts'
import { NewWebhook, type WebhookFields } from './wire/webhook.ts'

const mostBytes = 1024 * 1024

/** The file `webhook` of a multipart form: a webhook as it was exported, wrapped or not. Throws `invalid`. */
export async function readWebhookForm(request: FastifyRequest): Promise<WebhookFields> {
  if (!request.isMultipart()) throw invalidField('webhook', 'required', '')
  const file = await request.file({ limits: { fileSize: mostBytes } })
  if (file?.fieldname !== 'webhook') throw invalidField('webhook', 'required', '')
  const chunks: Buffer[] = []
  for await (const chunk of file.file) chunks.push(chunk as Buffer)
  if (file.file.truncated) throw new DomainError('too_large', { most_bytes: mostBytes })
  const sent = readJson(Buffer.concat(chunks).toString('utf8'))
  const body = isWrapped(sent) ? sent : { webhook: sent }
  checker ??= Compile(NewWebhook)
  const faults = faultsFrom([...checker.Errors(body)] as never)
  if (faults.length > 0) throw new DomainError('invalid', { faults })
  return body.webhook as WebhookFields
}

let checker: ReturnType<typeof Compile<typeof NewWebhook>> | undefined

const isWrapped = (sent: unknown): sent is { webhook: unknown } =>
  typeof sent === 'object' && sent !== null && 'webhook' in sent

/** The hall looks at JSON bodies only; the store keeps neither NUL nor half a character. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown) => {
      if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed()))
        throw new SyntaxError('a character that cannot be kept')
      return value
    }) as unknown
  } catch {
    throw invalidField('webhook', 'invalid', 'must be a file of JSON.')
  }
}
