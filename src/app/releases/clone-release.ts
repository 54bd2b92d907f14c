import { copyReleaseItems } from '#store/release-item.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { createReleaseIn } from './create-release.ts'
import { refuseCodeOf } from './refuse-code.ts'
import { holdRelease, placeOf, type ReleaseView } from './release-view.ts'

/** A new, open release with the same items at the same versions. Throws `not_found`, and `invalid` of one of code. */
export async function cloneRelease(
  ctx: Context,
  input: { project_id: string; release_id: string; name: string; description?: string },
): Promise<ReleaseView> {
  const { project_id, release_id, name } = input
  authorize(ctx, 'release.clone', { project_id })
  return transact(ctx, async (unit) => {
    const from = await holdRelease(unit.tx, project_id, release_id)
    authorize(ctx, 'release.clone', placeOf(from))
    refuseCodeOf(from.project_kind)
    const clone = await createReleaseIn(ctx, unit, {
      project_id,
      branch: from.branch,
      name,
      description: input.description ?? from.description,
    })
    await copyReleaseItems(unit.tx, release_id, clone.id, ctx.now())
    return clone
  })
}
