import type { Ending, Order, Tools } from '#executors/contract.ts'
import type { Subject } from './bench.ts'
import { openEar, type Ear } from './ear.ts'
import { openBundle, planContext, type Bundle } from './kept-plan.ts'
import { lockedProviders } from './lay-providers.ts'
import { blackener, inSession, type Session, type Workshop } from './open-session.ts'
import { planFile } from './compute-plan.ts'
import { prepare } from './prepare.ts'
import { openProgress, type Progress } from './progress.ts'
import { refusalOf } from './refusal-of.ts'
import { rescueState } from './rescue-state.ts'
import { runTerraform } from './terraform.ts'
import { pushState } from './push-state.ts'
import { rootFile } from './build-root.ts'

/** Carries out exactly the plan that was kept, or nothing. */
export async function applyKept(workshop: Workshop, order: Order, tools: Tools): Promise<Ending> {
  if (tools.signal.aborted) return untouched
  try {
    return await apply(workshop, order, tools)
  } catch (error) {
    if (tools.signal.aborted) return { state: 'stopped' }
    // Terraform may have been killed in the middle; what is not there or has no room began nothing.
    const refusal = refusalOf(error)
    return { state: 'failed', ...refusal, untouched: refusal.code !== 'terraform_killed' }
  }
}

const untouched = { state: 'stopped', untouched: true } as const

async function apply(workshop: Workshop, order: Order, tools: Tools): Promise<Ending> {
  const { bench } = workshop
  const { kept } = order.plan ?? {}
  const environment_id = order.environment?.id
  if (!kept?.blob || environment_id === undefined)
    return refused('plan_lost', 'There is no kept plan to apply.')
  const stands = await bench.state(environment_id)
  if (stands.version !== kept.state_version) return refused('plan_stale', staleSince)
  const planner = typeof kept.deployment_id === 'string' ? kept.deployment_id : order.subject_id
  const bytes = await bench.take(kept.blob, planContext(planner))
  if (!bytes) return refused('plan_lost', 'The plan that was kept is not there any more.')
  const bundle = openBundle(bytes)
  const subject: Subject = { kind: 'deployment', id: order.subject_id }
  const { attempt, settings } = order
  const ending = await inSession(workshop, { subject, attempt, environment_id, settings, tools }, (session) =>
    applyIn(workshop, session, { order, bundle, environment_id }),
  )
  return ending ?? untouched
}

const staleSince = 'The state has changed since this was planned. Plan it again.'

interface Applying {
  order: Order
  bundle: Bundle
  environment_id: string
}

async function applyIn(
  { bench }: Workshop,
  session: Session,
  { order, bundle, environment_id }: Applying,
): Promise<Ending> {
  session.secrets = [...session.secrets, ...bundle.secrets]
  const folders = new Map(bundle.folders)
  const { tools, folder, terraform, settings } = session
  await folder.lay(new Map([[planFile, bundle.plan]]))
  const providers = lockedProviders(bundle.lock)
  if (providers !== undefined) {
    await folder.lay(
      new Map([
        [rootFile, providers],
        ['.terraform.lock.hcl', bundle.lock ?? ''],
      ]),
    )
    const unready = await prepare(session, folders)
    if (unready !== undefined) return unready ? refused(unready.code, unready.detail) : untouched
  }
  const progress = openProgress(bundle.effects)
  const ear = openEar(tools, { redact: blackener(session), folders }, progress.hear)
  const wait = `-lock-timeout=${settings.lock_timeout_seconds}s`
  const code = await runTerraform(terraform, ['apply', '-json', '-input=false', wait, planFile], {
    hear: ear.messages,
  }).catch(async (error: unknown) => {
    await rescueState(bench, session, environment_id)
    throw error
  })
  if (code === 0) return { state: 'succeeded', result: summary(order, ear) }
  const saved = await pushState(session)
  const rescued = saved ? undefined : await rescueState(bench, session, environment_id)
  return howItFailed({ order, ear, progress, code, rescued, stopped: tools.signal.aborted })
}

function howItFailed({
  order,
  ear,
  progress,
  code,
  rescued,
  stopped,
}: {
  order: Order
  ear: Ear
  progress: Progress
  code: number | null
  rescued: string | undefined
  stopped: boolean
}): Ending {
  // What was done and is in no state is not done for anybody who looks there.
  if (rescued !== undefined)
    return {
      state: 'failed',
      code: 'state_not_saved',
      detail: `${rescued} ${ear.complaint()}`,
    }
  // Ended by itself, before anything was begun. Where it was killed nobody knows.
  const nothing = code !== null && !progress.begun()
  if (stopped) return nothing ? untouched : { state: 'stopped' }
  const said = (summary: string) => ear.errors.some((error) => error.summary === summary)
  if (said('Saved plan is stale')) return refused('plan_stale', staleSince)
  if (said('Error acquiring the state lock')) return refused('state_locked', ear.complaint())
  if (nothing) return refused('apply_failed', ear.complaint())
  const items = progress.results(order.changes, ear.errors)
  return { state: 'failed', code: 'apply_failed', detail: ear.complaint(), items }
}

function summary({ changes }: Order, { version }: Ear): { [key: string]: number | string } {
  const changed = changes.filter(({ action }) => action !== 'none').length
  return { changed, ...(version === undefined ? {} : { tool: version }) }
}

function refused(code: string, detail: string): Ending {
  return { state: 'failed', code, detail, untouched: true }
}
