import type { FastifyRequest } from 'fastify'
import { authorize } from '#app/authorize.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import type { StackCall } from './route.ts'

const mostBytes = 1024 * 1024
const deepest = 64

type Sent = { [field: string]: unknown }

/**
 * The file `noun` of a multipart form: one thing as it was exported, wrapped in its noun or not. The hall looks at
 * JSON bodies only, so that what it refuses there is refused here; and who may not edit is told so before anything is
 * read. Throws `forbidden`, `invalid`, `too_large`.
 */
export async function readJsonForm(
  { ctx, project_id, branch, request }: StackCall,
  noun: string,
): Promise<Sent> {
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  return readJsonFile(request, noun)
}

/** The same; the caller authorises. */
export async function readJsonFile(request: FastifyRequest, noun: string): Promise<Sent> {
  if (!request.isMultipart()) throw invalidField(noun, 'required', '')
  const file = await request.file({ limits: { fileSize: mostBytes } })
  if (file?.fieldname !== noun) throw invalidField(noun, 'required', '')
  const chunks: Buffer[] = []
  for await (const chunk of file.file) chunks.push(chunk as Buffer)
  if (file.file.truncated) throw new DomainError('too_large', { most_bytes: mostBytes })
  const sent = parse(Buffer.concat(chunks).toString('utf8'))
  if (!isObject(sent) || !isKeepable(sent, 0))
    throw invalidField(noun, 'invalid', 'must be a file of JSON with an object in it.')
  const inner = sent[noun]
  return isObject(inner) ? inner : sent
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** No NUL, no half of a character, no number without bounds, no prototype, and an end to its depth. */
function isKeepable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed()
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  return (
    depth < deepest &&
    Object.entries(value).every(
      ([key, inner]) => key !== '__proto__' && isKeepable(key, depth) && isKeepable(inner, depth + 1),
    )
  )
}

function isObject(value: unknown): value is Sent {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
