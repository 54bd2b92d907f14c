import { resolveHead, type Head } from '#catalogue/code/resolve-commit.ts'
import { invalidField } from '#domain/errors.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { findRepositoryOf } from './open-repository.ts'
import { refreshMirror } from './fetch-repository.ts'

/**
 * Where a branch stands now, after a fetch: the one named, else the project's, else the repository's default. Throws
 * `invalid` (`branch`), `not_found`, `repository_unreachable`.
 */
export async function headOf(ctx: Context, project_id: string, branch?: string | null): Promise<Head> {
  authorize(ctx, 'catalogue.read', { project_id })
  const { settings, repository } = await findRepositoryOf(ctx, project_id)
  const wanted = branch ?? settings.branch
  if (wanted !== null && !isBranchName(wanted))
    throw invalidField('branch', 'invalid', 'is no name that git has for a branch')
  const head = await resolveHead(await refreshMirror(ctx, repository), wanted)
  if (!head)
    throw invalidField(
      'branch',
      'unknown',
      wanted === null ? `${repository.name} has no commit yet` : `${repository.name} has no branch ${wanted}`,
    )
  return head
}

/** The rules of git-check-ref-format. */
export function isBranchName(name: string): boolean {
  // eslint-disable-next-line no-control-regex
  if (
    name === '' ||
    name.length > 250 ||
    /[\u0000-\u0020\u007F~^:?*[\\]|\.\.|@\{|\/\/|^[/-]|[/.]$/.test(name)
  )
    return false
  return (
    name.isWellFormed() &&
    name !== '@' &&
    name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'))
  )
}
