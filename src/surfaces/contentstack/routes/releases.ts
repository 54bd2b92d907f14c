import { cloneRelease } from '#app/releases/clone-release.ts'
import { createRelease } from '#app/releases/create-release.ts'
import { listReleaseItems } from '#app/releases/list-release-items.ts'
import { listReleases } from '#app/releases/list-releases.ts'
import { removeRelease } from '#app/releases/remove-release.ts'
import { updateRelease } from '#app/releases/update-release.ts'
import { answerRelease, answerReleases } from '../answer-releases.ts'
import type { releases } from '../endpoints/releases.ts'
import { findRelease } from '../find-release.ts'
import { limitsOf, refuseLongName } from '../limits.ts'
import { flag, page } from '../query.ts'
import { readReleaseList } from '../read-release-list.ts'
import { answering, makes, reads, takes, type Routes, type StackCall } from '../route.ts'
import { Clone, NewRelease, ReleaseChange } from '../wire/release.ts'
import { NoticeAnswer, OneRelease } from '../wire-answers.ts'
import { deploy } from './deploy.ts'
import { readItems, releaseItemRoutes } from './release-items.ts'

export const releaseRoutes: Routes<typeof releases> = {
  list: reads(list),

  create: answering(
    OneRelease,
    makes(NewRelease, async (call: StackCall, { release }) => {
      const { ctx, project_id, branch } = call
      const { name, description, locked, archived } = release
      const limits = await limitsOf(call)
      refuseLongName(limits, name)
      const items = release.items?.length ? await readItems(call, release.items) : []
      const view = await createRelease(
        ctx,
        { project_id, branch, name, description: description ?? '', archived, locked },
        { items, most: limits.items_per_release },
      )
      return { notice: 'Release created successfully.', release: await answerRelease(call, view) }
    }),
  ),

  get: answering(
    OneRelease,
    reads(async (call: StackCall) => {
      const release = await findRelease(call)
      const { items } = await listReleaseItems(call.ctx, {
        project_id: call.project_id,
        release_id: release.id,
      })
      return { release: await answerRelease(call, release, items) }
    }),
  ),

  /** Clients put whole instances back: only these four fields are looked at (section 0, 4). */
  update: answering(
    OneRelease,
    takes(ReleaseChange, async (call: StackCall, { release }) => {
      const { ctx, project_id } = call
      const { id: release_id } = await findRelease(call)
      const { name, description, locked, archived } = release
      refuseLongName(await limitsOf(call), name)
      const change = { name, description: description ?? undefined, locked, archived }
      const view = await updateRelease(ctx, { project_id, release_id, ...change, unless_scheduled: true })
      return { notice: 'Release updated successfully.', release: await answerRelease(call, view) }
    }),
  ),

  remove: answering(
    NoticeAnswer,
    reads(async (call: StackCall) => {
      const { id: release_id } = await findRelease(call)
      await removeRelease(call.ctx, { project_id: call.project_id, release_id })
      return { notice: 'Release deleted successfully.' }
    }),
  ),

  clone: answering(
    OneRelease,
    makes(Clone, async (call: StackCall, { release }) => {
      const { ctx, project_id } = call
      const { id: release_id } = await findRelease(call)
      const { name, description, desctiption } = release
      refuseLongName(await limitsOf(call), name)
      const view = await cloneRelease(ctx, {
        ...{ project_id, release_id, name },
        description: description ?? desctiption ?? undefined,
      })
      const { items } = await listReleaseItems(ctx, { project_id, release_id: view.id })
      return { notice: 'Release cloned successfully.', release: await answerRelease(call, view, items) }
    }),
  ),

  deploy,
  ...releaseItemRoutes,
}

async function list(call: StackCall): Promise<object> {
  const { ctx, project_id, branch, query } = call
  const only = flag(query, 'count')
  const { limit, offset } = page(query)
  const { releases, total } = await listReleases(ctx, {
    ...{ project_id, branch, order: 'updated', ...(await readReleaseList(call)) },
    ...{ limit: only ? 0 : limit, offset, with_total: only || flag(query, 'include_count') },
  })
  if (only) return { releases: total }
  const answers = await answerReleases(call, releases)
  const counted = flag(query, 'include_items_count')
    ? answers.map((answer, index) => ({ ...answer, items_count: releases[index]?.item_count ?? 0 }))
    : answers
  return { releases: counted, ...(total === undefined ? {} : { count: total }) }
}
