import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { ArchiveError } from '#ground/archive.ts'

/** What stands in a backup, in this order: the header, rows, blobs, the manifest. */
export const headerName = 'headgate-backup.json'
export const manifestName = 'manifest.json'

/** One piece of a table: `rows/<table>/<number>.ndjson`, a row of JSON a line. */
export const rowsName = (table: string, number: number) =>
  `rows/${table}/${String(number).padStart(8, '0')}.ndjson`
export const blobName = (digest: string) => `blobs/${digest}`

const rowsForm = /^rows\/([a-z_]+)\/(\d{8,})\.ndjson$/
const blobForm = /^blobs\/([0-9a-f]{64})$/

/** What an entry is, by its name; undefined for what has no place in a backup. */
export function readName(name: string) {
  if (name === headerName || name === manifestName) return { kind: 'json' as const }
  const [, table] = rowsForm.exec(name) ?? []
  if (table) return { kind: 'rows' as const, table }
  const [, digest] = blobForm.exec(name) ?? []
  return digest ? { kind: 'blob' as const, digest } : undefined
}

const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Count = Type.Integer({ minimum: 0 })

const Header = Type.Object({
  format: Type.Literal('headgate-backup'),
  version: Type.Literal(1),
  made_at: Type.String(),
  migrations: Type.Array(Type.Object({ name: Type.String(), sha256: Digest })),
  tables: Type.Array(
    Type.Object({
      name: Type.String({ pattern: '^[a-z_]+$' }),
      columns: Type.Array(Type.Object({ name: Type.String(), type: Type.String() })),
    }),
  ),
})
/** How to read what follows. */
export type Header = Static<typeof Header>

const Manifest = Type.Object({
  header_sha256: Digest,
  /** In the order of the archive. */
  rows: Type.Array(Type.Object({ name: Type.String(), sha256: Digest, bytes: Count, rows: Count })),
  /** Rows by table. */
  tables: Type.Record(Type.String(), Count),
  sequences: Type.Array(Type.Object({ name: Type.String(), value: Type.String({ pattern: '^-?\\d+$' }) })),
  blobs: Type.Object({ count: Count, bytes: Count }),
})
/** What was there, to compare with. */
export type Manifest = Static<typeof Manifest>

/** The manifest, and its digest sealed with HEADGATE_SECRET_KEY: nobody without the key can make another. */
const SealedManifest = Type.Object({ manifest: Manifest, seal: Type.String() })
export type SealedManifest = Static<typeof SealedManifest>

/** What a seal is bound to. */
export const sealContext = 'headgate-backup'

const [isHeader, isSealed] = [Compile(Header), Compile(SealedManifest)]

/** Throws ArchiveError. */
export function readHeader(text: string): Header {
  const value = parse(text)
  if (isHeader.Check(value)) return value
  throw new ArchiveError(
    'The archive is no backup of Headgate, or one of a later format than this version reads.',
  )
}

/** Throws ArchiveError. */
export function readManifest(text: string): SealedManifest {
  const value = parse(text)
  if (isSealed.Check(value)) return value
  throw new ArchiveError('The manifest of the archive is not one.')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
