import type { EachPage } from '#store/page-each.ts'
import { listReleasesById as byId, pageReleases as page } from '#store/release.ts'
import { allows } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOf, viewRelease, type ReleaseView } from './release-view.ts'

/** A page of the named releases of each of these projects that the caller may see, newest first. */
export async function pageReleases(
  ctx: Context,
  { project_ids, ...within }: { project_ids: readonly string[] } & EachPage<string>,
): Promise<ReleaseView[]> {
  const readable = project_ids.filter((project_id) => allows(ctx, 'release.read', { project_id }))
  if (readable.length === 0) return []
  const { branches } = ctx.principal ?? {}
  return (await page(ctx.db, { project_ids: readable, ...(branches && { branches }) }, within)).map(
    viewRelease,
  )
}

/** Those of these releases that the caller may see, in no order. */
export async function listReleasesById(ctx: Context, ids: readonly string[]): Promise<ReleaseView[]> {
  const rows = await byId(ctx.db, ids)
  return rows.filter((row) => allows(ctx, 'release.read', placeOf(row))).map(viewRelease)
}
