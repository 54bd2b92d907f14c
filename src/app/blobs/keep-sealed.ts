import { buffer } from 'node:stream/consumers'
import type { House } from '../context.ts'

/**
 * Puts bytes among the blobs, sealed for what they belong to; answers the digest under which they lie. They are durable
 * then, and go as other blobs do when no row names them.
 */
export async function keepSealed(
  { blobs, vault }: Pick<House, 'blobs' | 'vault'>,
  bytes: Uint8Array,
  context: string,
): Promise<string> {
  const { digest } = await blobs.put([vault.sealBytes(bytes, context)])
  return digest
}

/** What was kept so. Throws BlobMissingError where it is gone, SealError where it cannot be opened. */
export async function openSealed(
  { blobs, vault }: Pick<House, 'blobs' | 'vault'>,
  digest: string,
  context: string,
): Promise<Buffer> {
  return vault.openBytes(await buffer(await blobs.open(digest)), context)
}
