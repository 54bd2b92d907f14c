import { listContentProjects } from '#app/content/list-content-projects.ts'
import { uidsOf, uidsOfEach } from './names.ts'
import { flag, page } from './query.ts'
import type { UserCall } from './route.ts'
import { writeStack } from './translate/stack.ts'

/** The stacks that the caller may read, a page of them, in as many queries whatever their number. */
export async function answerStacks({ ctx, query }: UserCall): Promise<object> {
  const only = flag(query, 'count')
  const { limit, offset } = page(query)
  const { projects, total } = await listContentProjects(ctx, { limit: only ? 0 : limit, offset })
  if (only) return { stacks: total }
  const [keys, users] = await Promise.all([
    uidsOfEach(ctx, 'stack', projects),
    uidsOf(
      ctx,
      'user',
      projects.map(({ created_by }) => created_by),
    ),
  ])
  const stacks = projects.map((project) =>
    writeStack(project, keys(project.id) ?? '', project.master_locale, users),
  )
  return { stacks, ...(flag(query, 'include_count') ? { count: total } : {}) }
}
