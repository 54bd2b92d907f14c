import { chainOf, masterOf } from '#catalogue/content/locales.ts'
import type { ReaderPlace } from '#store/content-live.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { contentModel } from './content-model.ts'
import type { Place } from './content-place.ts'
import { previewRelease } from './preview-release.ts'

export type { ReaderPlace } from '#store/content-live.ts'

/** Where readers stand, and in which language they ask. */
export interface Reader extends Place {
  environment_id: string
  /** The master when left out. */
  locale?: string
  /** Whether what is live in a fallback may stand in. */
  fallback?: boolean
  /** The release that is looked at as if it had been deployed. */
  release_id?: string
}

/**
 * Authorises, and finds the place in what is remembered. Undefined where there is no such branch or locale: nothing
 * is live there. Throws `not_found` for a release that is not on the branch.
 */
export async function readerPlace(ctx: Context, asked: Reader): Promise<ReaderPlace | undefined> {
  const { project_id, branch, environment_id, fallback = false, release_id } = asked
  authorize(ctx, 'live.read', { project_id, environment_id, branch })
  if (release_id !== undefined) authorize(ctx, 'release.preview', { project_id, environment_id, branch })
  const { branches, locales } = await contentModel(ctx, project_id)
  const branch_id = branches.get(branch)
  const fallbacks = chainOf(locales, asked.locale ?? masterOf(locales) ?? '')
  if (branch_id === undefined || fallbacks.length === 0) return undefined
  return {
    environment_id,
    branch_id,
    locales: fallback ? fallbacks : fallbacks.slice(0, 1),
    fallbacks,
    ...(release_id === undefined ? {} : { preview: await previewRelease(ctx, { ...asked, release_id }) }),
  }
}
