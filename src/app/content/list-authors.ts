import { listUsersById } from '#store/user.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import type { Place } from './content-place.ts'

/** Who wrote something: what those may know of them that may read it. */
export interface Author {
  id: string
  email: string
  name: string
}

/** The authors of entries that the caller has read, in no order. */
export async function listAuthors(
  ctx: Context,
  { project_id, branch, ids }: Place & { ids: readonly (string | null)[] },
): Promise<Author[]> {
  authorize(ctx, 'catalogue.read', { project_id, branch })
  const known = [...new Set(ids.filter((id) => id !== null))]
  return known.length === 0 ? [] : listUsersById(ctx.db, known)
}
