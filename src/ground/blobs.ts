import type { Readable } from 'node:stream'

/** Bytes as they come: a stream, an upload, an iterable of chunks. */
export type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

export interface StoredBlob {
  /** SHA-256 of the bytes, 64 hexadecimal digits: the blob's only name. */
  digest: string
  /** In bytes. */
  size: number
}

/** A part of a blob: byte offsets, both included. */
export interface ByteRange {
  start: number
  end?: number
}

/** Bytes kept by their digest. A folder today; anything that can answer this can stand in for it. */
export interface Blobs {
  /**
   * Keeps the bytes. They are durable when it answers; putting the same bytes again is free of effect.
   *
   * @throws BlobTooLargeError past `mostBytes`, and whatever the source throws; nothing is kept then
   */
  put(source: Bytes, options?: { mostBytes?: number }): Promise<StoredBlob>
  /** @throws BlobMissingError before the first byte */
  open(digest: string, range?: ByteRange): Promise<Readable>
  has(digest: string): Promise<boolean>
  /** All of them, in the order of their digests. One that comes or goes meanwhile may be in it or not. */
  list(): AsyncIterable<StoredBlob>
  /** Removing what is not there is no error. */
  remove(digest: string): Promise<void>
}

export class BlobTooLargeError extends Error {
  readonly mostBytes: number

  constructor(mostBytes: number) {
    super(`more than ${mostBytes} bytes`)
    this.name = 'BlobTooLargeError'
    this.mostBytes = mostBytes
  }
}

export class BlobMissingError extends Error {
  readonly digest: string

  constructor(digest: string) {
    super(`no blob ${digest}`)
    this.name = 'BlobMissingError'
    this.digest = digest
  }
}
