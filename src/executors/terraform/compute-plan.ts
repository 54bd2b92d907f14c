import { join } from 'node:path'
import { readFile } from 'node:fs/promises'
import { openEar, type Ear } from './ear.ts'
import type { Folders } from './message.ts'
import { blackener, type Session } from './open-session.ts'
import type { Refusal } from './prepare.ts'
import { readShownPlan, sensitiveTexts, type ShownPlan } from './shown-plan.ts'
import { runTerraform } from './terraform.ts'

export const planFile = 'plan.bin'

/** A plan as Terraform made it. */
export interface ComputedPlan {
  shown: ShownPlan
  /** The plan file's bytes. */
  bytes: Buffer
  /** `.terraform.lock.hcl`, where init wrote one. */
  lock: string | null
  /** Texts that it marks as sensitive. */
  sensitive: ReadonlySet<string>
  version: string | undefined
}

export interface PlanWish {
  /** Beside those that every plan is asked for with. */
  args: readonly string[]
  folders: Folders
}

/** Memory is kept, and the plan with it: nobody has a plan that is larger. */
const mostOfPlan = 512 << 20

/** `terraform plan`, and what it says that plan is. Null: the signal ended it. */
export async function computePlan(
  session: Session,
  { args, folders }: PlanWish,
): Promise<ComputedPlan | Refusal | null> {
  const { terraform, tools, folder } = session
  const ear = openEar(tools, { redact: blackener(session), folders })
  const usual = ['plan', '-json', '-input=false', `-out=${planFile}`, '-detailed-exitcode']
  const code = await runTerraform(terraform, [...usual, ...args], { hear: ear.messages })
  // 0: no difference. 2: there is one.
  if (code !== 0 && code !== 2) return tools.signal.aborted ? null : failure(ear)
  const shown = await showPlan(session, folders)
  if (!shown || 'code' in shown) return shown
  if (shown.errored) return { code: 'plan_failed', detail: ear.complaint() }
  const bytes = await readFile(join(folder.path, planFile))
  const lock = await readFile(join(folder.path, '.terraform.lock.hcl'), 'utf8').catch(() => null)
  return { shown, bytes, lock, sensitive: sensitiveTexts(shown), version: ear.version }
}

function failure(ear: Ear): Refusal {
  const locked = ear.errors.some(({ summary }) => summary === 'Error acquiring the state lock')
  return { code: locked ? 'state_locked' : 'plan_failed', detail: ear.complaint() }
}

async function showPlan(session: Session, folders: Folders): Promise<ShownPlan | Refusal | null> {
  const ear = openEar(session.tools, { redact: blackener(session), folders })
  const parts: Uint8Array[] = []
  let size = 0
  const code = await runTerraform(session.terraform, ['show', '-json', planFile], {
    hear: ear.words,
    take(chunk) {
      size += chunk.length
      if (size <= mostOfPlan) parts.push(Uint8Array.from(chunk))
    },
  })
  if (code !== 0) return session.tools.signal.aborted ? null : refused(ear.complaint())
  if (size > mostOfPlan) return refused(`The plan is larger than ${mostOfPlan >> 20} MiB.`)
  try {
    return readShownPlan(Buffer.concat(parts))
  } catch (error) {
    return refused(`What Terraform says of its plan cannot be read: ${(error as Error).message}`)
  }
}

function refused(detail: string): Refusal {
  return { code: 'plan_failed', detail }
}
