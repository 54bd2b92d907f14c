import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  placeAfter,
  readChangelogAfter,
  type Changelog,
  type SpanNamed,
} from '#app/changelog/read-changelog.ts'
import { writeChangelog } from '#app/changelog/write-changelog.ts'
import { invalidField } from '#domain/errors.ts'
import { callerOf } from './caller.ts'
import { viewCodeChange, viewSpan } from './views/changelog.ts'

export interface Asked {
  limit?: number
  after?: string
  format?: 'json' | 'markdown'
}

const usualLimit = 50
/** How much is put together before it is sent. */
const pieceLength = 32 * 1024

/**
 * A changelog as it is read, so that a long one is nowhere whole: as JSON in the form of CodeChangelog, or as Markdown
 * where `format` or Accept asks for it. Answers what to send, its headers set. Throws before the first byte.
 */
export async function answerChangelog(
  request: FastifyRequest,
  reply: Pick<FastifyReply, 'header' | 'raw'>,
  named: SpanNamed,
  { limit, after, format }: Asked,
): Promise<Readable> {
  const ctx = callerOf(request)
  const gone = new AbortController()
  // Whoever goes away takes git with them.
  reply.raw.once('close', () => gone.abort())
  if (format ? format === 'markdown' : prefersMarkdown(request.headers.accept)) {
    if (after !== undefined) throw invalidField('query.after', 'invalid', 'is for pages of JSON')
    const text = await writeChangelog(
      ctx,
      { ...named, ...(limit !== undefined && { most: limit }) },
      gone.signal,
    )
    void reply.header('content-type', 'text/markdown; charset=utf-8')
    return Readable.from(text, { objectMode: false })
  }
  const changelog = await readChangelogAfter(ctx, { ...named, after }, gone.signal)
  void reply.header('content-type', 'application/json; charset=utf-8')
  return Readable.from(writeJson(changelog, limit ?? usualLimit), { objectMode: false })
}

function prefersMarkdown(accept: string | undefined): boolean {
  const wanted = accept?.split(',').map((one) => one.split(';', 1)[0]!.trim().toLowerCase()) ?? []
  const json = wanted.findIndex((type) => type === 'application/json')
  const markdown = wanted.indexOf('text/markdown')
  return markdown >= 0 && (json < 0 || markdown < json)
}

async function* writeJson(
  { base, head, changes, from }: Changelog & { from: number },
  limit: number,
): AsyncGenerator<string, void, undefined> {
  let piece = `${JSON.stringify(viewSpan({ base, head })).slice(0, -1)},"items":[`
  let count = 0
  let more = false
  for await (const change of changes) {
    if ((more = count === limit)) break
    piece += `${count === 0 ? '' : ','}${JSON.stringify(viewCodeChange(change))}`
    count += 1
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  yield `${piece}],"next":${JSON.stringify(more ? placeAfter(base, head, from + count) : null)}}`
}
