import type { FastifyReply } from 'fastify'

/** The headers that the vendor's readers send; browsers ask whether they may. */
export const readingHeaders =
  'api_key, access_token, preview_token, branch, release_id, live_preview, preview_timestamp, content-type, ' +
  'if-none-match, range, x-user-agent, x-header-ea'

/**
 * Lets the script of any site have an answer: pages read the delivery API from the browser, as at the vendor
 * (section 1.7). Nothing is known of them there but the token that they send themselves.
 */
export function letRead(reply: FastifyReply): void {
  void reply
    .header('access-control-allow-origin', '*')
    .header('access-control-expose-headers', 'etag, x-request-id, x-ratelimit-limit, x-ratelimit-remaining')
    .header('cross-origin-resource-policy', 'cross-origin')
}
