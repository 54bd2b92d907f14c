import type { TestContext } from 'node:test'
import { asPrincipal, type Context } from '#app/context.ts'
import { createEnvironment } from '#app/environments/create-environment.ts'
import { createProject } from '#app/projects/create-project.ts'
import { createRelease } from '#app/releases/create-release.ts'
import type { ReleaseView } from '#app/releases/release-view.ts'
import type { PinnedItem } from '#domain/item.ts'
import { roles, type Role } from '#domain/roles.ts'
import type { Executor } from '#executors/contract.ts'
import type { EnvironmentRow } from '#store/environment.ts'
import type { ProjectRow } from '#store/project.ts'
import { removeReleaseItems, upsertReleaseItems } from '#store/release-item.ts'
import { insertUser } from '#store/user.ts'
import { shared } from '../share-house.ts'
import { quietHouse, type QuietHouse } from './quiet-house.ts'
import { buildShelf } from './shelf-executor.ts'

/** A house with a project whose environments are shelves, and people of every role. */
export interface Warehouse extends QuietHouse {
  project: ProjectRow
  environments: EnvironmentRow[]
  /** The first of the environments. */
  environment: EnvironmentRow
  /** Somebody who holds this role on the project alone. */
  as: Record<Role, Context>
  /** A release that pins these: `{ a: '1' }` publishes, or sets, `{ a: null }` unpublishes. */
  release(items: Record<string, string | null>, name?: string): Promise<ReleaseView>
  /** Pins a release anew, as if nothing had been in it. */
  pin(releaseId: string, items: Record<string, string | null>): Promise<void>
}

export interface WarehouseSettings {
  environments?: number
  /** Content when left out; of any other kind a release is a whole state. */
  kind?: ProjectRow['kind']
  /** The name under which the environments ask for their executor. */
  executor?: string
  /** Started with these; left quiet without. */
  executors?: readonly Executor[]
}

export async function warehouse(t: TestContext, settings: WarehouseSettings = {}): Promise<Warehouse> {
  const quiet = await quietHouse(t)
  await buildShelf(quiet.house.db)
  const stocked = await stock(quiet, settings)
  if (settings.executors) await quiet.start(settings.executors)
  return stocked
}

/**
 * The same in one house for all the tests of a file: each has a project of its own there, and the clock in common.
 * Started with these executors; left quiet without.
 */
export function sharedWarehouse(executors?: readonly Executor[]) {
  const quiet = shared(async (t) => {
    const opened = await quietHouse(t)
    await buildShelf(opened.house.db)
    if (executors) await opened.start(executors)
    return opened
  })
  return (settings: Omit<WarehouseSettings, 'executors'> = {}): Promise<Warehouse> => stock(quiet(), settings)
}

async function stock(quiet: QuietHouse, settings: WarehouseSettings): Promise<Warehouse> {
  const { ctx, house } = quiet
  const project = await createProject(ctx, { name: 'Warehouse', kind: settings.kind ?? 'content' })
  const environments: EnvironmentRow[] = []
  for (let n = 1; n <= (settings.environments ?? 1); n += 1)
    environments.push(
      await createEnvironment(ctx, {
        project_id: project.id,
        name: `shelf ${n}`,
        executor: settings.executor ?? 'shelf',
      }),
    )
  const as = {} as Record<Role, Context>
  for (const role of roles) as[role] = await hire(ctx, role, project.id)
  const pin = async (releaseId: string, items: Record<string, string | null>) => {
    await removeReleaseItems(house.db, releaseId, 'all')
    await upsertReleaseItems(house.db, releaseId, itemsOf(items, project.kind), house.now())
  }
  return {
    ...quiet,
    project,
    environments,
    environment: environments[0]!,
    as,
    pin,
    async release(items, name = 'Spring') {
      const made = await createRelease(ctx, { project_id: project.id, branch: null, name })
      await pin(made.id, items)
      return made
    },
  }
}

/** A user with one role on the project, or on the instance where no project is given. */
export async function hire(ctx: Context, role: Role, project_id: string | null): Promise<Context> {
  const id = ctx.newId()
  const name = `${role}-${id.slice(-12)}@example.com`
  const at = ctx.now()
  await insertUser(ctx.db, {
    id,
    email: name,
    name: `The ${role}`,
    password_hash: null,
    disabled_at: null,
    created_at: at,
    updated_at: at,
  })
  return asPrincipal(ctx, {
    kind: 'user',
    user_id: id,
    token_id: null,
    name,
    grants: [{ project_id, role }],
    scopes: ['*'],
    project_id: null,
    environment_ids: null,
    branches: null,
  })
}

export function itemsOf(items: Record<string, string | null>, kind = 'content'): PinnedItem[] {
  return Object.entries(items).map(([key, version]) => ({
    key,
    kind: 'box',
    action: kind !== 'content' ? 'set' : version === null ? 'unpublish' : 'publish',
    version,
    title: `Box ${key}`,
  }))
}
