import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { randomUUID } from 'node:crypto'
import { markName, signalTo } from '../process-tree.ts'
import { findPrlimit, findSetpriv } from '../processes.ts'
import { startWatcher } from '../watcher.ts'
import { cleanEnvironment, settings } from './clean-environment.ts'

export interface GitOptions {
  /** Where it runs; the mirror's own folder by default. */
  folder?: string
  /** Added to an environment that is otherwise empty. */
  environment?: Readonly<Record<string, string>>
  input?: string | Uint8Array | AsyncIterable<Uint8Array>
  signal?: AbortSignal
  /** After this long it is ended: a minute by default. */
  timeout_seconds?: number
  /** More than this of stdout ends it: 16 MiB by default. What is longer is read by `streamGit`. */
  mostBytes?: number
  /**
   * More memory of its own than this is refused to it: 2 GiB by default, Infinity for no limit. A commit of a few
   * kilobytes can be made to need all that there is.
   */
  mostMemoryBytes?: number
  /** It starts programs of its own that wait for others: all of them are ended when we die. */
  guarded?: boolean
}

export interface GitEnd {
  code: number
  /** What it wrote. */
  bytes: Buffer
  /** The same as UTF-8; what is none shows as U+FFFD. */
  readonly stdout: string
  stderr: string
}

/** Git could not be started, was ended before it was done, said too much, or (of a stream) failed. */
export class GitError extends Error {
  readonly reason: 'not_started' | 'timed_out' | 'aborted' | 'too_long' | 'failed'

  constructor(reason: GitError['reason'], message: string) {
    super(message)
    this.name = 'GitError'
    this.reason = reason
  }
}

const mostOfStderr = 64 * 1024
const usualMemoryBytes = 2 * 1024 ** 3
const killAfterMs = 2000

/**
 * Runs `git` with these arguments; no shell reads them. A code other than 0 is an answer and no error.
 * What comes from outside has to stand behind `--end-of-options` or `--`.
 *
 * @throws GitError where it did not end by itself
 */
export async function runGit(args: readonly string[], options: GitOptions = {}): Promise<GitEnd> {
  const chunks: Uint8Array[] = []
  let size = 0
  const { mostBytes = 16 * 1024 * 1024 } = options
  const running = await start(args, options, 60)
  try {
    for await (const chunk of running.child.stdout as AsyncIterable<Uint8Array>) {
      size += chunk.length
      if (size > mostBytes)
        throw new GitError('too_long', `git ${verb(args)} said more than ${mostBytes} bytes`)
      chunks.push(chunk)
    }
    const { code, stderr } = await running.ended
    return endOf(code, Buffer.concat(chunks), stderr)
  } finally {
    running.stop()
  }
}

/**
 * What it writes, as it comes, at the pace at which it is read. Whoever stops reading ends it.
 *
 * @throws GitError also where it ended with another code than 0
 */
export async function* streamGit(
  args: readonly string[],
  options: GitOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const running = await start(args, options, 600)
  try {
    yield* running.child.stdout as AsyncIterable<Uint8Array>
    const { code, stderr } = await running.ended
    if (code !== 0) throw new GitError('failed', `git ${verb(args)}: ${lastLines(stderr) || `code ${code}`}`)
  } finally {
    running.stop()
  }
}

function endOf(code: number, bytes: Buffer, stderr: string): GitEnd {
  return {
    code,
    bytes,
    get stdout() {
      return bytes.toString('utf8')
    },
    stderr,
  }
}

/** What it said of its failure, in one line. */
export function lastLines(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('warning:'))
  // What a push was refused for stands before the error that says that it was.
  const at = lines.findIndex((line) => /^(?:remote: )?(?:fatal|error):|^ ! \[/i.test(line))
  const told = at < 0 ? lines.slice(-3) : lines.slice(at, at + 3)
  return (
    told
      .join(' ')
      .replace(/^fatal: /, '')
      // A remote says whatever it likes, in whatever colours.
      .replaceAll(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, 1000)
      .toWellFormed()
  )
}

const verb = (args: readonly string[]) => args.find((arg) => !arg.startsWith('-')) ?? ''

