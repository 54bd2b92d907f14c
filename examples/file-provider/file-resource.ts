import { createHash } from 'node:crypto'
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { placeInside } from './place-inside.ts'
import { complaint, isKnown, unknown, type Diagnostic } from './wire.ts'

/** A resource as Terraform's state has it; while it is planned, each value may also be unknown. */
export interface FileState {
  path: string
  /** What is in the file. Null where `content_secret` says it. */
  content: string | null
  content_secret: string | null
  /** Such as `0640`. Null: whatever it is. */
  mode: string | null
  /** The path. */
  id: string
  /** Of what is in the file, in hex. Null for a secret, which could be guessed from it. */
  sha256: string | null
}

const text = Buffer.from('"string"')

export const fileSchema = {
  version: 0,
  block: {
    version: 0,
    attributes: [
      { name: 'path', type: text, required: true },
      { name: 'content', type: text, optional: true },
      { name: 'content_secret', type: text, optional: true, sensitive: true },
      { name: 'mode', type: text, optional: true },
      { name: 'id', type: text, computed: true },
      { name: 'sha256', type: text, computed: true },
    ],
  },
}

export function validateFile(folder: string, file: FileState): Diagnostic[] {
  const found: Diagnostic[] = []
  const { path, content, content_secret, mode } = file
  if (isKnown(path) && !placeInside(folder, path))
    found.push(complaint('path', 'Not inside the folder', `"${path}" does not lie inside ${folder}.`))
  if ((content === null) === (content_secret === null) && isKnown(content) && isKnown(content_secret))
    found.push(complaint('content', 'Not one content', 'Either content or content_secret has to be given.'))
  if (mode !== null && isKnown(mode) && !/^0[0-7]{3}$/.test(mode))
    found.push(complaint('mode', 'Not a mode', `"${mode}" is not four octal digits, such as 0640.`))
  return found
}

/** What will be, as far as it can be known. Null where the file is to go. */
export function planFile(proposed: FileState | null): FileState | null {
  if (!proposed) return null
  const { content } = proposed
  const sha256 = isKnown(content) ? digestOf(content) : (unknown as unknown as string)
  return { ...proposed, id: proposed.path, sha256 }
}

/** The file as it really is: what state says of it is only believed where the file cannot say it. Null: it is gone. */
export async function readFileState(folder: string, known: FileState): Promise<FileState | null> {
  const place = placeFor(folder, known.path)
  const content = await readFile(place, 'utf8').catch(nothingWhereGone)
  if (content === null) return null
  const mode = known.mode === null ? null : modeOf((await stat(place)).mode)
  if (known.content_secret !== null) return { ...known, content_secret: content, mode }
  return { ...known, content, mode, sha256: digestOf(content) }
}

export async function writeFileState(folder: string, planned: FileState): Promise<FileState> {
  const place = placeFor(folder, planned.path)
  const content = planned.content ?? planned.content_secret ?? ''
  await mkdir(dirname(place), { recursive: true })
  await writeFile(place, content)
  if (planned.mode !== null) await chmod(place, Number.parseInt(planned.mode, 8))
  return { ...planned, id: planned.path, sha256: digestOf(planned.content) }
}

export async function removeFile(folder: string, { path }: FileState): Promise<void> {
  await rm(placeFor(folder, path), { force: true })
}

function placeFor(folder: string, path: string): string {
  const place = placeInside(folder, path)
  if (!place) throw new Error(`"${path}" does not lie inside ${folder}`)
  return place
}

function nothingWhereGone(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}

function modeOf(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0')
}

function digestOf(content: string | null): string | null {
  return content === null ? null : createHash('sha256').update(content).digest('hex')
}
