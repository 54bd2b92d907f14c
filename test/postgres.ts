import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A running server for the tests: its address (a superuser's), and how to end it and everything it wrote. */
export interface TestPostgres {
  url: string
  /** Ends the server and starts it again on the same port; `immediate`: as if the machine had lost its power. */
  restart(how?: { immediate?: boolean; downMs?: number }): Promise<void>
  stop(): Promise<void>
}

/** Why this machine cannot have a temporary server, in one sentence. */
export class NoPostgres extends Error {}

interface Account {
  uid?: number
  gid?: number
}

const START_TIMEOUT_MS = 30_000
const STOP_TIMEOUT_MS = 10_000

/**
 * Makes a cluster in a temporary folder from the machine's own binaries and starts it on a free loopback port.
 * Durable as in earnest (fsync stays on) unless told otherwise: without it, too, a server that is killed finds what
 * it wrote, and only what takes the machine's power could tell the difference.
 * @throws NoPostgres where there are no binaries, no user to run them as, or they do not start
 */
export async function startPostgres({ durable = true } = {}): Promise<TestPostgres> {
  const bin = findBinaries()
  const account = findAccount()
  const folder = mkdtempSync(join(temporaryRoot(), 'headgate-postgres-'))
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  try {
    if (account.uid !== undefined && account.gid !== undefined) chownSync(folder, account.uid, account.gid)
    const password = randomBytes(12).toString('hex')
    const data = initialise(bin, folder, account, password)
    const port = await freePort()
    let server = launch(bin, data, port, account, durable)
    const restart: TestPostgres['restart'] = async ({ immediate = false, downMs = 0 } = {}) => {
      await end(server, immediate ? 'SIGQUIT' : 'SIGINT')
      await sleep(downMs)
      server = launch(bin, data, port, account, durable)
      await untilReady(server, port, data)
    }
    const stop = async () => {
      await end(server)
      remove()
    }
    try {
      await untilReady(server, port, data)
    } catch (error) {
      await stop()
      throw error
    }
    return { url: `postgres://headgate:${password}@127.0.0.1:${port}/postgres`, restart, stop }
  } catch (error) {
    remove()
    if (error instanceof NoPostgres) throw error
    throw new NoPostgres(`the temporary cluster did not start: ${(error as Error).message}`)
  }
}

function findBinaries(): string {
  const versions = '/usr/lib/postgresql'
  const installed = existsSync(versions)
    ? readdirSync(versions)
        .toSorted((a, b) => Number(b) - Number(a))
        .map((version) => join(versions, version, 'bin'))
    : []
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...installed]
  const found = folders.find(
    (folder) => isExecutable(join(folder, 'initdb')) && isExecutable(join(folder, 'postgres')),
  )
  if (!found) throw new NoPostgres('there is no initdb in PATH or in /usr/lib/postgresql/*/bin')
  return found
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** PostgreSQL refuses to run as root, and a uid without a line in passwd fails in initdb. */
function findAccount(): Account {
  if (process.getuid?.() !== 0) return {}
  const passwd = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const line = passwd.find((entry) => entry.startsWith(`${name}:`))
    if (!line) continue
    const [, , uid, gid] = line.split(':')
    return { uid: Number(uid), gid: Number(gid) }
  }
  throw new NoPostgres('this is root, and there is neither a user postgres nor a user nobody to run it as')
}

/** Root's own TMPDIR may lie where the other user cannot go. */
function temporaryRoot(): string {
  const own = process.env.TMPDIR
  return own && process.getuid?.() !== 0 ? own : '/tmp'
}

function initialise(bin: string, folder: string, account: Account, password: string): string {
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (account.uid !== undefined && account.gid !== undefined)
    chownSync(passwordFile, account.uid, account.gid)
  const options = [
    '-D',
    data,
    '-U',
    'headgate',
    '-A',
    'scram-sha-256',
    '--pwfile',
    passwordFile,
    '-E',
    'UTF8',
  ]
  const run = (locale: string) =>
    spawnSync(join(bin, 'initdb'), [...options, '--locale', locale, '--no-sync'], {
      ...account,
      cwd: folder,
      encoding: 'utf8',
    })
  // The embedded store sorts by C.UTF-8 too; a machine without that locale has C.
  const first = run('C.UTF-8')
  const last = first.status === 0 ? first : run('C')
  if (last.status !== 0) throw new NoPostgres(`initdb failed: ${(last.error?.message ?? last.stderr).trim()}`)
  return data
}

function launch(bin: string, data: string, port: number, account: Account, durable: boolean): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 300,
    fsync: durable ? 'on' : 'off',
    log_min_messages: 'fatal',
    logging_collector: 'off',
  }
  const args = [
    '-D',
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  const postgres = join(bin, 'postgres')
  // With setpriv the server ends with us even when we are killed outright.
  const [command, ...before] = hasSetpriv() ? ['setpriv', '--pdeathsig', 'INT', postgres] : [postgres]
  return spawn(command, [...before, ...args], { ...account, cwd: data, stdio: ['ignore', 'ignore', 'pipe'] })
}

function hasSetpriv(): boolean {
  try {
    execFileSync('setpriv', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function untilReady(server: ChildProcess, port: number, data: string): Promise<void> {
  let said = ''
  server.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)))
  let ended = false
  server.once('error', (error) => ((ended = true), (said += error.message)))
  server.once('exit', () => (ended = true))
  const deadline = performance.now() + START_TIMEOUT_MS
  while (!ended && performance.now() < deadline) {
    if (isReady(data) && (await answers(port))) return
    await sleep(20)
  }
  throw new NoPostgres(`postgres did not start: ${said.trim() || 'it gave no reason'}`)
}

/** The eighth line of postmaster.pid says when the server takes connections. */
function isReady(data: string): boolean {
  const file = join(data, 'postmaster.pid')
  return existsSync(file) && readFileSync(file, 'utf8').split('\n')[7]?.trim() === 'ready'
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

/** SIGINT is PostgreSQL's fast shutdown: it drops whoever is still connected. */
async function end(server: ChildProcess, signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill(signal)
  const stopped = await Promise.race([ended.then(() => true), sleep(STOP_TIMEOUT_MS, false, { ref: false })])
  if (stopped) return
  server.kill('SIGQUIT')
  await ended
}
