import type { JsonObject } from '#catalogue/content/field.ts'

export interface OutFile {
  name: string
  size: number
  content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
}

export function jsonFile(name: string, value: unknown): OutFile {
  const bytes = Buffer.from(JSON.stringify(value))
  return { name, size: bytes.length, content: [bytes] }
}

/** Objects by uid in files of about a megabyte, and the index that names them. */
export async function* chunked(
  folder: string,
  kind: 'assets' | 'entries',
  index: string,
  newName: () => string,
  items: AsyncIterable<JsonObject & { uid: string }>,
): AsyncIterable<OutFile & { uids?: string[] }> {
  const names: string[] = []
  let open = new Map<string, string>()
  let size = 0
  const close = (): OutFile => {
    const name = `${newName()}-${kind}.json`
    names.push(name)
    const bytes = Buffer.from(
      `{${[...open].map(([uid, item]) => `${JSON.stringify(uid)}:${item}`).join(',')}}`,
    )
    open = new Map()
    size = 0
    return { name: `${folder}/${name}`, size: bytes.length, content: [bytes] }
  }
  for await (const item of items) {
    const json = JSON.stringify(item)
    open.set(item.uid, json)
    size += json.length
    if (size >= 1024 * 1024 || open.size >= 1000) yield close()
  }
  if (open.size > 0) yield close()
  if (names.length > 0)
    yield jsonFile(`${folder}/${index}`, Object.fromEntries(names.map((name, n) => [String(n + 1), name])))
}
