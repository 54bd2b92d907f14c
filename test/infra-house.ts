import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, type TestContext } from 'node:test'
import type { Deployment } from '#api/deployment.ts'
import { settingsOf, type Deploy } from '#app/configuration/deploy-settings.ts'
import { asPrincipal, transact, type Context } from '#app/context.ts'
import { createEnvironment } from '#app/environments/create-environment.ts'
import { setDeployerIn } from '#app/environments/set-deployer.ts'
import { createToken } from '#app/identity/create-token.ts'
import { createUser } from '#app/identity/create-user.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import {
  declareInfraEnvironmentIn,
  declareInfraFactsIn,
  type DeclaredInfraEnvironment,
  type InfraFacts,
} from '#app/infra/declare-infra-environment.ts'
import { declareInfraIn } from '#app/infra/declare-infra.ts'
import { createProject } from '#app/projects/create-project.ts'
import { createClient, type Client } from '#client/client.ts'
import { roles, type Role } from '#domain/roles.ts'
import type { EnvironmentRow } from '#store/environment.ts'
import type { ProjectRow } from '#store/project.ts'
import { startFileProvider, type Operation } from '../examples/file-provider/start-file-provider.ts'
import { until } from './code-house.ts'
import { usualModules, type ModuleFiles } from './infra-modules.ts'
import { openHouse, type TestHouse } from './open-house.ts'

export { terraformOrSkip } from './terraform-or-skip.ts'

/** A resource as it stands in its file; `kind`, `flavor` and `version` are made where they are left out. */
export interface ResourceFile {
  type: string
  name: string
  flavor?: string
  version?: string
  disabled?: boolean
  spec?: Record<string, unknown>
  inputs?: Record<string, unknown>
  [key: string]: unknown
}

export interface InfraEnvironmentOptions extends DeclaredInfraEnvironment, InfraFacts {
  name: string
  parent?: string
  requires_parent?: boolean
  approvals_needed?: number
  /** Beside what makes it find the file provider. */
  deploy?: Partial<Deploy>
}

export interface PlatformOptions {
  key?: string
  resources?: readonly ResourceFile[]
  /** By folder, beside the usual ones: see infra-modules.ts. */
  modules?: Readonly<Record<string, ModuleFiles>>
  /** `prod` alone when left out. */
  environments?: readonly InfraEnvironmentOptions[]
  /** What stack.json says. */
  stack?: Record<string, unknown>
}

/** What a release is asked with; see DeploymentRequest of our API. */
export type ReleaseTerms = Record<string, unknown> & {
  refresh?: boolean
  force?: boolean
  allow_destroy?: boolean
  dry_run?: boolean
  items?: string[]
}

/** A project of infrastructure over folders of its own, and a file provider of its own. */
export interface Platform {
  project: ProjectRow
  /** By name. */
  environments: Record<string, EnvironmentRow>
  /** The folders of the blueprint, of the modules, and of what is really there: `<environment>/<name>.config`. */
  folders: { blueprint: string; modules: string; real: string }
  /** What Terraform finds the provider by: the value of TF_REATTACH_PROVIDERS. */
  reattach: string
  /** All that the provider was asked to do since the test emptied it. */
  touched: { operation: Operation; path: string }[]
  /** Awaited before anything is done to a file, where a test sets it: to hold an apply where it is, or to fail it. */
  onTouch: ((operation: Operation, path: string) => unknown) | undefined
  /** Writes a resource into the blueprint. */
  write(resource: ResourceFile): void
  /** Takes it out. */
  erase(type: string, name: string): void
  /** Changes a real file behind Terraform's back; null: removes it. */
  tamper(file: string, text: string | null): void
  /** What really is in a file; undefined where there is none. */
  real(file: string): string | undefined
  /** Asks for a release of an environment as it stands in the blueprint now, as the releaser. Throws a ProblemError. */
  release(environment: string, terms?: ReleaseTerms): Promise<Deployment>
  /** Asks for it, and waits until it is over, however. */
  released(environment: string, terms?: ReleaseTerms): Promise<Deployment>
}

export interface InfraHouse extends TestHouse {
  /** Headgate itself. */
  ctx: Context
  /** The secrets of tokens, one of each role on the whole instance. */
  tokens: Record<Role, string>
  as: Record<Role, Context>
  /** Our API, as somebody of each role. */
  clients: Record<Role, Client>
  /** One more project of infrastructure. */
  platform(options?: PlatformOptions): Promise<Platform>
  /** Waits until a deployment is over, or in one of these states. */
  untilOver(id: string, states?: readonly Deployment['state'][]): Promise<Deployment>
  /** All that a deployment or a run said, a line each. */
  log(id: string): Promise<string>
}

/** A whole server for infrastructure. A file of tests opens one, and gives each test a platform of its own. */
export async function openInfraHouse(t: TestContext, env: Record<string, string> = {}): Promise<InfraHouse> {
  const opened = await openHouse(t, env)
  const ctx = asPrincipal(opened.house, null)
  const tokens = {} as Record<Role, string>
  const as = {} as Record<Role, Context>
  const clients = {} as Record<Role, Client>
  for (const role of roles) {
    const email = `${role}@example.com`
    const { id } = await createUser(ctx, { email, name: `The ${role}`, grants: [{ project_id: null, role }] })
    const { secret } = await createToken(ctx, { kind: 'service', name: role, scopes: ['*'], user_id: id })
    tokens[role] = secret
    as[role] = asPrincipal(opened.house, await principalOf(opened.house, secret))
    clients[role] = createClient({ url: opened.url, token: secret })
  }
  const over: readonly string[] = [
    ...['invalid', 'expired', 'unchanged', 'planned', 'rejected', 'succeeded'],
    ...['partly_succeeded', 'failed', 'canceled'],
  ]
  const house: InfraHouse = {
    ...opened,
    ...{ ctx, tokens, as, clients },
    platform(options = {}) {
      platforms += 1
      return openPlatform(t, house, {
        key: platforms === 1 ? 'platform' : `platform-${platforms}`,
        ...options,
      })
    },
    untilOver: (id, states = []) =>
      until(
        () => opened.client.getDeployment(id),
        ({ state }) => over.includes(state) || states.includes(state),
        `the end of deployment ${id}`,
      ),
    log: async (id) => readLog(opened, id),
  }
  let platforms = 0
  return house
}

