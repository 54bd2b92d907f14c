import { listReferencesTo, type ReferenceView } from '#store/content-version.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getPlace, type Page, type Place } from './content-place.ts'

export type { ReferenceView } from '#store/content-version.ts'

/** The entries whose latest versions point at an entry or an asset, newest first. Throws `not_found` (the branch). */
export async function listReferences(
  ctx: Context,
  { project_id, branch, uid, limit = 100, offset = 0 }: Place & Partial<Page> & { uid: string },
): Promise<ReferenceView[]> {
  authorize(ctx, 'catalogue.read', { project_id, branch })
  const { branch_id } = await getPlace(ctx.db, { project_id, branch })
  return listReferencesTo(ctx.db, { branch_id, uid, limit, offset })
}
