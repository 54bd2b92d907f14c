import type { TestContext } from 'node:test'
import { transact, type Context } from '#app/context.ts'
import { createBranch } from '#app/content/create-branch.ts'
import { createContentBase } from '#app/content/create-content-base.ts'
import { createContentType } from '#app/content/create-content-type.ts'
import { createEntry } from '#app/content/create-entry.ts'
import { createLocale } from '#app/content/create-locale.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import { createEnvironment } from '#app/environments/create-environment.ts'
import { createProject } from '#app/projects/create-project.ts'
import { addReleaseItems } from '#app/releases/add-release-items.ts'
import { createRelease } from '#app/releases/create-release.ts'
import type { ItemRequest } from '#app/releases/pin-items.ts'
import type { ReleaseView } from '#app/releases/release-view.ts'
import { contentKey } from '#domain/content-key.ts'
import { roles, type Role } from '#domain/roles.ts'
import { contentExecutor } from '#executors/content/index.ts'
import { quietHouse, type QuietHouse } from '../../engine/quiet-house.ts'
import { hire } from '../../engine/warehouse.ts'
import { shared } from '../../share-house.ts'

/** A house with a content project: books in English and French on two branches, a stage and a shop window. */
export interface Bookshop extends QuietHouse {
  project_id: string
  staging: string
  production: string
  as: Record<Role, Context>
  /** Writes an entry's next version. */
  write(uid: string, title: string, locale?: string): Promise<void>
  release(items?: readonly ItemRequest[], name?: string): Promise<ReleaseView>
  open(): Promise<void>
}

export async function bookshop(t: TestContext): Promise<Bookshop> {
  return furnish(await quietHouse(t))
}

/** The same in one house for all the tests of a file, none of which opens it: each has a project of its own there. */
export function sharedBookshop(): () => Promise<Bookshop> {
  const quiet = shared(quietHouse)
  return () => furnish(quiet())
}

async function furnish(quiet: QuietHouse): Promise<Bookshop> {
  const { ctx } = quiet
  const { id: project_id } = await createProject(ctx, { name: 'Bookshop', kind: 'content' })
  await transact(ctx, (unit) => createContentBase(ctx, unit, { project_id, master_locale: 'en-us' }))
  await createLocale(ctx, { project_id, code: 'fr-fr' })
  const place = { project_id, branch: 'main' }
  const title = { uid: 'title', type: 'text', mandatory: true } as const
  await createContentType(ctx, { ...place, uid: 'book', title: 'Book', fields: [title] })
  await createBranch(ctx, { project_id, uid: 'next' })
  const as = {} as Record<Role, Context>
  for (const role of roles) as[role] = await hire(ctx, role, project_id)
  const written = new Set<string>()
  return {
    ...quiet,
    project_id,
    staging: (await createEnvironment(ctx, { project_id, name: 'staging' })).id,
    production: (await createEnvironment(ctx, { project_id, name: 'production' })).id,
    as,
    async write(uid, words, locale = 'en-us') {
      const entry = { ...place, content_type_uid: 'book', uid, locale, data: { title: words } }
      await (written.has(uid) ? updateEntry(ctx, entry) : createEntry(ctx, entry))
      written.add(uid)
    },
    async release(items = [], name = 'Spring') {
      const made = await createRelease(ctx, { ...place, name })
      if (items.length > 0) await addReleaseItems(ctx, { project_id, release_id: made.id, items })
      return made
    },
    async open() {
      await quiet.start([contentExecutor])
    },
  }
}

/** An entry of the main branch as a release asks for it. */
export function book(
  uid: string,
  { locale = 'en-us', action = 'publish', ...rest }: Partial<ItemRequest> & { locale?: string } = {},
): ItemRequest {
  return { key: contentKey({ branch: 'main', uid, locale }), action, ...rest }
}
