import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { RouteOptions } from 'fastify'
import { createServer } from '#http/server.ts'
import type { Surface } from '#surfaces/contract.ts'
import { aviator } from '#surfaces/aviator/index.ts'
import { contentstack } from '#surfaces/contentstack/index.ts'
import { docs } from '#surfaces/docs/index.ts'
import { facets } from '#surfaces/facets/index.ts'
import { hooks } from '#surfaces/hooks/index.ts'
import { native } from '#surfaces/native/index.ts'
import { terraformState } from '#surfaces/terraform-state/index.ts'
import { smallHouse } from '../small-house.ts'

/** A surface of no routes that hears of all the others'. */
function listener(): Surface & { routes: string[] } {
  const routes: string[] = []
  return {
    routes,
    name: 'listener',
    claims: () => false,
    fail: () => {},
    unmatched: () => {},
    mount(server) {
      server.addHook('onRoute', ({ method, url }: RouteOptions) => {
        for (const one of [method].flat())
          if (one !== 'HEAD' && one !== 'OPTIONS') routes.push(`${url} ${one}`)
      })
    },
  }
}

const unwanted = () => Promise.reject(new Error('nobody asks for it here'))
const noOperations = { makeBackup: unwanted, metrics: unwanted }

test('what is served changes only on purpose', async (t: TestContext) => {
  const { house } = await smallHouse(t)
  const heard = listener()
  const verifyChain = async () => ({ whole: true, length: 0, head: '' })
  const noEvents = { follow: async () => ({ position: 0, stop: () => {} }) }
  const surfaces = [
    heard,
    hooks,
    terraformState,
    native({
      operations: noOperations,
      verifyChain,
      events: noEvents,
      logs: { watch: () => () => {} },
      parts: [facets, contentstack, aviator],
    }),
    facets,
    contentstack,
    aviator,
  ]
  surfaces.push(docs(surfaces))
  const server = await createServer({ house, surfaces, log: false })
  t.after(() => server.close())
  const lines = heard.routes.toSorted().map((route) => route.split(' ').toReversed().join(' '))
  t.assert.fileSnapshot(`${lines.join('\n')}\n`, join(import.meta.dirname, '../golden/routes.txt'), {
    serializers: [String],
  })
})
