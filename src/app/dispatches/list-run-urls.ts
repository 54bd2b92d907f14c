import { listRunUrls as rows } from '#store/run-url.ts'
import type { Context } from '../context.ts'

/**
 * The pages on which deployments or runs can be watched outside, by their ids. The caller was shown them, and is
 * authorised by that.
 */
export async function listRunUrls(
  ctx: Context,
  of: { deployment_ids: readonly string[] } | { run_ids: readonly string[] },
): Promise<Map<string, string>> {
  return new Map((await rows(ctx.db, of)).map(({ id, url }) => [id, url]))
}
