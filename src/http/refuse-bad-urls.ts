import type { FastifyInstance } from 'fastify'
import { malformed } from './hall-error.ts'

/** What is not UTF-8 once decoded, or holds a NUL that no database takes, is refused before anybody reads it. */
export function refuseBadUrls(server: FastifyInstance): void {
  server.addHook('onRequest', async ({ raw: { url = '' } }) => {
    if (!url.includes('%')) return
    if (url.includes('%00')) throw malformed('There is a NUL character in the URL.')
    try {
      decodeURIComponent(url)
    } catch {
      throw malformed('The URL is not well percent-encoded UTF-8.')
    }
  })
}
