import { checkPublication } from '#catalogue/content/plan-publication.ts'
import { DomainError } from '#domain/errors.ts'
import { planChanges } from '#domain/plan.ts'
import type { Preview } from '#store/content-live.ts'
import { listReleaseItems } from '#store/release-item.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { requireRelease } from '../releases/release-view.ts'
import type { Place } from './content-place.ts'

/**
 * A release as readers of an environment would find it there if it were deployed now. What a plan would find at
 * fault is left as it is: `except` names it. Throws `not_found`, also for a release of another branch.
 */
export async function previewRelease(
  ctx: Context,
  asked: Place & { environment_id: string; release_id: string },
): Promise<Preview> {
  const { project_id, branch, environment_id, release_id } = asked
  authorize(ctx, 'release.preview', { project_id, environment_id, branch })
  const release = await requireRelease(ctx.db, project_id, release_id)
  if (release.branch !== branch) throw new DomainError('not_found', { what: 'release', id: release_id })
  const items = await listReleaseItems(ctx.db, release_id)
  const changes = planChanges({ scope: 'change_set', items, live: [], forced: true })
  const checked = await checkPublication(ctx.db, project_id, changes)
  return {
    release_id,
    except: checked.filter(({ fault }) => fault !== undefined).map(({ key }) => key),
    at: ctx.now(),
  }
}
