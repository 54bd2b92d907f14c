import { LRUCache } from 'lru-cache'
import { dimensionOf, mostImageBytes, type Dimension } from '#catalogue/content/image-dimension.ts'
import { BlobMissingError } from '#ground/blobs.ts'
import type { Context } from '../context.ts'

type Picture = { digest: string; content_type: string }

/** By digest: the same bytes have the same size for ever. */
const measured = new LRUCache<string, Dimension | 'none'>({ max: 20_000 })

const atOnce = 8

/**
 * The sizes of those assets that are pictures, by digest; of each file only the first bytes are read, and once. The
 * caller has read the assets, and so may read what is in them.
 */
export async function measureAssets(
  ctx: Context,
  assets: readonly Picture[],
): Promise<ReadonlyMap<string, Dimension>> {
  const pictures = assets.filter(({ content_type }) => content_type.startsWith('image/'))
  const digests = [...new Set(pictures.map(({ digest }) => digest))]
  const left = digests.filter((digest) => !measured.has(digest))
  for (let at = 0; at < left.length; at += atOnce)
    await Promise.all(left.slice(at, at + atOnce).map((digest) => measure(ctx, digest)))
  return new Map(
    digests.flatMap((digest) => {
      const found = measured.get(digest)
      return found === undefined || found === 'none' ? [] : [[digest, found]]
    }),
  )
}

async function measure({ blobs }: Context, digest: string): Promise<void> {
  try {
    const stream = await blobs.open(digest, { start: 0, end: mostImageBytes - 1 })
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk as Buffer)
    measured.set(digest, dimensionOf(Buffer.concat(chunks)) ?? 'none')
  } catch (error) {
    // What is not there now may be put back; an empty file has no first bytes.
    if (!(error instanceof BlobMissingError)) throw error
  }
}
