import { hash } from 'node:crypto'
import { createGunzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, type ErrorCode } from '#domain/errors.ts'
import type { Surface } from '#surfaces/contract.ts'
import { loadReader, type Reader } from './reader.ts'
import { pageOf, pagePolicy, startOf, type DocumentLink } from './page.ts'

const root = '/docs'

/** What the other surfaces serve, as OpenAPI documents and as a page to read and try them on. */
export function docs(surfaces: readonly Surface[]): Surface {
  return {
    name: 'docs',
    claims: (path) => path === root || path.startsWith(`${root}/`),
    fail,
    unmatched: (_request, reply) => say(reply, 404, 'Nothing is served at this path. See /docs.'),
    mount: (server) => mount(server, surfaces),
  }
}

function mount(server: FastifyInstance, surfaces: readonly Surface[]): void {
  const described = surfaces.filter(({ openApi }) => openApi)
  const links = described.map(({ name, title = name }): DocumentLink => ({
    name,
    title,
    url: `${root}/${name}.json`,
  }))
  const schema = { hide: true } as object

  server.get(root, { schema }, async (request, reply) => {
    const { url } = await reader()
    void reply.type('text/html; charset=utf-8').header('content-security-policy', pagePolicy)
    return answer(request, reply, pageOf(url))
  })

  server.get(`${root}/start.js`, { schema }, (request, reply) => {
    void reply.type('text/javascript; charset=utf-8')
    return answer(request, reply, startOf(links))
  })

  server.get(`${root}/reader/:digest`, { schema }, async (request, reply) => {
    const { url, gzipped } = await reader()
    if (request.url.split('?')[0] !== url) return say(reply, 404, 'That is another version of the page.')
    // The address changes with what it names.
    void reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=31536000, immutable')
    void reply.header('vary', 'accept-encoding')
    if (/\bgzip\b/.test(request.headers['accept-encoding'] ?? ''))
      return reply.header('content-encoding', 'gzip').send(gzipped)
    const plain = createGunzip()
    plain.end(gzipped)
    return reply.send(plain)
  })

  for (const { name, openApi } of described) {
    let text: string | undefined
    server.get(`${root}/${name}.json`, { schema }, (request, reply) => {
      void reply.type('application/json; charset=utf-8')
      return answer(request, reply, (text ??= JSON.stringify(openApi?.())))
    })
  }
}

/** Read from its package when the first page is asked for: half a second, and a megabyte kept. */
let loading: Promise<Reader> | undefined

function reader(): Promise<Reader> {
  return (loading ??= loadReader(`${root}/reader`))
}

function answer(request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply {
  const etag = `"${hash('sha256', text, 'base64url').slice(0, 16)}"`
  void reply.headers({ etag, 'cache-control': 'no-cache' })
  if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send()
  return reply.send(text)
}

function fail(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (!(error instanceof DomainError))
    return void say(reply, 500, `Something broke here. Request ${request.id}.`)
  const statuses: Partial<Record<ErrorCode, number>> = { too_large: 413, rate_limited: 429, unavailable: 503 }
  return void say(
    reply,
    statuses[(error as DomainError).code] ?? 400,
    'This request cannot be answered here. See /docs.',
  )
}

function say(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${text}\n`)
}
