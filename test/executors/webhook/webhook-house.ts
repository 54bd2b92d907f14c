import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import type { Deployment } from '#api/deployment.ts'
import type { LogLine } from '#api/log.ts'
import { verifySignature } from '#ground/signatures.ts'
import { waitUntil } from '../../engine/wait-until.ts'
import { serve } from '../../ground/receiver.ts'
import { openSite, sharedSite, type Site } from '../../native/site.ts'

export const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`

/** What arrived at the receiver, its signature checked. */
export interface Arrived {
  type: string
  id: string
  signed: boolean
  dispatch_id: string
  deployment_id?: string
  run_id?: string
  items: { key: string; action: string; after: string }[]
  callback: { url: string; token: string }
}

export interface WebhookHouse extends Site {
  arrived: Arrived[]
  /** How the receiver answers; by default it takes everything. */
  answer: (request: IncomingMessage, response: ServerResponse, message: Arrived) => void
  port: number
  /** Asks for a deployment of one new entry to staging. */
  deploy(name?: string): Promise<Deployment>
  /** The message of a deployment, once it has arrived. */
  message(deployment: { id: string }, type?: string): Promise<Arrived>
  callBack(message: Arrived, body: object, token?: string): Promise<Response>
  logOf(deployment: { id: string }): Promise<string[]>
}

/** A whole server whose staging is deployed to by a real receiver on this machine. */
export async function webhookHouse(t: TestContext): Promise<WebhookHouse> {
  return withReceiver(t, await openSite(t), 60)
}

/** The same on one server for all the tests of a file: each has a project and a receiver of its own, and the clock in common. */
export function sharedWebhookHouse() {
  const site = sharedSite()
  return async (t: TestContext, { timeout_seconds = 60 } = {}): Promise<WebhookHouse> =>
    withReceiver(t, await site(), timeout_seconds)
}

async function withReceiver(t: TestContext, site: Site, timeout_seconds: number): Promise<WebhookHouse> {
  const arrived: Arrived[] = []
  const { port } = await serve(t, async (request, response) => {
    const body = await text(request)
    const said = request.headers as Record<string, string>
    const signed = verifySignature(said, body, [secret], site.clock.now)
    const message = { ...(body ? JSON.parse(body) : {}), id: said['webhook-id'], signed }
    if (request.method === 'POST') arrived.push(message)
    house.answer(request, response, message)
  })
  const yaml = `
projects:
  - key: ${site.key}
    kind: content
    environments:
      - { name: staging, deploy: { executor: webhook, url: "http://127.0.0.1:${port}/run", secret: "${secret}", timeout_seconds: ${timeout_seconds} } }
`
  await site.client.applyConfiguration({ yaml })
  let count = 0
  const house: WebhookHouse = {
    ...site,
    arrived,
    port,
    answer: (_request, response) => void response.writeHead(202).end('{}'),
    async deploy(name = 'Release') {
      count += 1
      const key = await site.write(`entry${count}`, `Entry ${count}`)
      const release = await site.release(`${name} ${count}`, [key])
      return site.client.deploy(site.key, 'staging', { release })
    },
    async message({ id }, type = 'headgate.deploy') {
      const find = () =>
        arrived.find((one) => one.type === type && (one.deployment_id === id || one.run_id === id))
      await waitUntil(() => find() !== undefined, `${type} of ${id}`)
      return find()!
    },
    callBack: ({ callback }, body, token = callback.token) =>
      fetch(callback.url, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    async logOf({ id }) {
      const { items } = await site.client.getDeploymentLog(id, { limit: 1000 })
      return items.map((line: LogLine) => `${line.stream} ${line.text}`)
    },
  }
  return house
}
