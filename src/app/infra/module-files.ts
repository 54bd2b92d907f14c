import type { Json } from '#domain/json.ts'

/** The files of a module as one blob: equal files, equal bytes. */
export function packFiles(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const paths = [...files.keys()].toSorted()
  const packed = paths.map((path) => [path, Buffer.from(files.get(path)!).toString('base64')])
  return Buffer.from(JSON.stringify(packed))
}

/** What `packFiles` made. */
export function unpackFiles(bytes: Uint8Array): Map<string, Uint8Array> {
  const packed = JSON.parse(Buffer.from(bytes).toString('utf8')) as Json as [string, string][]
  return new Map(packed.map(([path, text]) => [path, Buffer.from(text, 'base64')]))
}
