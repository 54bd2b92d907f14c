import { restoreBundle } from '#catalogue/code/pick/bundle.ts'
import { GitError } from '#ground/git/run-git.ts'
import { BlobMissingError } from '#ground/blobs.ts'
import type { Mirror } from '#ground/git/mirrors.ts'
import { listBundles } from '#store/pick-target.ts'
import type { House } from '../context.ts'

/**
 * Brings back to a mirror what only we have: commits that we picked and that no remote need have. One that cannot be
 * brought back, since the host lost what it stands on, keeps no other from it.
 */
export async function restoreBundles(
  { db, blobs }: Pick<House, 'db' | 'blobs'>,
  repositoryId: string,
  mirror: Mirror,
): Promise<{ restored: number; lost: string[] }> {
  const lost: string[] = []
  const bundles = await listBundles(db, repositoryId)
  for (const { id, bundle_digest } of bundles)
    try {
      await restoreBundle(mirror, await blobs.open(bundle_digest))
    } catch (error) {
      if (!(error instanceof GitError) && !(error instanceof BlobMissingError)) throw error
      lost.push(id)
    }
  return { restored: bundles.length - lost.length, lost }
}
