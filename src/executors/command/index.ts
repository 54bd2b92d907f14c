import { planChanges } from '#domain/plan.ts'
import { joinVocabularies } from '#domain/order-vocabulary.ts'
import type { Ending, Order, OrderVocabulary } from '#executors/contract.ts'
import type { OutsideExecutor, StopReason, Tools } from '#executors/contract.ts'
import { openLineReader } from '#ground/lines.ts'
import { endTree } from '#ground/process-tree.ts'
import { startProcess, type ProcessEnd } from '#ground/processes.ts'
import { redactor } from '#ground/redact.ts'
import { openDesk } from './desk.ts'

export interface CommandSettings {
  command: readonly string[]
  working_folder?: string
  environment?: Readonly<Record<string, string>>
}

/** Between SIGINT and SIGTERM, and between that and SIGKILL. */
const usualGraceMs = 5000

export interface CommandOptions {
  /** What else the facts are called. */
  vocabulary?: OrderVocabulary
  graceMs?: number
}

/**
 * Runs a command of headgate.yaml: a list of arguments, never a shell's line, with an environment of its own. Nothing
 * is known of a command whose process was lost, so that it is never run again by itself.
 */
export function commandExecutor({
  vocabulary = joinVocabularies([]),
  graceMs = usualGraceMs,
}: CommandOptions = {}): OutsideExecutor {
  const run = (order: Order, tools: Tools) => runCommand(order, tools, { vocabulary, graceMs })
  return {
    name: 'command',
    scope: 'outside',
    after_loss: 'never',
    plan: async (task) => planChanges(task),
    apply: run,
    run,
    async endLeft(dispatch_id) {
      await endTree(dispatch_id)
    },
  }
}

async function runCommand(
  order: Order,
  tools: Tools,
  { vocabulary, graceMs }: Required<CommandOptions>,
): Promise<Ending> {
  if (tools.signal.aborted) return { state: 'stopped', untouched: true }
  const settings = order.settings as unknown as CommandSettings
  const desk = await openDesk(order, settings, vocabulary)
  const ear = openEar(tools, redactor(Object.values(settings.environment ?? {})))
  try {
    const running = await startProcess({
      command: settings.command,
      folder: settings.working_folder ?? process.cwd(),
      environment: desk.environment,
      mark: order.dispatch_id,
      hear: ear.hear,
    })
    const stop = () => running.stop(graceFor(tools.signal.reason as StopReason, graceMs))
    tools.signal.addEventListener('abort', stop, { once: true })
    if (tools.signal.aborted) stop()
    const end = await running.ended
    tools.signal.removeEventListener('abort', stop)
    await ear.rest()
    return endingOf(end, settings.command[0] ?? '', ear.last(), tools.signal.aborted)
  } finally {
    await desk.clear()
  }
}

/** When the process is about to end there is less time, and for what is not ours any more none. */
function graceFor(reason: StopReason, graceMs: number): number {
  if (reason === 'lost') return 0
  return reason === 'stopping' ? Math.min(graceMs, 2000) : graceMs
}

function endingOf(
  { code, signal, failure }: ProcessEnd,
  program: string,
  last: readonly string[],
  stopped: boolean,
): Ending {
  if (failure)
    return {
      state: 'failed',
      code: 'not_started',
      detail: `${program} could not be started: ${failure.message}`,
      untouched: true,
    }
  if (code === 0) return { state: 'succeeded', result: { exit_code: 0 } }
  if (stopped) return { state: 'stopped' }
  const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`
  const words = last.length === 0 ? 'It said nothing.' : `It last said: ${last.join(' / ')}`
  return {
    state: 'failed',
    code: code === null ? 'killed' : 'exit_code',
    detail: `${program} ${how}. ${words}`.slice(0, 2000).toWellFormed(),
  }
}

const rememberedLines = 5

/** Hears both streams line by line, blackens what is secret, and remembers the last that was said. */
function openEar({ log }: Tools, redact: (line: string) => string) {
  const readers = { stdout: openLineReader(), stderr: openLineReader() }
  let last: string[] = []
  async function say(stream: 'stdout' | 'stderr', raw: readonly string[]): Promise<void> {
    if (raw.length === 0) return
    const lines = raw.map(redact)
    last = [...last, ...lines.filter((line) => line.trim() !== '')].slice(-rememberedLines)
    await log(stream, lines)
  }
  return {
    hear: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => say(stream, readers[stream].read(chunk)),
    async rest() {
      await say('stdout', readers.stdout.rest())
      await say('stderr', readers.stderr.rest())
    },
    last: (): readonly string[] => last,
  }
}
