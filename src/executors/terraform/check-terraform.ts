import type { Ending, Order, Tools } from '#executors/contract.ts'
import type { Subject } from './bench.ts'
import { rootFile } from './build-root.ts'
import { openEar } from './ear.ts'
import { blackener, inSession, type Session, type Workshop } from './open-session.ts'
import { prepare } from './prepare.ts'
import { refusalOf } from './refusal-of.ts'
import { runTerraform } from './terraform.ts'

const nothing = JSON.stringify({ terraform: { backend: { http: {} } } })
const untouched = { state: 'stopped', untouched: true } as const

/** Finds out whether there is a Terraform here, which one, and whether it reaches the state. It plans nothing. */
export async function checkTerraform(workshop: Workshop, order: Order, tools: Tools): Promise<Ending> {
  const environment_id = order.environment?.id
  if (environment_id === undefined) return refused('no_environment', 'There is no environment to check.')
  const subject: Subject = { kind: 'run', id: order.subject_id }
  const { attempt, settings } = order
  try {
    const asked = { subject, attempt, environment_id, settings, tools }
    return (await inSession(workshop, asked, check)) ?? untouched
  } catch (error) {
    if (tools.signal.aborted) return untouched
    const { code, detail } = refusalOf(error)
    return refused(code, detail)
  }
}

async function check(session: Session): Promise<Ending> {
  await session.folder.lay(new Map([[rootFile, nothing]]))
  const ear = openEar(session.tools, { redact: blackener(session), folders: new Map() })
  const code = await runTerraform(session.terraform, ['version'], { hear: ear.words })
  if (code === null) return untouched
  if (code !== 0) return refused('terraform_missing', ear.complaint())
  const unready = await prepare(session, new Map())
  if (unready === null) return untouched
  if (unready) return refused(unready.code, unready.detail)
  return { state: 'succeeded', result: { program: session.terraform.program } }
}

function refused(code: string, detail: string): Ending {
  return { state: 'failed', code, detail, untouched: true }
}
