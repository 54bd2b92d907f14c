import type { FieldFault } from '#domain/errors.ts'
import type { JsonObject } from './field.ts'
import { isText } from './json.ts'

/** What a version of an asset says. Its bytes lie in the blob store under the digest. */
export interface AssetData extends JsonObject {
  title: string
  filename: string
  content_type: string
  /** In bytes. */
  size: number
  digest: string
  description: string
  tags: string[]
}

/** What people say of an asset. */
export interface AssetInput {
  title?: string
  filename?: string
  content_type?: string
  description?: string
  tags?: readonly string[]
}

const limits = { title: 512, filename: 255, description: 5000, tags: 200, tag: 200 }
const mimeType = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/

/** The name without the folders that a client may have sent before it. */
export function bareName(filename: string): string {
  return filename.split(/[\\/]/).at(-1) ?? ''
}

/** Lower case and without parameters; bytes of no known kind where it is none. */
export function bareType(contentType: string): string {
  const bare = (contentType.split(';')[0] ?? '').trim().toLowerCase()
  return mimeType.test(bare) ? bare : 'application/octet-stream'
}

/** Every fault of what is said of an asset, of the parts that were given (`asset.filename`). */
export function faultsOfAsset({ title, filename, description, tags }: AssetInput): FieldFault[] {
  const faults: FieldFault[] = []
  const check = (field: keyof AssetInput, text: string | undefined, most: number, empty: boolean) => {
    if (text === undefined) return
    if (!isText(text)) faults.push({ field: `asset.${field}`, fault: 'invalid', detail: 'It must be text.' })
    else if (!empty && text.trim() === '')
      faults.push({ field: `asset.${field}`, fault: 'required', detail: 'It must be filled in.' })
    else if (text.length > most)
      faults.push({
        field: `asset.${field}`,
        fault: 'too_long',
        detail: `It has at most ${most} characters.`,
      })
  }
  check('title', title, limits.title, false)
  check('filename', filename, limits.filename, false)
  check('description', description, limits.description, true)
  if (filename !== undefined && hasControls(filename))
    faults.push({
      field: 'asset.filename',
      fault: 'invalid',
      detail: 'A file name has no control characters.',
    })
  const fine =
    !tags || (tags.length <= limits.tags && tags.every((tag) => isText(tag) && tag.length <= limits.tag))
  if (!fine) faults.push({ field: 'asset.tags', fault: 'invalid', detail: 'Tags are a list of short texts.' })
  return faults
}

function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text)
}
