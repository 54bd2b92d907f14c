import { hash } from 'node:crypto'
import { may } from '#domain/principal.ts'
import { header } from './auth.ts'
import { limitsOf } from './limits.ts'
import type { StackCall } from './route.ts'

/** Every header that decides what a read answers. What a proxy encodes it adds itself. */
const vary = 'api_key, access_token, preview_token, branch, release_id'

/** Says of whatever comes that nobody may keep it, until `answerDelivery` knows better. */
export function keepNothing({ reply }: StackCall): void {
  void reply.header('cache-control', 'no-store').header('vary', vary)
}

/**
 * Sends an answer as sites and their proxies keep it. Its tag is made of its bytes, so that it changes when anything
 * in the answer does, what is referred to included. Who has the same already is told so (304). What a token that
 * previews reads is kept by nobody.
 */
export async function answerDelivery(call: StackCall, body: object, keys: string): Promise<object> {
  const { ctx, project_id, request, reply } = call
  const text = JSON.stringify(body)
  void reply.type('application/json; charset=utf-8')
  if (ctx.principal && may(ctx.principal, 'release.preview', { project_id })) {
    void reply.header('cache-control', 'private, no-store')
    return reply.send(text)
  }
  const { cache_seconds, stale_seconds } = await limitsOf(call)
  const tag = `W/"${hash('sha1', text, 'base64url')}"`
  void reply
    .header('etag', tag)
    .header(
      'cache-control',
      `public, max-age=0, s-maxage=${cache_seconds}, stale-while-revalidate=${stale_seconds}`,
    )
    .header('surrogate-key', keys)
  if (!names(header(request, 'if-none-match'), tag)) return reply.send(text)
  return reply.code(304).send()
}

/** Whether `If-None-Match` has this tag; weak and strong ones are the same here. */
function names(asked: string | undefined, tag: string): boolean {
  if (asked === undefined) return false
  const bare = tag.slice(2)
  return asked.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === bare)
}
