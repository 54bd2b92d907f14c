import { listReleaseDeployments, listReleasesUnderway } from '#app/deployments/list-release-deployments.ts'
import type { ReleaseView } from '#app/releases/release-view.ts'
import type { PinnedItem } from '#domain/item.ts'
import { uidsOf } from './names.ts'
import { flag } from './query.ts'
import type { StackCall } from './route.ts'
import { writeRelease, writeReleaseItem } from './translate/release.ts'
import type { ReleaseAnswer } from './wire-answers.ts'

/** Releases as this caller reads them: two queries for what was deployed where, and one at most for each kind of id. */
export async function answerReleases(
  { ctx, project_id, query, branch }: Pick<StackCall, 'ctx' | 'project_id' | 'query' | 'branch'>,
  views: readonly ReleaseView[],
): Promise<ReleaseAnswer[]> {
  const release_ids = views.map(({ id }) => id)
  const [ended, underway] = await Promise.all([
    listReleaseDeployments(ctx, { project_id, release_ids }),
    listReleasesUnderway(ctx, { project_id, release_ids }),
  ])
  const people = [
    ...views.flatMap(({ created_by, updated_by }) => [created_by, updated_by]),
    ...ended.map(({ requested_by }) => requested_by),
  ]
  const [releases, users, environments] = await Promise.all([
    uidsOf(ctx, 'release', release_ids),
    uidsOf(ctx, 'user', people),
    uidsOf(
      ctx,
      'environment',
      ended.map(({ environment_id }) => environment_id),
    ),
  ])
  return views.map((view) => {
    const own = ended.filter(({ release_id }) => release_id === view.id)
    const answer = writeRelease(view, own, underway.includes(view.id), { releases, users, environments })
    return flag(query, 'include_branch') ? { ...answer, _branch: view.branch ?? branch } : answer
  })
}

/** One release, with its items where they are given. */
export async function answerRelease(
  call: StackCall,
  view: ReleaseView,
  items?: readonly PinnedItem[],
): Promise<ReleaseAnswer> {
  const [answer] = (await answerReleases(call, [view])) as [ReleaseAnswer]
  return items ? { ...answer, items: items.map(writeReleaseItem) } : answer
}
