import type { Readable } from 'node:stream'
import type { AssetData } from '#catalogue/content/read-asset.ts'
import type { ByteRange } from '#ground/blobs.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { readAsset, type AssetKey } from './get-asset.ts'

/** A file of an asset, open. Whoever gets it reads it or destroys the stream. */
export interface AssetBytes {
  stream: Readable
  /** In bytes. */
  size: number
  content_type: string
  filename: string
  digest: string
  version: number
  /** The bytes that the stream has, both included, where only some were asked for. */
  part?: ByteRange
}

/** Which bytes of a file of this size are wanted; all of them where it says nothing. */
export type PartOf = (size: number) => ByteRange | undefined

/** The bytes of any version, the latest when none is named. Throws `not_found`. */
export async function openAsset(
  ctx: Context,
  asked: AssetKey & { version?: number; part_of?: PartOf },
): Promise<AssetBytes> {
  authorize(ctx, 'catalogue.read', { project_id: asked.project_id, branch: asked.branch })
  const { version, data } = await readAsset(ctx, asked)
  return openBytes(ctx, version, data as AssetData, asked.part_of)
}

/** The caller authorises. */
export async function openBytes(
  ctx: Context,
  version: number,
  data: AssetData,
  partOf?: PartOf,
): Promise<AssetBytes> {
  const { digest, size, content_type, filename } = data
  const part = partOf?.(size)
  const stream = await ctx.blobs.open(digest, part)
  return { stream, size, content_type, filename, digest, version, ...(part ? { part } : {}) }
}
