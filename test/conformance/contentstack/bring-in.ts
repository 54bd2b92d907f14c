import { Readable } from 'node:stream'
import { pack } from 'tar-stream'
import type { Import, NewImport } from '#api/import.ts'
import { packFolder } from '#cli/pack-folder.ts'
import type { TestHouse } from '../../open-house.ts'

type Header = Parameters<ReturnType<typeof pack>['entry']>[0]

/** A tar of anything at all. */
export function tarOf(
  entries: readonly (Header & { content?: string | Buffer })[],
): ReadableStream<Uint8Array> {
  const tar = pack()
  for (const { content, ...header } of entries) {
    tar.entry({ ...header, size: Buffer.byteLength(content ?? '') }, (content ?? '') as string)
  }
  tar.finalize()
  return Readable.toWeb(Readable.from(tar, { objectMode: false })) as unknown as ReadableStream<Uint8Array>
}

/** Brings a folder into a project by our own API. */
export async function bringIn(
  { client }: Pick<TestHouse, 'client'>,
  project: string,
  folder: string,
  asked: Partial<NewImport> = {},
): Promise<Import> {
  const { id } = await client.createImport(project, { format: 'contentstack', ...asked })
  for await (const { tar } of packFolder(folder))
    await client.sendImportFiles(project, id, Readable.toWeb(tar) as unknown as ReadableStream<Uint8Array>)
  let made = await client.continueImport(project, id)
  for (let turns = 0; made.state !== 'finished' && turns < 50; turns += 1)
    made = await client.continueImport(project, id)
  return made
}

export async function notesOf({ client }: Pick<TestHouse, 'client'>, project: string, { id }: Import) {
  const { items } = await client.listImportNotes(project, id, { limit: 200 })
  return items.map(({ kind, file, item, detail }) => `${kind} ${file} ${item ?? '-'}: ${detail}`)
}
