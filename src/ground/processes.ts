import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, constants } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { endTree, markName, signalTo } from './process-tree.ts'
import { startWatcher } from './watcher.ts'

export interface ProcessOrder {
  /** The program and its arguments. No shell reads them. */
  command: readonly string[]
  folder: string
  /** All of it: nothing of our own environment is handed on. */
  environment: Readonly<Record<string, string>>
  /** What its processes are known by, in their environment: no two trees have the same. */
  mark: string
  /** Whom SIGINT and SIGTERM reach: all of the group, or, where it ends its children itself, it alone. */
  first?: 'group' | 'itself'
  /** How much it steps back behind others, from 0 to 19. */
  niceness?: number
  /** It starts nothing that leaves its group: when it has ended, nobody looks through all processes for more. */
  staysInGroup?: boolean
  /** Its promise is waited for before more is read. */
  hear(stream: 'stdout' | 'stderr', chunk: Uint8Array): Promise<void> | void
}

export interface ProcessEnd {
  code: number | null
  signal: NodeJS.Signals | null
  /** It could not be started at all. */
  failure: Error | undefined
}

export interface RunningProcess {
  /** When it, and all that it left behind, is gone. Never rejects. */
  ended: Promise<ProcessEnd>
  /** SIGINT, after `graceMs` SIGTERM, after as long again SIGKILL to all of the tree. With 0: SIGKILL at once. */
  stop(graceMs: number): void
}

/** How long the pipes of an ended process are read for what is still in them. */
const drainMs = 2000

/**
 * Starts a program in a process group of its own. When it ends, by itself or not, the rest of its tree is ended; when
 * we die, however, a watcher ends all of it, and `setpriv --pdeathsig` the program itself at once.
 */
export async function startProcess(order: ProcessOrder): Promise<RunningProcess> {
  const { command, folder, environment, mark } = order
  const [program = '', ...rest] = command
  const watcher = startWatcher(mark)
  const setpriv = await findSetpriv()
  const words = setpriv ? [setpriv, '--pdeathsig', 'KILL', '--', program, ...rest] : [program, ...rest]
  let child: ChildProcess
  try {
    child = spawn(words[0]!, words.slice(1), {
      cwd: folder,
      env: { ...environment, [markName]: mark },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      shell: false,
    })
  } catch (error) {
    // Node says some failures (a folder that is a file, arguments that are too long) at once and not by an event.
    watcher.dismiss()
    return { ended: Promise.resolve({ code: null, signal: null, failure: error as Error }), stop() {} }
  }
  if (child.pid !== undefined) {
    watcher.watch(child.pid)
    stepBack(child.pid, order.niceness)
  }
  const gone = new AbortController()
  const ended = finish(order, child).finally(() => {
    gone.abort()
    watcher.dismiss()
  })
  let stopping = false
  return {
    ended,
    stop(graceMs) {
      if (stopping || child.pid === undefined) return
      stopping = true
      const gently = order.first === 'itself' ? child.pid : -child.pid
      void endGently({ pid: child.pid, gently, mark }, graceMs, gone.signal)
    },
  }
}

async function finish(
  { mark, hear, staysInGroup = false }: ProcessOrder,
  child: ChildProcess,
): Promise<ProcessEnd> {
  const { pid } = child
  const reading = Promise.all([
    pump(child.stdout, (chunk) => hear('stdout', chunk)),
    pump(child.stderr, (chunk) => hear('stderr', chunk)),
  ])
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    if (pid !== undefined) {
      signalTo(-pid, 'SIGKILL')
      if (!staysInGroup) await endTree(mark, undefined)
    }
    await Promise.race([reading, sleep(drainMs, undefined, { ref: false })])
    return { code, signal, failure: undefined }
  } catch (error) {
    return { code: null, signal: null, failure: error as Error }
  } finally {
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
}

async function pump(
  stream: Readable | null,
  hear: (chunk: Uint8Array) => Promise<void> | void,
): Promise<void> {
  if (!stream) return
  try {
    for await (const chunk of stream) await hear(chunk as Uint8Array)
  } catch {
    // Cut off in the middle: what came is what there is.
  }
}

/** At once, before it has threads of its own: on Linux each has its own priority. */
function stepBack(pid: number, niceness = 0): void {
  try {
    if (niceness > 0) setPriority(pid, niceness)
  } catch {
    // It has ended already, or the system has no such thing.
  }
}

async function endGently(
  { pid, gently, mark }: { pid: number; gently: number; mark: string },
  graceMs: number,
  gone: AbortSignal,
): Promise<void> {
  for (const signal of graceMs > 0 ? (['SIGINT', 'SIGTERM'] as const) : []) {
    if (gone.aborted) return
    signalTo(gently, signal)
    await sleep(graceMs, undefined, { signal: gone }).catch(() => undefined)
  }
  if (gone.aborted) return
  signalTo(-pid, 'SIGKILL')
  await endTree(mark, pid)
}

const programs = new Map<string, Promise<string | undefined>>()

/** Where the program is that ends another when its parent dies; undefined where there is none. */
export function findSetpriv(): Promise<string | undefined> {
  return findOnLinux('setpriv')
}

/** Where the program is that limits what another may use; undefined where there is none. */
export function findPrlimit(): Promise<string | undefined> {
  return findOnLinux('prlimit')
}

function findOnLinux(name: string): Promise<string | undefined> {
  const found = programs.get(name) ?? search(name)
  programs.set(name, found)
  return found
}

async function search(name: string): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined
  for (const folder of (process.env.PATH ?? '/usr/bin:/bin').split(delimiter)) {
    const file = join(folder, name)
    const there = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (there) return file
  }
  return undefined
}