async function start(args: readonly string[], options: GitOptions, seconds: number) {
  const { input, signal, timeout_seconds = seconds, guarded = false } = options
  signal?.throwIfAborted()
  const words = [...(await wrapping(options)), 'git', ...settings, ...args]
  signal?.throwIfAborted()
  const mark = randomUUID()
  const watcher = guarded ? startWatcher(mark) : undefined
  let child: ReturnType<typeof spawnGit>
  try {
    child = spawnGit(words, options, guarded ? { [markName]: mark } : {})
  } catch (error) {
    watcher?.dismiss()
    throw error
  }
  if (child.pid !== undefined) watcher?.watch(child.pid)
  let broken: GitError | undefined
  const breakOff = (reason: 'timed_out' | 'aborted', message: string) => {
    broken ??= new GitError(reason, message)
    stop()
  }
  const timer = setTimeout(
    () => breakOff('timed_out', `git ${verb(args)} took longer than ${timeout_seconds} s`),
    timeout_seconds * 1000,
  )
  const abort = () => breakOff('aborted', `git ${verb(args)} was called off`)
  signal?.addEventListener('abort', abort, { once: true })
  const stop = () => endGroup(child)
  const ended = finish(child, args).then(
    (end) => {
      if (broken) throw broken
      return end
    },
    (error: unknown) => {
      throw broken ?? error
    },
  )
  ended
    .catch(() => undefined)
    .finally(() => {
      clearTimeout(timer)
      watcher?.dismiss()
      signal?.removeEventListener('abort', abort)
    })
  feed(child, input)
  return { child: child as ChildProcess & { stdout: Readable }, ended, stop }
}

/** What git is started by, where the machine has that: it ends with us, and takes no more memory than it may. */
async function wrapping({ mostMemoryBytes = usualMemoryBytes }: GitOptions): Promise<string[]> {
  const setpriv = await findSetpriv()
  const prlimit = Number.isFinite(mostMemoryBytes) ? await findPrlimit() : undefined
  return [
    // TERM, not KILL: git takes its lock files away with it.
    ...(setpriv ? [setpriv, '--pdeathsig', 'TERM', '--'] : []),
    ...(prlimit ? [prlimit, `--data=${mostMemoryBytes}`, '--'] : []),
  ]
}

function spawnGit(
  [program = '', ...args]: readonly string[],
  { folder, environment }: GitOptions,
  marked: Record<string, string>,
) {
  try {
    return spawn(program, args, {
      ...(folder === undefined ? {} : { cwd: folder }),
      env: { ...cleanEnvironment(environment), ...marked },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      shell: false,
    })
  } catch (error) {
    // Node says some failures (arguments that are too long) at once and not by an event.
    throw new GitError('not_started', `git could not be started: ${(error as Error).message}`)
  }
}

async function finish(
  child: ChildProcess,
  args: readonly string[],
): Promise<Pick<GitEnd, 'code' | 'stderr'>> {
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    if (stderr.length < mostOfStderr) stderr += chunk.toString('utf8')
  })
  const [code, signal] = (await once(child, 'close').catch((error: unknown) => {
    throw new GitError('not_started', `git could not be started: ${(error as Error).message}`)
  })) as [number | null, NodeJS.Signals | null]
  if (code === 127 && /^(?:setpriv|prlimit):/.test(stderr))
    throw new GitError('not_started', `git could not be started: ${stderr.trim()}`)
  if (code === null) throw new GitError('failed', `git ${verb(args)} was ended by ${signal}`)
  return { code, stderr }
}

/** Who reads no more of it closes the pipe: no matter. */
function feed(child: ChildProcess, input: GitOptions['input']): void {
  const { stdin } = child
  if (!stdin) return
  stdin.on('error', () => undefined)
  if (input === undefined || typeof input === 'string' || input instanceof Uint8Array) stdin.end(input)
  else pipeline(Readable.from(input), stdin).catch(() => endGroup(child))
}

function endGroup(child: ChildProcess): void {
  const { pid } = child
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  signalTo(-pid, 'SIGTERM')
  setTimeout(() => {
    if (child.exitCode === null && child.signalCode === null) signalTo(-pid, 'SIGKILL')
  }, killAfterMs).unref()
}
