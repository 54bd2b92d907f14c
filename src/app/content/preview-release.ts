import { checkPublication } from '#catalogue/content/plan-publication.ts'
import { DomainError } from '#domain/errors.ts'
import { planChanges } from '#domain/plan.ts'
import type { Preview } from '#store/content-live.ts'
import { listReleaseItems } from '#store/release-item.ts'
import type { ReleaseRow } from '#store/release.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOf, requireRelease } from '../releases/release-view.ts'
import type { Place } from './content-place.ts'

interface Previewed {
  project_id: string
  environment_id: string
  release_id: string
}

/** An item that a deploy could not publish now. */
export interface PreviewFault {
  key: string
  title: string
  code: string
  reason: string
}

/**
 * A release as readers of an environment would find it there if it were deployed now. What a plan would find at
 * fault is left as it is: `except` names it. Throws `not_found`, also for a release of another branch.
 */
export async function previewRelease(
  ctx: Context,
  { branch, ...asked }: Previewed & Pick<Place, 'branch'>,
): Promise<Preview> {
  const release = await previewable(ctx, asked)
  if (release.branch !== branch) throw new DomainError('not_found', { what: 'release', id: asked.release_id })
  const faults = await faultsOf(ctx, asked)
  return { release_id: asked.release_id, except: faults.map(({ key }) => key), at: ctx.now() }
}

/** What such a preview leaves out, and the branch that it is of. Throws `not_found`. */
export async function previewFaults(
  ctx: Context,
  asked: Previewed,
): Promise<{ branch: string | null; faults: PreviewFault[] }> {
  const { branch } = await previewable(ctx, asked)
  return { branch, faults: await faultsOf(ctx, asked) }
}

async function previewable(
  ctx: Context,
  { project_id, environment_id, release_id }: Previewed,
): Promise<ReleaseRow> {
  authorize(ctx, 'release.preview', { project_id, environment_id })
  const release = await requireRelease(ctx.db, project_id, release_id)
  authorize(ctx, 'release.preview', { ...placeOf(release), environment_id })
  return release
}

async function faultsOf(ctx: Context, { project_id, release_id }: Previewed): Promise<PreviewFault[]> {
  const items = await listReleaseItems(ctx.db, release_id)
  const changes = planChanges({ scope: 'change_set', items, live: [], forced: true })
  const checked = await checkPublication(ctx.db, project_id, changes)
  return checked.flatMap(({ key, title, fault }) => (fault ? [{ key, title, ...fault }] : []))
}
