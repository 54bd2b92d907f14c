import { bareName, bareType, faultsOfAsset, type AssetInput } from '#catalogue/content/read-asset.ts'
import { DomainError } from '#domain/errors.ts'
import { BlobTooLargeError, type Bytes } from '#ground/blobs.ts'
import { claimContentItem } from '#store/content-item.ts'
import type { Db } from '#store/database.ts'
import type { Context } from '../context.ts'
import { refuse, type Place } from './content-place.ts'

/** A file as it is uploaded. */
export interface File {
  filename: string
  content_type: string
  bytes: Bytes
}

/**
 * Puts the bytes into the blob store, before any transaction: a slow upload holds nothing. Bytes of an upload that is
 * refused afterwards stay there and harm nobody. Throws `too_large`, `invalid` (`asset.filename`).
 */
export async function keepFile(ctx: Context, file: File, mostBytes: number) {
  const filename = bareName(file.filename)
  refuse(faultsOfAsset({ filename }))
  try {
    const { digest, size } = await ctx.blobs.put(file.bytes, { mostBytes })
    return { filename, content_type: bareType(file.content_type), digest, size }
  } catch (error) {
    if (error instanceof BlobTooLargeError) throw new DomainError('too_large', { most_bytes: mostBytes })
    throw error
  }
}

/** What was said of an asset, without what was not. */
export function saidOf({ title, filename, description, tags }: AssetInput) {
  return {
    ...(title === undefined ? {} : { title }),
    ...(filename === undefined ? {} : { filename: bareName(filename) }),
    ...(description === undefined ? {} : { description }),
    ...(tags === undefined ? {} : { tags: [...tags] }),
  }
}

/** The folder stays as long as something is being put into it. Null is the root. Throws `not_found`. */
export async function claimParent(db: Db, place: Place, parentUid: string | null): Promise<void> {
  if (parentUid === null) return
  const key = { project_id: place.project_id, branch: place.branch, uid: parentUid }
  const folder = await claimContentItem(db, key, 'folder', 'refer')
  if (!folder) throw new DomainError('not_found', { what: 'folder', id: parentUid })
}
