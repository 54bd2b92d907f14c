import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { createLog } from '#http/request-log.ts'
import { createServer, type ServerOptions } from '#http/server.ts'
import { closeAfter } from '../close-after.ts'
import { memory } from '../open-house.ts'
import { smallHouse } from '../small-house.ts'
import { smallSurface } from './small-surface.ts'

export interface SmallHall {
  server: FastifyInstance
  url: string
  /** What was logged. */
  log: { text: string }
  ask(path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; said: Said }>
}

export interface Said {
  voice?: string
  code?: string
  detail?: string
  [field: string]: unknown
}

/** The hall with two small surfaces, listening on a free port. */
export async function smallHall(t: TestContext, options: Partial<ServerOptions> = {}): Promise<SmallHall> {
  const { house } = await smallHouse(t)
  const log = memory()
  const surfaces = [smallSurface('one'), smallSurface('two')]
  const server = await createServer({ house, surfaces, log: createLog('debug', log), ...options })
  closeAfter(t, () => server.close())
  const url = await server.listen({ port: 0, host: '127.0.0.1' })
  const ask: SmallHall['ask'] = async (path, init) => {
    const response = await fetch(`${url}${path}`, init)
    const text = await response.text()
    const said = text.startsWith('{') ? (JSON.parse(text) as Said) : { text }
    return { status: response.status, headers: response.headers, said }
  }
  return { server, url, log, ask }
}

/** Bytes as they are onto the wire, and what comes back until the server hangs up or is silent. */
export function sendRaw(url: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    socket.setTimeout(1000, () => socket.destroy())
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
    socket.on('close', () => resolve(answer))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve(answer) : reject(error),
    )
  })
}
