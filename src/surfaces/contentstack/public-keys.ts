import type { FastifyInstance } from 'fastify'
import type { House } from '#app/context.ts'
import { publicKeyOf } from '#app/webhooks/signing-key.ts'
import { surface } from './ids.ts'

/** Where receivers of webhooks find the key that verifies their signatures (the vendor's "Secure Your Webhooks"). */
export const publicKeysPath = '/.well-known/public-keys.json'

/** Outside `/v3`, for everybody. */
export function servePublicKeys(server: FastifyInstance, house: House): void {
  server.get(publicKeysPath, async (_request, reply) => {
    void reply.header('cache-control', 'public, max-age=300')
    return { 'signing-key': await publicKeyOf(house, surface) }
  })
}
