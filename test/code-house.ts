import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { settingsOf, type Deploy } from '#app/configuration/deploy-settings.ts'
import { cutCandidate, type CutRequest } from '#app/candidates/cut-candidate.ts'
import { getCandidate } from '#app/candidates/get-candidate.ts'
import type { CandidateView } from '#app/candidates/candidate-view.ts'
import { asPrincipal, transact, type Context } from '#app/context.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { requestDeployments, type DeploymentTerms } from '#app/deployments/request-deployments.ts'
import { createEnvironment } from '#app/environments/create-environment.ts'
import { setDeployerIn } from '#app/environments/set-deployer.ts'
import { createToken } from '#app/identity/create-token.ts'
import { createUser } from '#app/identity/create-user.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import { createProject } from '#app/projects/create-project.ts'
import { isFinal } from '#domain/lifecycle.ts'
import { roles, type Role } from '#domain/roles.ts'
import type { CodeSettingsRow } from '#store/code-settings.ts'
import type { EnvironmentRow } from '#store/environment.ts'
import type { ProjectRow } from '#store/project.ts'
import { codeRepository, type CodeRepository } from './code-repository.ts'
import { openHouse, type TestHouse } from './open-house.ts'
import { shared } from './share-house.ts'

export interface EnvironmentOptions {
  name: string
  /** Of one named before. */
  parent?: string
  auto_promote?: boolean
  requires_parent?: boolean
  approvals_needed?: number
  /** `{ executor: 'none' }` when left out: the caller reports. */
  deploy?: Deploy
}

export interface ShopOptions {
  key?: string
  name?: string
  /** Staging and production after it, both deployed by whoever asks, when left out. */
  environments?: readonly EnvironmentOptions[]
  /** The name of its repository, `acme/<key>` when left out. */
  repository_name?: string
  /** One of its own, with a first commit, when left out. */
  repository?: CodeRepository
  /** How it is built; not at all when left out. */
  build?: Deploy
  /** The name of an environment. */
  deploy_to?: string
  settings?: Partial<
    Pick<
      CodeSettingsRow,
      'branch' | 'paths' | 'versions' | 'time_zone' | 'cut_cron' | 'next_cut_at' | 'push' | 'tag_patterns'
    >
  >
}

/** A code project over a repository of its own. */
export interface Shop {
  project: ProjectRow
  repository: CodeRepository
  repository_id: string
  /** By name. */
  environments: Record<string, EnvironmentRow>
  /** As Headgate itself, unless somebody else is named. */
  cut(request?: Partial<CutRequest>, ctx?: Context): Promise<CandidateView>
  /** Asks for a candidate's deployment, as the releaser. Answers its id. */
  deploy(
    candidate: Pick<CandidateView, 'release_id' | 'number'>,
    environment: string,
    terms?: DeploymentTerms,
  ): Promise<string>
  /** The newest deployments of an environment: version, state, cause. */
  deployments(environment: string): Promise<[version: string, state: string, cause: string][]>
}

export interface CodeHouse extends TestHouse {
  /** Headgate itself. */
  ctx: Context
  /** The secrets of tokens, one of each role on the whole instance. */
  tokens: Record<Role, string>
  /** Somebody of each role. */
  as: Record<Role, Context>
  /** One more project of code. */
  shop(options?: ShopOptions): Promise<Shop>
  /** Waits until a deployment has ended, however. */
  ended(id: string): ReturnType<typeof getDeployment>
  /** Waits until a candidate is in another state than `building` and `picking`. */
  settled(id: string): Promise<CandidateView>
}

/**
 * A whole server for projects of code, with people of every role. `shop()` adds a project; a file of tests opens one
 * house and gives each test a shop of its own.
 */
export async function openCodeHouse(t: TestContext, env: Record<string, string> = {}): Promise<CodeHouse> {
  const opened = await openHouse(t, env)
  const ctx = asPrincipal(opened.house, null)
  const tokens = {} as Record<Role, string>
  const as = {} as Record<Role, Context>
  for (const role of roles) {
    const email = `${role}@example.com`
    const { id } = await createUser(ctx, { email, name: `The ${role}`, grants: [{ project_id: null, role }] })
    const { secret } = await createToken(ctx, { kind: 'service', name: role, scopes: ['*'], user_id: id })
    tokens[role] = secret
    as[role] = asPrincipal(opened.house, await principalOf(opened.house, secret))
  }
  let shops = 0
  return {
    ...opened,
    ...{ ctx, tokens, as },
    shop(options = {}) {
      shops += 1
      return openShop(t, { ctx, as }, { key: shops === 1 ? 'shop' : `shop-${shops}`, ...options })
    },
    ended: (id) =>
      until(
        () => getDeployment(ctx, { deployment_id: id }),
        ({ state }) => isFinal(state),
        `the end of deployment ${id}`,
      ),
    settled: (id) =>
      until(
        () => getCandidate(ctx, { candidate_id: id }),
        ({ state }) => state !== 'building' && state !== 'picking',
        `the end of what is done to candidate ${id}`,
      ),
  }
}

