import { imageSize } from 'image-size'

export interface Dimension {
  /** In pixels. */
  width: number
  height: number
}

/** How much of a file is looked at, at most: cameras put their own pictures before a picture's size. */
export const mostImageBytes = 256 * 1024

const windows = { camera: mostImageBytes, other: 64 * 1024, drawing: 4096 }

/**
 * The size of a picture from its first bytes, undefined where they do not tell. They are hostile until proven: what
 * reads them takes time in the second power of their number for drawings and for boxes, so that each kind is shown no
 * more than it needs.
 */
export function dimensionOf(bytes: Uint8Array): Dimension | undefined {
  try {
    // A copy: what reads it does not stop at the end of a view into larger memory.
    const { width, height } = imageSize(new Uint8Array(bytes.subarray(0, windowOf(bytes))))
    return isLength(width) && isLength(height) ? { width, height } : undefined
  } catch {
    return undefined
  }
}

function windowOf(bytes: Uint8Array): number {
  if (new TextDecoder('latin1').decode(bytes.subarray(0, windows.drawing)).includes('<svg'))
    return windows.drawing
  return bytes[0] === 0xff && bytes[1] === 0xd8 ? windows.camera : windows.other
}

function isLength(length: number): boolean {
  return Number.isSafeInteger(length) && length > 0
}
