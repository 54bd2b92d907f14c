import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { FreshPlace } from './fresh-store.ts'

const bin = fileURLToPath(new URL('../bin/headgate.js', import.meta.url))

export const token = 'recovery-token-0123456789'
export const apiKey = 'bltrecovery00000001'
export const deliveryToken = 'csrecoverydelivery0001'
export const environments = ['one', 'two', 'three']

/** A content project with its tokens and environments, as headgate.yaml. */
const configurationOf = (names: readonly string[]) => `
users:
  - { email: ada@example.com, name: Ada, role: admin, password: recovery-password }
tokens:
  - { name: ci, user: ada@example.com, secret: ${token}, scopes: ['*'] }
projects:
  - key: site
    kind: content
    content:
      api_key: ${apiKey}
      master_locale: en-us
      management_tokens: [{ name: ci, token: csrecoverymanagement01, scopes: ['*'] }]
      delivery_tokens: [{ name: site, token: ${deliveryToken}, environments: [${names[0]}] }]
    environments: [${names.map((name) => `{ name: ${name} }`).join(', ')}]
`

export interface ServerProcess {
  url: string
  child: ChildProcess
  /** What it wrote to its output so far. */
  said(): string
  /** Milliseconds from the start of the process until it was ready. */
  readyMs: number
  /** SIGKILL, and gone. */
  kill(): Promise<void>
  /** SIGTERM, and gone. */
  stop(): Promise<void>
}

/** A whole server in a process of its own, ready to be killed. */
export async function startServer(
  place: Pick<FreshPlace, 'dataDir' | 'databaseUrl'>,
  names: readonly string[] = environments,
  settings: Record<string, string> = {},
): Promise<ServerProcess> {
  const file = join(place.dataDir, 'headgate.yaml')
  await writeFile(file, configurationOf(names))
  const port = await freePort()
  const began = performance.now()
  const child = spawn(process.execPath, [bin, 'serve'], {
    env: {
      PATH: process.env.PATH,
      HEADGATE_HOST: '127.0.0.1',
      HEADGATE_PORT: String(port),
      HEADGATE_DATA_DIR: place.dataDir,
      HEADGATE_CONFIG: file,
      HEADGATE_LOG_LEVEL: 'warn',
      HEADGATE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      ...(place.databaseUrl ? { DATABASE_URL: place.databaseUrl } : {}),
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
  const gone = once(child, 'exit')
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await gone
  }
  const url = `${settings.HEADGATE_TLS_CERT ? 'https' : 'http'}://127.0.0.1:${port}`
  // A worker answers nobody, and who knows no certificate cannot ask: they say when they are ready.
  const silent = settings.HEADGATE_ROLE === 'worker' || settings.HEADGATE_TLS_CERT
  const ready = silent ? async () => /listens on|works/.test(said) : () => isReady(url)
  while (!(await ready())) {
    if (child.exitCode !== null || performance.now() - began > 60_000) {
      await end('SIGKILL')
      throw new Error(`the server did not become ready:\n${said}`)
    }
    await sleep(10)
  }
  return {
    url,
    child,
    said: () => said,
    readyMs: performance.now() - began,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/headgate/v1/ready`).catch(() => undefined)
  return response?.status === 200
}

/** One that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
