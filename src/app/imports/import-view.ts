import type { ContentImportRow, ImportDeployment } from '#store/content-import.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import type { ContentFormat, ContentFormats } from './content-format.ts'

export type ImportView = Omit<ContentImportRow, 'project_id' | 'done_items' | 'updated_at'> & {
  /** What it asked to be published. */
  deployments: ImportDeployment[]
}

export function viewImport(row: ContentImportRow, deployments: ImportDeployment[] = []): ImportView {
  const { project_id: _, done_items: __, updated_at: ___, ...view } = row
  return { ...view, deployments }
}

export function unknownImport(id: string): DomainError<'not_found'> {
  return new DomainError('not_found', { what: 'import', id })
}

/** Throws `invalid` (`format`). */
export function formatNamed(formats: ContentFormats, name: string): ContentFormat {
  const format = formats.find((one) => one.name === name)
  if (format) return format
  const known = formats.map((one) => one.name).join(', ')
  throw invalidField('format', 'unknown', `There is no format '${name}' here; there is: ${known}.`)
}
