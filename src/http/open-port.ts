import { readFile } from 'node:fs/promises'
import { Server as TlsServer } from 'node:https'
import type { FastifyInstance } from 'fastify'
import { createServer, type ServerOptions } from './server.ts'

export interface PortOptions extends Omit<ServerOptions, 'tls'> {
  host: string
  /** 0 takes any that is free. */
  port: number
  /** How others reach us, where that is not the port's own address. */
  url: string
  /** Paths of PEM files. */
  tls: { cert: string; key: string } | null
}

export interface OpenPort {
  server: FastifyInstance
  url: string
  /** Reads the certificate anew. Throws where it cannot be used; the old one stays then. */
  reload(): Promise<void>
  /** Takes nothing new, and answers when everything taken is answered, or after ten seconds. */
  close(): Promise<void>
}

/** How long what is being answered may take when the process is told to end. */
const mostClosingMs = 10_000

/** The hall with every surface mounted, listening. */
export async function openPort({ host, port, url, tls, ...options }: PortOptions): Promise<OpenPort> {
  let closing = false
  const watch = (watched: FastifyInstance) => {
    options.watch?.(watched)
    // The server closes what is idle when it ends, but waits for what becomes idle later.
    watched.addHook('onResponse', async ({ raw }) => {
      if (closing) raw.socket.end()
    })
  }
  const server = await createServer({ ...options, watch, ...(tls ? { tls: await readTls(tls) } : {}) })
  await server.listen({ host, port })
  const address = server.addresses()[0]
  const taken =
    port === 0 && typeof address === 'object' ? `${tls ? 'https' : 'http'}://${host}:${address.port}` : url
  return {
    server,
    url: taken,
    async reload() {
      if (tls && server.server instanceof TlsServer) server.server.setSecureContext(await readTls(tls))
    },
    async close() {
      closing = true
      const late = setTimeout(() => server.server.closeAllConnections(), mostClosingMs)
      await server.close().finally(() => clearTimeout(late))
    },
  }
}

async function readTls({ cert, key }: { cert: string; key: string }) {
  return { cert: await readFile(cert), key: await readFile(key) }
}
