import { openEar } from './ear.ts'
import type { Folders } from './message.ts'
import { blackener, type Session } from './open-session.ts'
import { runTerraform } from './terraform.ts'

/** Why nothing came of it: a code and a sentence. */
export interface Refusal {
  code: string
  detail: string
}

/** `terraform init`. Undefined: it is ready; null: the signal ended it. */
export async function prepare(session: Session, folders: Folders): Promise<Refusal | null | undefined> {
  const ear = openEar(session.tools, { redact: blackener(session), folders })
  const code = await runTerraform(session.terraform, ['init', '-input=false', '-no-color'], {
    hear: ear.words,
  })
  if (code === 0) return undefined
  if (code === null || session.tools.signal.aborted) return null
  return { code: 'init_failed', detail: ear.complaint() }
}
