import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

/** A real HTTP server on a free port of this machine; gone when the test ends, whatever it still has in hand. */
export async function serve(
  t: TestContext,
  handle: RequestListener,
): Promise<{ server: Server; port: number }> {
  const server = createServer(handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { server, port: (server.address() as AddressInfo).port }
}
