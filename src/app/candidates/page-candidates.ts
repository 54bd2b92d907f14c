import { listCandidateHeads, pageCandidates as page, type CandidateHead } from '#store/candidate-page.ts'
import type { EachPage } from '#store/page-each.ts'
import { allows } from '../authorize.ts'
import type { Context } from '../context.ts'

export type { CandidateHead }

/** A page of the candidates of each of these releases that the caller may see, highest number first. */
export async function pageCandidates(
  ctx: Context,
  { release_ids, ...within }: { release_ids: readonly string[] } & EachPage<number>,
): Promise<CandidateHead[]> {
  return seen(ctx, await page(ctx.db, release_ids, within))
}

/** Those of these candidates, by their ids or by what revisions they are, that the caller may see; in no order. */
export async function listCandidateHeadsBy(
  ctx: Context,
  which: { ids: readonly string[] } | { revision_ids: readonly string[] },
): Promise<CandidateHead[]> {
  return seen(ctx, await listCandidateHeads(ctx.db, which))
}

function seen(ctx: Context, rows: CandidateHead[]): CandidateHead[] {
  return rows.filter(({ project_id }) => allows(ctx, 'release.read', { project_id }))
}
