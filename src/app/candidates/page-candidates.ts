import { listCandidatesById as byId, listCandidatesOfRevisions as ofRevisions } from '#store/candidate.ts'
import { pageCandidates as page } from '#store/candidate-page.ts'
import type { EachPage } from '#store/page-each.ts'
import { allows } from '../authorize.ts'
import type { Context } from '../context.ts'
import { viewCandidate, type CandidateView } from './candidate-view.ts'

/** A page of the candidates of each of these releases that the caller may see, highest number first. */
export async function pageCandidates(
  ctx: Context,
  { release_ids, ...within }: { release_ids: readonly string[] } & EachPage<number>,
): Promise<CandidateView[]> {
  return seen(ctx, await page(ctx.db, release_ids, within))
}

/** Those of these candidates that the caller may see, in no order. */
export async function listCandidatesById(ctx: Context, ids: readonly string[]): Promise<CandidateView[]> {
  return seen(ctx, await byId(ctx.db, ids))
}

/** Those that are these revisions and that the caller may see, in no order. */
export async function listCandidatesOfRevisions(
  ctx: Context,
  revision_ids: readonly string[],
): Promise<CandidateView[]> {
  return seen(ctx, await ofRevisions(ctx.db, revision_ids))
}

function seen(ctx: Context, rows: Parameters<typeof viewCandidate>[0][]): CandidateView[] {
  return rows.filter(({ project_id }) => allows(ctx, 'release.read', { project_id })).map(viewCandidate)
}