/** One house for all the tests of a file; it is open while they run. */
export function sharedCodeHouse(env: Record<string, string> = {}): () => CodeHouse {
  return shared((t) => openCodeHouse(t, env))
}

const usual: readonly EnvironmentOptions[] = [{ name: 'staging' }, { name: 'production', parent: 'staging' }]

async function openShop(
  t: TestContext,
  { ctx, as }: Pick<CodeHouse, 'ctx' | 'as'>,
  { key, name = key, ...options }: ShopOptions & { key: string },
): Promise<Shop> {
  const repository = options.repository ?? codeRepository(t)
  if (!options.repository) repository.commit('feat: begin', { 'README.md': 'A shop.\n' })
  const project = await createProject(ctx, { key, name, kind: 'code' })
  const environments: Record<string, EnvironmentRow> = {}
  for (const one of options.environments ?? usual)
    environments[one.name] = await addEnvironment(ctx, project.id, one, environments)
  const repository_id = await addSettings(ctx, { project, environments, repository }, options)
  return {
    ...{ project, repository, repository_id, environments },
    cut: async (request = {}, by = ctx) =>
      (await cutCandidate(by, { project_id: project.id, ...request })).candidate,
    async deploy({ release_id, number }, environment, terms = {}) {
      const environment_ids = [environments[environment]!.id]
      const asked = { project_id: project.id, release_id, revision: number, environment_ids }
      const [deployment] = await requestDeployments(as.releaser, { ...asked, ...terms })
      return deployment!.id
    },
    async deployments(environment) {
      const rows = await ctx.db
        .selectFrom('deployment')
        .innerJoin('candidate', 'candidate.revision_id', 'deployment.revision_id')
        .select(['candidate.version', 'deployment.state', 'deployment.cause'])
        .where('deployment.environment_id', '=', environments[environment]!.id)
        .orderBy('deployment.id', 'desc')
        .execute()
      return rows.map((row) => [row.version, row.state, row.cause])
    },
  }
}

async function addEnvironment(
  ctx: Context,
  project_id: string,
  { parent, auto_promote = false, deploy = { executor: 'none' }, ...one }: EnvironmentOptions,
  known: Record<string, EnvironmentRow>,
): Promise<EnvironmentRow> {
  const parent_id = parent === undefined ? null : known[parent]!.id
  const { id } = await createEnvironment(ctx, { ...one, project_id, parent_id, executor: 'none' })
  const settings = settingsOf(ctx.vault, id, deploy)
  await transact(ctx, (unit) =>
    setDeployerIn(ctx, unit, { project_id, environment_id: id, executor: deploy.executor, settings }),
  )
  const query = ctx.db.updateTable('environment').set({ auto_promote }).where('id', '=', id)
  return query.returningAll().executeTakeFirstOrThrow()
}

async function addSettings(
  ctx: Context,
  { project, environments, repository }: Pick<Shop, 'project' | 'environments' | 'repository'>,
  { repository_name = `acme/${project.key}`, build = { executor: 'none' }, deploy_to, settings }: ShopOptions,
): Promise<string> {
  const at = ctx.now()
  const id = ctx.newId()
  await ctx.db
    .insertInto('repository')
    .values({ id, name: repository_name, url: repository.url, created_at: at, updated_at: at })
    .execute()
  await ctx.db
    .insertInto('code_settings')
    .values({
      ...{ project_id: project.id, repository_id: id, updated_at: at },
      ...{ branch_prefix: 'aviator/', author_name: 'Release Bot', author_email: 'bot@example.com' },
      build_executor: build.executor,
      build_settings: JSON.stringify(settingsOf(ctx.vault, project.id, build)),
      deploy_to: deploy_to === undefined ? null : environments[deploy_to]!.id,
      ...settings,
    })
    .execute()
  return id
}

const patienceMs = 30_000

/** Waits for what is read to be so. */
export async function until<T>(
  read: () => Promise<T>,
  there: (value: T) => boolean,
  what: string,
): Promise<T> {
  const end = performance.now() + patienceMs
  for (;;) {
    const value = await read()
    if (there(value)) return value
    if (performance.now() > end) throw new Error(`waited for ${what} in vain: ${JSON.stringify(value)}`)
    await sleep(10)
  }
}
