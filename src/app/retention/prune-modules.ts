import { removeUnusedModules } from '#store/infra-module.ts'
import { removeUnusedBlobs } from '../blobs/remove-unused-blobs.ts'
import { transact, type Context } from '../context.ts'
import { daysBefore } from './policy.ts'

/** Far longer than a release takes from reading its modules to naming them. */
const keepDays = 30
/** Their files go while the rows are held. */
const mostAtOnce = 50

/**
 * Removes modules that no resource of any project names any more, and their files. Those go before the row is gone for
 * good, unlike elsewhere: whoever wants the module meanwhile waits for that, finds none, and puts it there anew. Where we
 * die in between, nothing names the row, and it is put there anew as well. Answers how many.
 */
export async function pruneModules(ctx: Context, stopping?: AbortSignal): Promise<number> {
  const before = daysBefore(ctx.now(), keepDays)
  let gone = 0
  while (!stopping?.aborted) {
    const count = await transact(ctx, async ({ tx }) => {
      const digests = await removeUnusedModules(tx, before, mostAtOnce)
      await removeUnusedBlobs({ db: tx, blobs: ctx.blobs }, digests)
      return digests.length
    })
    gone += count
    if (count < mostAtOnce) break
  }
  return gone
}
