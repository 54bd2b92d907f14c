import { Type } from 'typebox'
import type { House } from '#app/context.ts'
import { checkReadiness } from '#app/readiness/check-readiness.ts'
import { root, type NativeServer } from '../server.ts'

const Probe = Type.Object({ status: Type.String() })

/** For those who watch the process: no token, no secrets. */
export function probeRoutes(server: NativeServer, house: House): void {
  const config = { public: true, unlimited: true }
  server.get(
    `${root}/live`,
    { config, schema: { tags: ['probes'], summary: 'Whether the process runs', response: { 200: Probe } } },
    () => ({ status: 'live' }),
  )
  server.get(
    `${root}/ready`,
    {
      config,
      schema: { tags: ['probes'], summary: 'Whether it can serve', response: { 200: Probe, 503: Probe } },
    },
    async (_request, reply) => {
      if (await checkReadiness(house)) return { status: 'ready' }
      return reply.code(503).send({ status: 'the store does not answer' })
    },
  )
}
