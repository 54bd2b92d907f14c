import type { AssetData } from '#catalogue/content/read-asset.ts'
import { DomainError } from '#domain/errors.ts'
import { findPublished, findPublishedBytes, type PublishedView } from '#store/content-published.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { refuseVersion, type Place } from './content-place.ts'
import { openBytes, type AssetBytes, type PartOf } from './open-asset.ts'
import { readPublished, type PublishedListQuestion } from './published-entries.ts'
import { readerPlace, type Reader } from './reader-place.ts'

/** An asset as it is live, by default in whatever fallback. Throws `not_found`. One statement, by primary keys. */
export async function getPublishedAsset(
  ctx: Context,
  asked: Reader & { uid: string },
): Promise<PublishedView> {
  const place = await readerPlace(ctx, { fallback: true, ...asked })
  const what = { kind: 'asset' as const, content_type_uid: null, uid: asked.uid }
  const found = place && (await findPublished(ctx.db, place, what))
  if (!found) throw new DomainError('not_found', { what: 'asset', id: asked.uid })
  return found
}

/** The assets that are live, latest published first: one statement. Throws `invalid` (`where.…`, `order.…`). */
export async function listPublishedAssets(
  ctx: Context,
  asked: PublishedListQuestion,
): Promise<{ items: PublishedView[]; total?: number }> {
  return readPublished(ctx, { fallback: true, ...asked }, { kind: 'asset', content_type_uid: null })
}

/**
 * The bytes of an asset at a version that is live: in the environment, or anywhere in the project where none is
 * named. Without a version, the newest of those. Throws `not_found`.
 */
export async function openPublishedAsset(
  ctx: Context,
  asked: Place & { environment_id?: string; uid: string; version?: number; part_of?: PartOf },
): Promise<AssetBytes> {
  const { project_id, branch, environment_id, uid } = asked
  authorize(ctx, 'live.read', { project_id, branch, ...(environment_id ? { environment_id } : {}) })
  refuseVersion(asked.version)
  const { part_of, ...key } = asked
  const found = await findPublishedBytes(ctx.db, key)
  if (!found) throw new DomainError('not_found', { what: 'asset', id: uid })
  return openBytes(ctx, found.version, found.data as AssetData, part_of)
}
