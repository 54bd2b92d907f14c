import { join } from 'node:path'
import type { Effect } from '#domain/effect.ts'
import type { Change } from '#domain/plan.ts'
import type { StopReason } from '#executors/contract.ts'
import { openLineReader } from '#ground/lines.ts'
import { startProcess } from '#ground/processes.ts'
import type { RootMaterial } from './bench.ts'
import { findProgram } from './find-program.ts'
import { blackener, type Session } from './open-session.ts'
import type { ReadEffect } from './read-effects.ts'
import { plainEnvironment } from './terraform-environment.ts'

/** What a blueprint's hook says of a plan. */
export type HookAnswer =
  | { state: 'fine' }
  | { state: 'needs_approval'; reason: string }
  | { state: 'refused'; code: 'hook_refused' | 'hook_failed'; detail: string }
  | { state: 'stopped' }

export interface HookQuestion {
  hook: NonNullable<RootMaterial['hook']>
  material: RootMaterial
  changes: readonly Change[]
  effects: readonly ReadEffect[]
}

/** Exit code of a hook that leaves it to people. */
const wantsApproval = 2
const limitMs = 60_000
const graceMs = 2000
const rememberedLines = 5

/**
 * Runs the hook with one argument, the path of a JSON file that says what would change. Exit code 0: go on; 2: somebody
 * has to agree; anything else refuses the release. It gets PATH and no more of our environment, no shell reads anything,
 * and after a minute it is ended.
 */
export async function askHook(
  session: Session,
  question: HookQuestion,
  limit = limitMs,
): Promise<HookAnswer> {
  const { tools, folder } = session
  const { hook } = question
  const interpreter = hook.name.endsWith('.py') ? 'python3' : 'sh'
  const environment = plainEnvironment(folder)
  const found = await findProgram(interpreter, environment.PATH ?? '')
  if ('missing' in found) return failed(hook.name, `cannot be run. ${found.missing}`)
  const [file, facts] = [`hook/${hook.name.replaceAll(/[^A-Za-z0-9._-]/g, '_')}`, 'hook/release.json']
  const said = JSON.stringify(describePlan(question))
  await folder.lay(
    new Map<string, string | Uint8Array>([
      [file, hook.bytes],
      [facts, said],
    ]),
  )
  await tools.log('engine', [`Asking ${hook.name}.`])
  const ear = openHookEar(session)
  const running = await startProcess({
    command: [found.program, join(folder.path, file), join(folder.path, facts)],
    folder: join(folder.path, 'hook'),
    environment,
    mark: `${session.terraform.mark}.hook`,
    hear: ear.hear,
  })
  let late = false
  const timer = setTimeout(() => {
    late = true
    running.stop(graceMs)
  }, limit)
  const stop = () => running.stop((tools.signal.reason as StopReason) === 'lost' ? 0 : graceMs)
  tools.signal.addEventListener('abort', stop, { once: true })
  if (tools.signal.aborted) stop()
  const end = await running.ended
  clearTimeout(timer)
  tools.signal.removeEventListener('abort', stop)
  await ear.rest()
  if (tools.signal.aborted) return { state: 'stopped' }
  if (late) return failed(hook.name, `took longer than ${limit / 1000} seconds, and was ended.`)
  if (end.failure) return failed(hook.name, `could not be started: ${end.failure.message}`)
  if (end.code === 0) return { state: 'fine' }
  const words = ear.last().join(' / ')
  if (end.code === wantsApproval)
    return { state: 'needs_approval', reason: words || `${hook.name} asks for an approval.` }
  const how = end.code === null ? `was ended by ${end.signal}` : `ended with exit code ${end.code}`
  const detail = `The release's hook ${hook.name} ${how}. ${words ? `It last said: ${words}` : 'It said nothing.'}`
  return { state: 'refused', code: 'hook_refused', detail: detail.slice(0, 2000).toWellFormed() }
}

function failed(name: string, why: string): HookAnswer {
  return { state: 'refused', code: 'hook_failed', detail: `The release's hook ${name} ${why}` }
}

function openHookEar(session: Session) {
  const readers = { stdout: openLineReader(), stderr: openLineReader() }
  const redact = blackener(session)
  let last: string[] = []
  const say = async (stream: 'stdout' | 'stderr', raw: readonly string[]) => {
    const lines = raw.map(redact)
    last = [...last, ...lines.filter((line) => line.trim() !== '')].slice(-rememberedLines)
    if (lines.length > 0) await session.tools.log(stream, lines)
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

/** The words that hooks of blueprints know. */
const changeTypes: Readonly<Record<Effect['action'], string | undefined>> = {
  create: 'CREATE',
  update: 'UPDATE_IN_PLACE',
  replace: 'REPLACE',
  delete: 'DELETE',
  forget: 'DELETE',
  read: undefined,
}

/** Thing by thing what would change; of an item in which nothing does, the item itself. */
function describePlan({ material, changes, effects }: HookQuestion) {
  const byItem = Map.groupBy(effects, ({ effect }) => effect.item_key)
  const resources = changes.flatMap(({ key }) => {
    const [resourceType = '', ...name] = key.split('/')
    const named = { resourceType, resourceName: name.join('/') }
    const doing = (byItem.get(key) ?? []).flatMap(({ effect: { address, action } }) => {
      const changeType = changeTypes[action]
      return changeType === undefined ? [] : [{ ...named, resourcePath: address, changeType }]
    })
    return doing.length > 0 ? doing : [{ ...named, resourcePath: key, changeType: 'NO_OPERATION' }]
  })
  const { name, release_stream } = material.environment
  return { environmentName: name, releaseStream: release_stream, resources }
}
