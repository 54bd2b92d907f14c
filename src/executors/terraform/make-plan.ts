import type { MadePlan, PlanTools, Task } from '#executors/contract.ts'
import type { RootMaterial, Subject } from './bench.ts'
import { askHook } from './ask-hook.ts'
import { buildRoot, type Root } from './build-root.ts'
import { computePlan, type ComputedPlan } from './compute-plan.ts'
import { changesSomething, groupEffects } from './group-effects.ts'
import { packBundle, planContext } from './kept-plan.ts'
import { moduleName } from './module-name.ts'
import { blackener, inSession, type Session, type Workshop } from './open-session.ts'
import { prepare } from './prepare.ts'
import { readEffects, type ReadEffect } from './read-effects.ts'
import { refusalOf } from './refusal-of.ts'

/**
 * Plans a deployment with Terraform: the configuration of all that the revision holds, targeted where only some of it
 * was selected. Reads the world and the state, and changes neither.
 */
export async function makePlan(workshop: Workshop, task: Task, tools: PlanTools): Promise<MadePlan> {
  if (tools.signal.aborted) return { state: 'stopped' }
  try {
    return await plan(workshop, task, tools)
  } catch (error) {
    if (tools.signal.aborted) return { state: 'stopped' }
    return { state: 'failed', ...refusalOf(error) }
  }
}

async function plan(workshop: Workshop, task: Task, tools: PlanTools): Promise<MadePlan> {
  const { bench } = workshop
  const { environment_id, attempt = 1, settings } = task
  const subject: Subject = { kind: 'deployment', id: task.deployment_id }
  // Without a target Terraform would plan everything.
  if (task.selected && task.items.length === 0)
    return { state: 'failed', code: 'nothing_selected', detail: noneLeft }
  const whole = (task.whole ?? task.items).filter(({ version }) => version !== null)
  // Where nothing is to stay, what is live says how it is reached: its providers, which else nobody would configure.
  const destroysAll = whole.length === 0 && !task.selected
  const material = await bench.root({ subject, environment_id, items: destroysAll ? 'live' : whole })
  const root = buildRoot(material)
  const stands = await bench.state(environment_id)
  if (stands.unposted) return { state: 'failed', code: 'state_not_posted', detail: missing(stands.unposted) }
  const made = await inSession(workshop, { subject, attempt, environment_id, settings, tools }, (session) =>
    planIn(workshop, { session, task, root, material, destroysAll, stands }),
  )
  return made ?? { state: 'stopped' }
}

const noneLeft =
  'Nothing that was selected is in the release or live any more; nothing was planned and nothing changed.'

const missing = (blob: string) =>
  `An earlier release could not post the state of what it made: it is kept as blob ${blob}, and planning without it would make all that once more. Post it (POST …/state/rescue), or set it aside there; nothing was changed.`

interface Planning {
  session: Session
  task: Task
  root: Root
  material: RootMaterial
  destroysAll: boolean
  stands: { version: number; serial: number | null; lineage: string | null }
}

async function planIn({ bench }: Workshop, planning: Planning): Promise<MadePlan> {
  const { session, task, root, material, stands } = planning
  session.secrets = [...session.secrets, ...Object.values(root.secrets)]
  await session.folder.lay(root.files)
  const { folders } = root
  const unready = await prepare(session, folders)
  if (unready !== undefined) return unready ? { state: 'failed', ...unready } : { state: 'stopped' }
  const computed = await computePlan(session, { args: planArguments(planning), folders })
  if (!computed) return { state: 'stopped' }
  if ('code' in computed) return { state: 'failed', ...computed }
  const redact = blackener(session, computed.sensitive)
  const effects = readEffects(computed.shown, { keys: knownKeys(task, root), redact })
  const changes = groupEffects(task, effects, bench.fingerprint)
  const doing = effects.some(({ effect }) => changesSomething(effect))
  const faulty = changes.some(({ fault }) => fault)
  const hook = doing && !faulty && material.hook ? material.hook : null
  const answer = hook && (await askHook(session, { hook, material, changes, effects }))
  if (answer?.state === 'stopped') return { state: 'stopped' }
  if (answer?.state === 'refused') return { state: 'failed', code: answer.code, detail: answer.detail }
  const context = planContext(task.deployment_id)
  const blob = await bench.keep(packBundle(bundleOf(planning, computed, effects)), context)
  return {
    state: 'made',
    changes,
    effects: effects.map(({ effect }) => effect),
    kept: {
      blob,
      deployment_id: task.deployment_id,
      state_version: stands.version,
      serial: stands.serial,
      lineage: stands.lineage,
      refresh: task.refresh ?? true,
      ...(computed.version === undefined ? {} : { tool: computed.version }),
    },
    ...(answer?.state === 'needs_approval' ? { needs_approval: answer.reason } : {}),
  }
}

function planArguments({ session, task, destroysAll }: Planning): string[] {
  const targets = task.selected ? task.items.map(({ key }) => `-target=module.${calledBy(key)}`) : []
  return [
    `-refresh=${task.refresh ?? true}`,
    `-lock-timeout=${session.settings.lock_timeout_seconds}s`,
    ...(destroysAll ? ['-destroy'] : []),
    ...targets,
  ]
}

function bundleOf({ session, root }: Planning, computed: ComputedPlan, effects: readonly ReadEffect[]) {
  return {
    plan: computed.bytes,
    lock: computed.lock,
    effects: effects.flatMap(({ effect: { item_key, address, action } }) =>
      action === 'read' ? [] : [{ item_key, address, action }],
    ),
    folders: [...root.folders],
    secrets: [...session.secrets.slice(1), ...computed.sensitive].slice(0, mostSecrets),
  }
}

const mostSecrets = 5000

/** Of the release, and of what is live and may go, by what their resources are called. */
function knownKeys({ live }: Task, root: Root): Map<string, string> {
  return new Map([...live.map(({ key }): [string, string] => [calledBy(key), key]), ...root.keys])
}

function calledBy(key: string): string {
  const [type = '', ...name] = key.split('/')
  return moduleName(type, name.join('/'))
}
