import type { getProject } from '#app/projects/get-project.ts'
import { bltOf, organization, type UidOf } from '../ids.ts'
import type { StackAnswer } from '../wire-answers.ts'
import { writeTime } from './time.ts'

type Project = Awaited<ReturnType<typeof getProject>>

/** The keys of a project's annotations that are this surface's. */
export const stackWords = {
  description: 'contentstack/description',
  settings: 'contentstack/settings',
} as const

export function writeStack(
  project: Project,
  api_key: string,
  master_locale: string,
  users: UidOf,
): StackAnswer {
  const owner = users(project.created_by)
  const description = project.annotations[stackWords.description]
  return {
    uid: bltOf(project.id),
    api_key,
    name: project.name,
    description: typeof description === 'string' ? description : '',
    master_locale,
    org_uid: organization,
    owner_uid: owner,
    user_uids: owner === null ? [] : [owner],
    created_at: writeTime(project.created_at),
    updated_at: writeTime(project.updated_at),
  }
}
