import { candidateRefs } from '#catalogue/code/candidate-refs.ts'
import { asPrincipal, type Context } from '../context.ts'
import { openRepository } from '../repositories/open-repository.ts'

/**
 * Has the mirror keep a candidate's commit, though its branch may be pushed over one day. Called after the candidate was
 * written: one that was cut off here is kept by whoever asks next where a commit is.
 */
export async function keepCommit(
  ctx: Context,
  { id, project_id, commit_sha }: { id: string; project_id: string; commit_sha: string | null },
): Promise<void> {
  if (commit_sha === null) return
  try {
    const { mirror } = await openRepository(asPrincipal(ctx, null), project_id)
    await mirror.git(['update-ref', `${candidateRefs}${id}`, commit_sha])
  } catch {
    // The candidate is cut; what its mirror lacks is made up for.
  }
}
