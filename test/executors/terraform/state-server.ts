import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { text } from 'node:stream/consumers'

/** A state over HTTP in memory, as Terraform's backend wants it: one lock, one state, versions counted. */
export interface StateServer {
  address: string
  version: number
  state: { serial: number; lineage: string; [key: string]: unknown } | undefined
  lock: { ID: string } | undefined
  /** What comes of a post: by default it is taken. */
  onPost: () => number
  /** Method and user of each request. */
  asked: string[]
}

export async function startStateServer(t: Pick<TestContext, 'after'>): Promise<StateServer> {
  const at: StateServer = {
    ...{ address: '', version: 0, state: undefined, lock: undefined, asked: [] },
    onPost: () => 200,
  }
  const answer = async (request: IncomingMessage): Promise<[number, string]> => {
    const body = await text(request)
    const credentials = (request.headers.authorization ?? '').slice('Basic '.length)
    at.asked.push(`${request.method} ${Buffer.from(credentials, 'base64').toString()}`)
    if (request.method === 'GET') return at.state ? [200, JSON.stringify(at.state)] : [404, '']
    if (request.method === 'LOCK') {
      if (at.lock) return [423, JSON.stringify(at.lock)]
      at.lock = JSON.parse(body) as { ID: string }
      return [200, '']
    }
    if (request.method === 'UNLOCK') {
      at.lock = undefined
      return [200, '']
    }
    const code = at.onPost()
    if (code !== 200) return [code, 'the store is away']
    at.state = JSON.parse(body) as StateServer['state']
    at.version += 1
    return [200, '']
  }
  const server = createServer((request, response) => {
    void answer(request).then(([code, body]) => response.writeHead(code).end(body))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  at.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/state`
  return at
}
