import { isCommitText, resolveCommit } from '#catalogue/code/resolve-commit.ts'
import { invalidField } from '#domain/errors.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { openRepository } from './open-repository.ts'
import { refreshMirror } from './fetch-repository.ts'

/**
 * The full id of a commit of the project's repository, from its 7 to 40 first digits; the repository is fetched where
 * the mirror does not have it. Throws `invalid` (`commit`), `not_found` for a project without a repository,
 * `repository_unreachable`.
 */
export async function findCommit(ctx: Context, project_id: string, text: string): Promise<string> {
  authorize(ctx, 'catalogue.read', { project_id })
  if (!isCommitText(text)) throw invalidField('commit', 'invalid', 'must be 7 to 40 hexadecimal digits')
  const { repository, mirror } = await openRepository(ctx, project_id)
  const found =
    (await resolveCommit(mirror, text)) ?? (await resolveCommit(await refreshMirror(ctx, repository), text))
  if (!found)
    throw invalidField(
      'commit',
      'unknown',
      `${text} is no commit of ${repository.name}, or the beginning of several`,
    )
  return found
}
