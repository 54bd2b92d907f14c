import { createHmac, hash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { ResourceContent, ResourceInput } from '#domain/blueprint.ts'
import type { LiveItem, PinnedItem } from '#domain/item.ts'
import type { JsonObject } from '#domain/json.ts'
import type { Change } from '#domain/plan.ts'
import { digestOf } from '#domain/revision.ts'
import type { Ending, KeptPlan, MadePlan, Order, StopReason, Task, Tools } from '#executors/contract.ts'
import type { ModuleMaterial, RootMaterial, TerraformBench } from '#executors/terraform/bench.ts'
import { terraformExecutor } from '#executors/terraform/index.ts'
import { startFileProvider, type Operation } from '../../../examples/file-provider/start-file-provider.ts'
import { modules } from './bench-modules.ts'
import { startStateServer } from './state-server.ts'

export interface Resource {
  /** `type/name`. */
  key: string
  spec: JsonObject
  inputs?: Record<string, ResourceInput>
  /** The module by its intent; its type when left out. */
  module?: string
  environment?: JsonObject
}

export interface ReleaseOptions {
  /** Keys of what is selected. */
  only?: string[]
  refresh?: boolean
  allow_destroy?: boolean
  forced?: boolean
  /** What is live when left out: what was applied last. */
  live?: readonly LiveItem[]
  settings?: Record<string, unknown>
  stop?: AbortSignal
  onLine?: (line: string) => void
}

type Made = Extract<MadePlan, { state: 'made' }>

/** Everything that the executor needs and no house: what is live is what was last released here. */
export async function openSmallBench(
  t: TestContext,
  more: { modules?: Record<string, ModuleMaterial>; secrets?: Record<string, string>; graceMs?: number } = {},
) {
  const own = { ...modules, ...more.modules }
  const real = folderOf(t)
  // Others on this machine have folders too: what is left behind is looked for in one of our own.
  const temporary = folderOf(t)
  const { TMPDIR } = process.env
  process.env.TMPDIR = temporary
  t.after(() => (TMPDIR === undefined ? delete process.env.TMPDIR : (process.env.TMPDIR = TMPDIR)))
  const touched: string[] = []
  const provider = await startFileProvider({
    folder: real,
    before: (operation: Operation, path) => touched.push(`${operation} ${path}`),
  })
  t.after(() => provider.close())
  const state = await startStateServer(t)
  const blobs = new Map<string, { context: string; bytes: Uint8Array }>()
  const contents = new Map<string, ResourceContent>()
  const hook: { now: RootMaterial['hook'] } = { now: null }
  const log: string[] = []
  let live: LiveItem[] = []
  let deployments = 0
  let unposted: string | null = null

  const materialOf = (items: readonly { key: string; version: string | null }[]): RootMaterial => ({
    resources: items.map(({ key, version }) => ({ key, content: contents.get(version ?? '')! })),
    modules: new Map(Object.entries(own)),
    secrets: more.secrets ?? {},
    hook: hook.now,
    environment: { name: 'prod', release_stream: 'main' },
  })
  const bench: TerraformBench = {
    root: async ({ items }) => materialOf(items === 'live' ? live : items),
    state: async () => ({
      unposted,
      ...{
        version: state.version,
        serial: state.state?.serial ?? null,
        lineage: state.state?.lineage ?? null,
      },
    }),
    stateAccess: async (subject, attempt) => ({
      ...{ address: state.address, lock_address: state.address, unlock_address: state.address },
      ...{ username: 'headgate', password: `password-${subject.id}-${attempt}` },
    }),
    async letGoOfLock() {
      state.lock = undefined
    },
    async keep(bytes, context) {
      // Sealed twice it is two blobs, as with a vault.
      const blob = hash('sha256', Buffer.concat([Buffer.from(context), bytes]))
      blobs.set(blob, { context, bytes: Uint8Array.from(bytes) })
      return blob
    },
    async rescue(environment_id, bytes) {
      unposted = await bench.keep(bytes, `state ${environment_id}`)
      return unposted
    },
    async take(blob, context) {
      const kept = blobs.get(blob)
      if (kept && kept.context !== context) throw new Error('it was sealed for something else')
      return kept?.bytes
    },
    fingerprint: (text) => createHmac('sha256', 'key').update(text).digest('hex'),
  }
  const executor = terraformExecutor(bench, { graceMs: more.graceMs ?? 5000 })
  const settings = (options: ReleaseOptions) => ({
    environment: { TF_REATTACH_PROVIDERS: provider.reattach },
    ...options.settings,
  })
  const tools = ({ stop, onLine }: ReleaseOptions): Tools => ({
    async log(_, lines) {
      log.push(...lines)
      for (const line of lines) onLine?.(line)
    },
    signal: stop ?? new AbortController().signal,
    keep: async () => undefined,
    bind: async () => undefined,
    openCallback: () => Promise.reject(new Error('nobody calls back')),
    now: () => new Date(),
  })

  function pin({ key, spec, inputs = {}, module, environment }: Resource): PinnedItem {
    const [type = '', name = ''] = key.split('/')
    const content: ResourceContent = {
      ...{
        type,
        name,
        flavor: 'default',
        module_version: '0.1',
        module: module ?? type,
        inputs,
        secrets: {},
      },
      instance: { kind: type, spec },
      environment: environment ?? { name: 'prod', unique_name: 'platform-prod' },
    }
    const version = digestOf(content)
    contents.set(version, content)
    return { key, kind: type, action: 'set', version, title: name }
  }

  async function plan(resources: readonly Resource[], options: ReleaseOptions = {}) {
    const whole = resources.map(pin)
    const { only, refresh = true, allow_destroy = false, forced = false } = options
    const task: Task = {
      ...{
        deployment_id: `d${(deployments += 1)}`,
        project_id: 'p',
        environment_id: 'e',
        requested_by: null,
      },
      ...{ scope: only ? 'change_set' : 'whole_state', forced, refresh, allow_destroy, attempt: 1, whole },
      items: only ? whole.filter(({ key }) => only.includes(key)) : whole,
      live: options.live ?? live,
      selected: only !== undefined,
      settings: settings(options),
    }
    const made = await executor.makePlan!(task, tools(options))
    return { task, made }
  }

  function orderOf(task: Task, made: Made, options: ReleaseOptions): Order {
    const { deployment_id: id } = task
    return {
      ...{ dispatch_id: `${id}-x`, kind: 'deployment', subject_id: id, attempt: 1, number: 1 },
      ...{ project: { id: 'p', key: 'platform' }, environment: { id: 'e', name: 'prod' } },
      ...{ release: null, revision: null, requested_by: null, candidate: null, input: {}, progress: {} },
      plan: { id: 'plan', digest: '', kept: made.kept },
      changes: made.changes,
      ...{ settings: settings(options), outside_id: null, deadline_at: new Date() },
    }
  }

  async function apply(planned: { task: Task; made: Made }, options: ReleaseOptions = {}): Promise<Ending> {
    const order = orderOf(planned.task, planned.made, options)
    const ending = (await executor.apply(order, tools(options))) as Ending
    if (ending.state === 'succeeded') live = after(live, planned.made.changes)
    return ending
  }

  /** Plans and applies; both have to come to a good end. */
  async function release(resources: readonly Resource[], options: ReleaseOptions = {}): Promise<Made> {
    const planned = made(await plan(resources, options))
    const ending = await apply(planned, options)
    if (ending.state !== 'succeeded') throw new Error(JSON.stringify(ending))
    return planned.made
  }

  async function run(kind: 'drift' | 'check', options: ReleaseOptions, input: JsonObject): Promise<Ending> {
    const order = orderOf(
      { deployment_id: 'run' } as Task,
      { kept: {} as KeptPlan, changes: [] } as never,
      options,
    )
    return (await executor.run!({ ...order, kind, input }, tools(options))) as Ending
  }

  const drift = (input: JsonObject = {}, options: ReleaseOptions = {}) => run('drift', options, input)
  const check = (options: ReleaseOptions = {}) => run('check', options, {})

  /** What is left behind in the temporary folder. */
  const left = () => readdirSync(temporary)
  return {
    state,
    blobs,
    hook,
    log,
    real,
    touched,
    executor,
    bench,
    plan,
    apply,
    release,
    drift,
    check,
    left,
  }
}

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-real-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The plan that was made. */
export function made<T extends { made: MadePlan }>(planned: T): T & { made: Made } {
  if (planned.made.state !== 'made') throw new Error(JSON.stringify(planned.made))
  return planned as T & { made: Made }
}

/** Stops what it is handed to as soon as a line of its log says so. */
export function stopAt(pattern: RegExp, reason: StopReason = 'canceled') {
  const control = new AbortController()
  const onLine = (line: string) => pattern.test(line) && control.abort(reason)
  return { stop: control.signal, onLine: (line: string) => void onLine(line) }
}

export const actions = (changes: readonly Change[]) =>
  Object.fromEntries(changes.map(({ key, action }) => [key, action]))

function after(live: readonly LiveItem[], changes: readonly Change[]): LiveItem[] {
  const at = new Map(live.map((item) => [item.key, item]))
  for (const { key, kind, title, after: version } of changes)
    if (version === null) at.delete(key)
    else at.set(key, { key, kind, title, version, uncertain: false })
  return [...at.values()]
}

interface Remembered {
  input: { value: { spec: Record<string, unknown>; environment: unknown } }
}

/** What Terraform remembers of a module's resources. */
export function rememberedOf(state: unknown, module: string): Remembered[] {
  const { resources } = state as { resources: { module: string; instances: { attributes: Remembered }[] }[] }
  return resources
    .filter((resource) => resource.module === `module.${module}`)
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes))
}
