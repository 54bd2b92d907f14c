import { showCandidateVersion } from '#domain/candidate-version.ts'
import { claimDuePromotion, listPromotedTo, markPromoted } from '#store/deployment-automatic.ts'
import { transact, type Context } from '../context.ts'
import { deployByItselfIn } from './deploy-by-itself.ts'

/**
 * Takes what succeeded on to the environments after it that want that by themselves: each deployment once, whoever
 * looks and however often. For Headgate itself.
 */
export async function promoteSucceeded(ctx: Context): Promise<void> {
  while (await promoteOne(ctx));
}

/** False: nothing is left. */
function promoteOne(ctx: Context): Promise<boolean> {
  return transact(ctx, async (unit) => {
    const due = await claimDuePromotion(unit.tx)
    if (!due) return false
    const { id, environment_id, environment_name, release_name, project_kind, ...revision } = due
    const { number } = revision
    const what =
      project_kind === 'code'
        ? showCandidateVersion({ release: release_name, number })
        : `Revision ${number} of ${release_name || 'a direct deployment'}`
    const why = `${what} was deployed to ${environment_name}.`
    for (const next of await listPromotedTo(unit.tx, environment_id))
      await deployByItselfIn(ctx, unit, { ...revision, environment_id: next.id, what, why })
    await markPromoted(unit.tx, id)
    return true
  })
}
