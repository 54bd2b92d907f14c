import { availableParallelism } from 'node:os'
import type { PlanTools } from '#executors/contract.ts'
import { redactor } from '#ground/redact.ts'
import type { StateAccess, Subject, TerraformBench } from './bench.ts'
import { findProgram } from './find-program.ts'
import { readSettings, type TerraformSettings } from './settings.ts'
import { ProgramError, type Terraform } from './terraform.ts'
import { openTurns, type Turns } from './turns.ts'
import { cliConfigFile, terraformEnvironment } from './terraform-environment.ts'
import { openWorkFolder, type WorkFolder } from './work-folder.ts'

export interface Workshop {
  bench: TerraformBench
  turns: Turns
  /** Between SIGINT and SIGTERM, and between that and SIGKILL. */
  graceMs: number
}

export interface WorkshopOptions {
  /** How many Terraforms at once; as many as there are cores. */
  atOnce?: number
  graceMs?: number
}

export function openWorkshop(bench: TerraformBench, options: WorkshopOptions): Workshop {
  const { atOnce = availableParallelism(), graceMs = 15_000 } = options
  return { bench, turns: openTurns(atOnce), graceMs }
}

/** One attempt's own Terraform: its folder, its credentials, its turn. */
export interface Session {
  terraform: Terraform
  folder: WorkFolder
  settings: TerraformSettings
  tools: PlanTools
  /** What nobody may read in the log. */
  secrets: readonly string[]
}

export interface Attempt {
  subject: Subject
  attempt: number
  environment_id: string
  settings: { readonly [key: string]: unknown } | undefined
  tools: PlanTools
}

/**
 * Opens a session and does the work in it. The lock of an earlier attempt that died is let go of before, what this one
 * left is let go of after, and the folder is cleared whatever happens. Undefined: the signal came before its turn.
 *
 * @throws ProgramError where there is no Terraform, and whatever the work throws
 */
export async function inSession<T>(
  { bench, turns, graceMs }: Workshop,
  { subject, attempt, environment_id, settings: said, tools }: Attempt,
  work: (session: Session) => Promise<T>,
): Promise<T | undefined> {
  const settings = readSettings(said)
  const found = await findProgram(settings.binary, process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin')
  if ('missing' in found) throw new ProgramError('terraform_missing', found.missing)
  const waiting = (before: number) =>
    tools.log('engine', [
      `Waiting for a turn: ${before} before this one, and as many at work as there may be.`,
    ])
  const giveBack = await turns.take(tools.signal, waiting)
  if (!giveBack) return undefined
  try {
    await bench.letGoOfLock(environment_id, subject, attempt)
    const state = await bench.stateAccess(subject, attempt, environment_id)
    const folder = await openWorkFolder()
    try {
      await folder.lay(new Map([[cliConfigFile, '']]))
      const mark = `${subject.id}.${attempt}`
      const environment = terraformEnvironment(folder, settings, state)
      const terraform = { program: found.program, folder, environment, mark, tools, graceMs }
      return await work({ terraform, folder, settings, tools, secrets: secretsOf(settings, state) })
    } finally {
      await folder.clear()
      await bench.letGoOfLock(environment_id, subject, attempt)
    }
  } finally {
    giveBack()
  }
}

function secretsOf({ environment }: TerraformSettings, { password }: StateAccess): string[] {
  return [password, ...Object.values(environment)]
}

/** Blackens what nobody may read, and what else is said to be secret. */
export function blackener({ secrets }: Session, more: Iterable<string> = []): (line: string) => string {
  return redactor([...secrets, ...more])
}
