import { createContentBase } from '#app/content/create-content-base.ts'
import { createContentType } from '#app/content/create-content-type.ts'
import { createEntry } from '#app/content/create-entry.ts'
import { transact, type Context } from '#app/context.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { createEnvironment } from '#app/environments/create-environment.ts'
import { createProjectIn } from '#app/projects/create-project.ts'
import { addReleaseItems } from '#app/releases/add-release-items.ts'
import { createRelease } from '#app/releases/create-release.ts'

/** What there is for somebody to try their hands on. */
export interface World {
  project_id: string
  other_id: string
  environment_id: string
  release_id: string
}

export async function makeWorld(ctx: Context, key = 'site'): Promise<World> {
  const [project_id, other_id] = [await makeProject(ctx, key), await makeProject(ctx, `other-${key}`)]
  const environment = await createEnvironment(ctx, { project_id, name: 'production' })
  const place = { project_id, branch: 'main' }
  await createContentType(ctx, {
    ...place,
    uid: 'page',
    title: 'Page',
    fields: [{ uid: 'title', type: 'text' }],
  })
  await createEntry(ctx, { ...place, content_type_uid: 'page', uid: 'blt1', data: { title: 'One' } })
  return {
    project_id,
    other_id,
    environment_id: environment.id,
    release_id: await makeRelease(ctx, project_id),
  }
}

function makeProject(ctx: Context, key: string): Promise<string> {
  return transact(ctx, async (unit) => {
    const { id } = await createProjectIn(ctx, unit, { key, name: key, kind: 'content' })
    await createContentBase(ctx, unit, { project_id: id, master_locale: 'en-us' })
    return id
  })
}

export async function makeRelease(ctx: Context, project_id: string, locked = false): Promise<string> {
  const { id } = await createRelease(ctx, { project_id, branch: 'main', name: 'A release' })
  await addReleaseItems(ctx, {
    project_id,
    release_id: id,
    items: [{ key: 'main/blt1/en-us', action: 'publish' }],
  })
  if (locked) await ctx.db.updateTable('release').set({ lock: 'user' }).where('id', '=', id).execute()
  return id
}

/** A deployment that waits, requested by this user. */
export async function makeDeployment(
  ctx: Context,
  world: World,
  requested_by: string | null,
): Promise<string> {
  const { project_id, environment_id } = world
  const release_id = await makeRelease(ctx, project_id)
  const [made] = await requestDeployments(ctx, { project_id, release_id, environment_ids: [environment_id] })
  await ctx.db.updateTable('deployment').set({ requested_by }).where('id', '=', made!.id).execute()
  return made!.id
}
