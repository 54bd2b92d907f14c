import type { Import, ImportNote, KeptFiles, NewImport } from '#api/import.ts'
import { projectPath, type Listed, type Paging, type Send } from './path.ts'

type Tar = ReadableStream<Uint8Array>

/** Content in from the files of another system, and out again. `stream` sends and reads bytes as they come. */
export function importCalls(
  send: Send,
  stream: (method: string, path: string, body?: Tar, query?: object) => Promise<Response>,
) {
  const one = (key: string, id: string) => `${projectPath(key)}/import/${id}`
  return {
    createImport: (key: string, input: NewImport) =>
      send<Import>('POST', `${projectPath(key)}/import`, input),
    getImport: (key: string, id: string) => send<Import>('GET', one(key, id)),
    sendImportFiles: async (key: string, id: string, tar: Tar) =>
      (await (await stream('PUT', `${one(key, id)}/files`, tar)).json()) as KeptFiles,
    /** Reads on; to be called until it answers one that is finished. */
    continueImport: (key: string, id: string) => send<Import>('POST', `${one(key, id)}/run`),
    listImportNotes: (key: string, id: string, page: Paging = {}) =>
      send<Listed<ImportNote>>('GET', `${one(key, id)}/notes`, undefined, page),
    /** A tar, as it is made; broken off, it is no whole export. */
    exportContent: async (key: string, asked: { format: string; branch?: string }) =>
      (await stream('GET', `${projectPath(key)}/export`, undefined, asked)).body as Tar,
  }
}
