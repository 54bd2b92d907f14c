import type { DriftedThing } from '#domain/effect.ts'
import type { Ending, Json, Order, Tools } from '#executors/contract.ts'
import { attributeChanges } from './attribute-changes.ts'
import type { StateFacts, Subject } from './bench.ts'
import { buildRoot, type Root } from './build-root.ts'
import { computePlan, planFile } from './compute-plan.ts'
import { openEar } from './ear.ts'
import { blackener, inSession, type Session, type Workshop } from './open-session.ts'
import { prepare } from './prepare.ts'
import { actionOf, itemOf } from './read-effects.ts'
import { refusalOf } from './refusal-of.ts'
import { rescueState } from './rescue-state.ts'
import type { ShownPlan } from './shown-plan.ts'
import { runTerraform } from './terraform.ts'

/**
 * Compares what is outside with what it was left as. With `input.adopt` what is found becomes what is known of it: a
 * plan that only refreshes, applied. Else it reads, and takes no lock: its result counts only where the state stands
 * where it stood then (`state_version`).
 */
export async function lookForDrift(workshop: Workshop, order: Order, tools: Tools): Promise<Ending> {
  if (order.kind !== 'drift')
    return refused('not_runnable', `Terraform has nothing to do for a run of kind ${order.kind}.`)
  if (tools.signal.aborted) return untouched
  try {
    return await look(workshop, order, tools)
  } catch (error) {
    if (tools.signal.aborted) return { state: 'stopped' }
    return refused(...words(refusalOf(error)))
  }
}

const untouched = { state: 'stopped', untouched: true } as const
const words = ({ code, detail }: { code: string; detail: string }) => [code, detail] as const

async function look(workshop: Workshop, order: Order, tools: Tools): Promise<Ending> {
  const { bench } = workshop
  const environment_id = order.environment?.id
  if (environment_id === undefined) return refused('no_environment', 'There is no environment to look at.')
  const subject: Subject = { kind: 'run', id: order.subject_id }
  const root = buildRoot(await bench.root({ subject, environment_id, items: 'live' }))
  const stands = await bench.state(environment_id)
  const { attempt, settings } = order
  const ending = await inSession(workshop, { subject, attempt, environment_id, settings, tools }, (session) =>
    lookIn(workshop, session, { root, stands, environment_id, adopt: order.input.adopt === true }),
  )
  return ending ?? untouched
}

interface Looking {
  root: Root
  stands: StateFacts
  environment_id: string
  adopt: boolean
}

async function lookIn(workshop: Workshop, session: Session, looking: Looking): Promise<Ending> {
  const { root, stands, adopt } = looking
  session.secrets = [...session.secrets, ...Object.values(root.secrets)]
  await session.folder.lay(root.files)
  const { folders } = root
  const unready = await prepare(session, folders)
  if (unready !== undefined) return unready ? refused(...words(unready)) : untouched
  const lock = adopt ? `-lock-timeout=${session.settings.lock_timeout_seconds}s` : '-lock=false'
  const computed = await computePlan(session, { args: ['-refresh-only', lock], folders })
  if (!computed) return untouched
  if ('code' in computed) return refused(...words(computed))
  session.secrets = [...session.secrets, ...computed.sensitive]
  const items = readDrift(computed.shown, root, blackener(session))
  // Applied also where nothing drifted: what is kept of outputs may be of yesterday.
  const broke =
    adopt && computed.shown.applyable !== false ? await adoptIn(workshop, session, looking) : undefined
  if (broke) return broke
  const outcome = items.length === 0 ? 'clean' : 'drifted'
  const result = { outcome, items, state_version: stands.version, adopted: adopt }
  return { state: 'succeeded', result: result as unknown as { [key: string]: Json } }
}

async function adoptIn(
  { bench }: Workshop,
  session: Session,
  { root, environment_id }: Looking,
): Promise<Ending | undefined> {
  const { tools, terraform } = session
  const ear = openEar(tools, { redact: blackener(session), folders: root.folders })
  const code = await runTerraform(terraform, ['apply', '-json', '-input=false', planFile], {
    hear: ear.messages,
  })
  if (code === 0) return undefined
  const rescued = await rescueState(bench, session, environment_id, { changed: false })
  if (rescued !== undefined) return { state: 'failed', code: 'state_not_saved', detail: rescued }
  // It changes nothing outside, whatever became of it.
  if (tools.signal.aborted) return untouched
  return refused('adopt_failed', ear.complaint())
}

function readDrift(
  { resource_drift = [] }: ShownPlan,
  { keys }: Root,
  redact: (text: string) => string,
): DriftedThing[] {
  return resource_drift.flatMap(({ address, mode, change }): DriftedThing[] => {
    const action = actionOf(change.actions)
    if (mode !== 'managed' || (action !== 'update' && action !== 'delete')) return []
    const attributes = attributeChanges(change, redact)
    return [{ item_key: itemOf(address, keys), address, action, attributes }]
  })
}

function refused(code: string, detail: string): Ending {
  return { state: 'failed', code, detail, untouched: true }
}
