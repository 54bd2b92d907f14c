import type { FastifyRequest } from 'fastify'
import { DomainError, invalidField } from '#domain/errors.ts'

/** What a multipart form says of an asset beside its file (section 3.5). */
export interface AssetWords {
  title?: string
  description?: string
  tags?: string[]
  parent_uid?: string | null
}

export interface AssetForm {
  file: { filename: string; content_type: string; bytes: AsyncIterable<Uint8Array> }
  /** Complete only when the file has been read to its end. */
  words: () => AssetWords
}

type Parts = ReturnType<FastifyRequest['parts']>

const uploadBytes = 100 * 1024 * 1024

/**
 * The form, read up to its file, which is not held in memory: its bytes are read by whoever keeps them, and the
 * fields that stand behind it are put into `words` at their end. Throws `invalid` when there is no file.
 */
export async function readAssetForm(request: FastifyRequest): Promise<AssetForm> {
  if (!request.isMultipart()) throw invalidField('upload', 'required', '')
  const parts = request.parts()
  const words: AssetWords = {}
  // Not `for await`: leaving it would close the form before its file was read.
  for (let next = await parts.next(); !next.done; next = await parts.next()) {
    const part = next.value
    if (part.type === 'field') readWord(words, part.fieldname, part.value)
    else if (part.fieldname === 'asset[upload]') {
      const { filename, mimetype: content_type, file } = part
      return { file: { filename, content_type, bytes: bytesOf(file, parts, words) }, words: () => words }
    } else part.file.resume()
  }
  throw invalidField('upload', 'required', '')
}

async function* bytesOf(
  file: AsyncIterable<Uint8Array> & { truncated: boolean },
  parts: Parts,
  words: AssetWords,
): AsyncGenerator<Uint8Array> {
  yield* file
  if (file.truncated) throw new DomainError('too_large', { most_bytes: uploadBytes })
  for await (const part of parts) {
    if (part.type === 'field') readWord(words, part.fieldname, part.value)
    else part.file.resume()
  }
}

/** `asset[title]` and its like; whatever else a form carries is passed over. Throws `invalid` at the field. */
function readWord(words: AssetWords, fieldname: string, value: unknown): void {
  const [, word] = /^asset\[(title|description|tags|parent_uid)\]$/.exec(fieldname) ?? []
  if (word === undefined || typeof value !== 'string') return
  // The hall looks at JSON only; the store keeps no such text.
  if (value.includes('\0') || !value.isWellFormed())
    throw invalidField(word, 'invalid', 'must hold neither NUL nor half of a character.')
  if (fieldname === 'asset[title]' && value !== '') words.title = value
  if (fieldname === 'asset[description]') words.description = value
  if (fieldname === 'asset[tags]') words.tags = readTags(value)
  if (fieldname === 'asset[parent_uid]') words.parent_uid = readParent(value)
}

/** A list with commas. */
export function readTags(text: string): string[] {
  return text.split(',').flatMap((tag) => tag.trim() || [])
}

/** `cs_root` and nothing at all both mean the root. */
export function readParent(uid: string | null): string | null {
  return uid === '' || uid === 'cs_root' ? null : uid
}
