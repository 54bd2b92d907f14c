import type { TestContext } from 'node:test'
import { pino } from 'pino'
import { asPrincipal, transact, type Context } from '#app/context.ts'
import { createContentBase } from '#app/content/create-content-base.ts'
import { createContentType } from '#app/content/create-content-type.ts'
import { createEntry } from '#app/content/create-entry.ts'
import { createLocale } from '#app/content/create-locale.ts'
import { requestOneShot } from '#app/deployments/request-one-shot.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { createEnvironment } from '#app/environments/create-environment.ts'
import { createProject } from '#app/projects/create-project.ts'
import type { FieldInput, JsonObject } from '#catalogue/content/field.ts'
import { contentKey } from '#domain/content-key.ts'
import type { Principal } from '#domain/principal.ts'
import { runEnvironment } from '#engine/run-environment.ts'
import { contentExecutor } from '#executors/content/index.ts'
import { shared } from '../../share-house.ts'
import { smallHouse, type SmallHouse } from '../../small-house.ts'

export interface ContentHouse extends SmallHouse {
  project_id: string
  staging: string
  production: string
  /** The project's main branch. */
  place: { project_id: string; branch: string }
  /** Entries of type `page` on the main branch. */
  page: { project_id: string; branch: string; content_type_uid: string }
  write(uid: string, data: JsonObject, locale?: string): Promise<void>
  /** Publishes or unpublishes items and runs what is queued; answers the deployment as it ended. */
  publish(items: readonly Shipped[], environment_ids?: readonly string[]): ReturnType<typeof getDeployment>
  /** Runs what is queued in every environment. */
  run(): Promise<void>
}

export interface Shipped {
  uid: string
  locale?: string
  version?: number
  action?: 'publish' | 'unpublish'
}

export const pageFields: FieldInput[] = [
  { uid: 'title', type: 'text', mandatory: true, unique: true },
  { uid: 'url', type: 'text' },
  { uid: 'price', type: 'number', non_localizable: true },
  { uid: 'tags_of_page', type: 'text', multiple: true },
  { uid: 'image', type: 'file' },
  { uid: 'related', type: 'reference', reference_to: ['page'], multiple: true },
  {
    uid: 'seo',
    type: 'group',
    fields: [
      { uid: 'slug', type: 'text', unique: true },
      { uid: 'canonical', type: 'text', non_localizable: true },
    ],
  },
  {
    uid: 'blocks',
    type: 'blocks',
    blocks: [
      { uid: 'hero', fields: [{ uid: 'title', type: 'text', mandatory: true }] },
      { uid: 'quote', fields: [{ uid: 'by', type: 'text' }] },
    ],
  },
]

/** A content project with three locales (fr-ca falls back to fr-fr, that to en-us), two environments and type `page`. */
export async function contentHouse(t: TestContext): Promise<ContentHouse> {
  return website(await smallHouse(t))
}

/** The same in one house for all the tests of a file: each has a project of its own there, and the clock in common. */
export function sharedContentHouse(): () => Promise<ContentHouse> {
  const small = shared(smallHouse)
  return () => website(small())
}

async function website(small: SmallHouse): Promise<ContentHouse> {
  const { ctx, house } = small
  const { id: project_id } = await createProject(ctx, { name: 'Website', kind: 'content' })
  await transact(ctx, (unit) => createContentBase(ctx, unit, { project_id, master_locale: 'en-us' }))
  await createLocale(ctx, { project_id, code: 'fr-fr' })
  await createLocale(ctx, { project_id, code: 'fr-ca', fallback: 'fr-fr' })
  const { id: staging } = await createEnvironment(ctx, { project_id, name: 'staging' })
  const { id: production } = await createEnvironment(ctx, { project_id, name: 'production' })
  const place = { project_id, branch: 'main' }
  const page = { ...place, content_type_uid: 'page' }
  await createContentType(ctx, { ...place, uid: 'page', title: 'Page', fields: pageFields })
  const workshop = {
    executors: new Map([[contentExecutor.name, contentExecutor as never]]),
    logger: pino({ level: 'silent' }),
  }
  const run = async () => {
    for (const environment of [staging, production]) {
      await runEnvironment(asPrincipal(house, null), workshop, environment)
    }
  }
  return {
    ...small,
    project_id,
    staging,
    production,
    place,
    page,
    run,
    async write(uid, data, locale) {
      await createEntry(ctx, { ...page, uid, data, ...(locale === undefined ? {} : { locale }) })
    },
    async publish(items, environment_ids = [staging]) {
      const asked = items.map(({ uid, locale = 'en-us', version, action = 'publish' as const }) => ({
        key: contentKey({ branch: 'main', uid, locale }),
        action,
        ...(version === undefined ? {} : { version }),
      }))
      const [deployment] = await requestOneShot(ctx, {
        ...place,
        environment_ids,
        items: asked,
        on_item_failure: 'continue',
      })
      await run()
      return getDeployment(ctx, { deployment_id: deployment?.id ?? '' })
    },
  }
}

/** A principal with these roles' worth of grants on one project. */
export function principalOf(ctx: Context, changes: Partial<Principal>): Context {
  const principal: Principal = {
    kind: 'user',
    user_id: null,
    token_id: null,
    name: 'somebody@example.com',
    grants: [],
    scopes: ['*'],
    project_id: null,
    environment_ids: null,
    branches: null,
    ...changes,
  }
  return { ...ctx, principal }
}
