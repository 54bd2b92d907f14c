import type { PlanTools, StopReason } from '#executors/contract.ts'
import { openLineReader } from '#ground/lines.ts'
import { startProcess, type ProcessEnd } from '#ground/processes.ts'
import type { WorkFolder } from './work-folder.ts'

/** Terraform as one attempt runs it: where, with what, and who hears it. */
export interface Terraform {
  program: string
  folder: WorkFolder
  environment: Readonly<Record<string, string>>
  /** Its processes are known by this and a number. */
  mark: string
  tools: PlanTools
  graceMs: number
}

/** It could not be started, or it was ended by somebody else: neither is the configuration's fault. */
export class ProgramError extends Error {
  readonly code: 'terraform_missing' | 'terraform_killed'

  constructor(code: ProgramError['code'], message: string) {
    super(message)
    this.code = code
  }
}

let started = 0

/** A line of Terraform's may hold a whole diagnostic with its snippet. */
const mostOfLine = 1 << 20

/**
 * Runs it with these arguments. `hear` gets its lines; or, with `take`, its output as bytes, and only what it says on
 * the side as lines. Answers its exit code; null where it ended because the signal said so and gave none.
 *
 * @throws ProgramError
 */
export async function runTerraform(
  terraform: Terraform,
  args: readonly string[],
  {
    hear,
    take,
  }: {
    hear: (stream: 'stdout' | 'stderr', lines: readonly string[]) => Promise<void>
    take?: (chunk: Uint8Array) => void
  },
): Promise<number | null> {
  const { program, folder, environment, mark, tools } = terraform
  if (tools.signal.aborted) return null
  const readers = { stdout: openLineReader(mostOfLine), stderr: openLineReader(mostOfLine) }
  const say = async (stream: 'stdout' | 'stderr', lines: readonly string[]) => {
    if (lines.length > 0) await hear(stream, lines)
  }
  const running = await startProcess({
    command: [program, ...args],
    folder: folder.path,
    environment,
    mark: `${mark}.${(started += 1)}`,
    first: 'itself',
    niceness: 5,
    // Only what applies runs programs of others, which may leave something behind.
    staysInGroup: args[0] !== 'apply',
    hear: (stream, chunk) =>
      take && stream === 'stdout' ? take(chunk) : say(stream, readers[stream].read(chunk)),
  })
  const stop = () =>
    running.stop(graceFor(tools.signal.reason as StopReason, terraform.graceMs, args[0] === 'apply'))
  tools.signal.addEventListener('abort', stop, { once: true })
  if (tools.signal.aborted) stop()
  const end = await running.ended
  tools.signal.removeEventListener('abort', stop)
  await say('stdout', readers.stdout.rest())
  const last = readers.stderr.rest()
  await say('stderr', last)
  return exitCode(end, terraform)
}

/**
 * When the process is about to end there is less time, and for what is not ours any more none: but an apply is let say
 * what it has made, which nobody would know else. It begins nothing new meanwhile.
 */
function graceFor(reason: StopReason, graceMs: number, applies: boolean): number {
  if (reason === 'lost' && !applies) return 0
  return reason === 'lost' || reason === 'stopping' ? Math.min(graceMs, 5000) : graceMs
}

function exitCode({ code, signal, failure }: ProcessEnd, { program, tools }: Terraform): number | null {
  if (failure)
    throw new ProgramError('terraform_missing', `${program} could not be started: ${failure.message}`)
  // What stands between us and it says so by these where it cannot be run.
  if (code === 126 || code === 127)
    throw new ProgramError('terraform_missing', `${program} could not be started: it is no program for here.`)
  if (code === null && !tools.signal.aborted)
    throw new ProgramError('terraform_killed', `Terraform was ended by ${signal}, and not by us.`)
  return code
}