/** One house for all the tests of a file; it is open while they run. */
export function sharedInfraHouse(env: Record<string, string> = {}): () => InfraHouse {
  let house: InfraHouse
  const closers: (() => unknown)[] = []
  before(async () => {
    const t = { after: (close: () => unknown) => closers.push(close) } as unknown as TestContext
    house = await openInfraHouse(t, env)
  })
  after(async () => {
    for (const close of closers) await close()
  })
  return () => house
}

async function openPlatform(
  t: TestContext,
  { ctx, clients, untilOver }: InfraHouse,
  {
    key,
    resources = [],
    modules = {},
    environments: named = [{ name: 'prod' }],
    stack,
  }: PlatformOptions & { key: string },
): Promise<Platform> {
  const folder = mkdtempSync(join(tmpdir(), 'infra-'))
  const folders = {
    blueprint: join(folder, 'blueprint'),
    modules: join(folder, 'modules'),
    real: join(folder, 'real'),
  }
  for (const one of Object.values(folders)) mkdirSync(one)
  put(folders.blueprint, 'stack.json', JSON.stringify({ name: key, ...stack }))
  for (const [where, files] of Object.entries({ ...usualModules, ...modules }))
    for (const [path, text] of Object.entries(files)) put(folders.modules, join(where, path), text)
  const platform = { folders, touched: [], onTouch: undefined } as unknown as Platform
  const provider = await startFileProvider({
    folder: folders.real,
    before(operation, path) {
      platform.touched.push({ operation, path })
      return platform.onTouch?.(operation, path)
    },
  })
  t.after(() => {
    provider.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const project = await createProject(ctx, { key, name: key, kind: 'infra' })
  const environments: Record<string, EnvironmentRow> = {}
  const sources = { blueprint: { path: folders.blueprint }, modules: { path: folders.modules } }
  const place = { project_id: project.id, project_key: key, folder }
  await transact(ctx, (unit) => declareInfraIn(ctx, unit, { ...place, ...sources }))
  for (const one of named)
    environments[one.name] = await addEnvironment(ctx, project, one, environments, provider.reattach)
  const fileOf = (type: string, name: string) => join(folders.blueprint, type, 'instances', `${name}.json`)
  const release: Platform['release'] = (environment, terms = {}) =>
    clients.releaser.deploy(key, environment, terms)
  Object.assign(platform, {
    ...{ project, environments, release, reattach: provider.reattach },
    write({ type, name, ...said }) {
      const content = { kind: type, flavor: 'default', version: '0.1', metadata: { name }, spec: {}, ...said }
      put(folders.blueprint, join(type, 'instances', `${name}.json`), JSON.stringify(content, null, 2))
    },
    erase: (type, name) => rmSync(fileOf(type, name)),
    tamper(file, text) {
      if (text === null) rmSync(join(folders.real, file), { recursive: true })
      else put(folders.real, file, text)
    },
    real(file) {
      try {
        return readFileSync(join(folders.real, file), 'utf8')
      } catch {
        return undefined
      }
    },
    released: async (environment, terms) => untilOver((await release(environment, terms)).id),
  } satisfies Partial<Platform>)
  for (const resource of resources) platform.write(resource)
  return platform
}

async function addEnvironment(
  ctx: Context,
  { id: project_id, key }: ProjectRow,
  {
    name,
    parent,
    requires_parent,
    approvals_needed,
    deploy,
    variables,
    secrets,
    drift,
    ...facts
  }: InfraEnvironmentOptions,
  known: Record<string, EnvironmentRow>,
  reattach: string,
): Promise<EnvironmentRow> {
  const parent_id = parent === undefined ? null : known[parent]!.id
  const said = { name, parent_id, requires_parent, approvals_needed }
  const row = await createEnvironment(ctx, { ...said, project_id, executor: 'terraform' })
  const executor = deploy?.executor ?? 'terraform'
  const environment = { TF_REATTACH_PROVIDERS: reattach, ...deploy?.environment }
  const settings = settingsOf(ctx.vault, row.id, { ...deploy, executor, environment })
  const place = { project_id, environment_id: row.id }
  const declared = {
    ...(variables && { variables }),
    ...(secrets && { secrets }),
    ...(drift && { drift }),
  }
  await transact(ctx, async (unit) => {
    await setDeployerIn(ctx, unit, { ...place, executor, settings })
    await declareInfraEnvironmentIn(ctx, unit, { ...place, label: `${key}/${name}` }, declared)
    if (Object.keys(facts).length > 0) await declareInfraFactsIn(ctx, unit, place, facts)
  })
  return row
}

async function readLog({ client }: TestHouse, id: string): Promise<string> {
  const lines: string[] = []
  const read = id.startsWith('run_') ? client.getRunLog : client.getDeploymentLog
  for (let after: string | undefined; ;) {
    const { items, next } = await read(id, after === undefined ? {} : { after })
    lines.push(...items.map(({ text }) => text))
    if (next === null || items.length === 0) return lines.join('\n')
    after = next
  }
}

function put(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
