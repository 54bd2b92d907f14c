import type { Import, ImportNote } from '#api/import.ts'
import type { ImportView } from '#app/imports/import-view.ts'
import type { listImportNotes } from '#app/imports/get-import.ts'
import { showId } from '#domain/ids.ts'
import { time } from './shown.ts'

export function viewImport(row: ImportView): Import {
  const { branch, format, source_branch, dry_run, publish, state, pieces, done, counts, notes } = row
  return {
    ...{ id: showId('import', row.id), branch, format, source_branch, dry_run, publish, state },
    ...{ pieces, done, counts, notes },
    deployments: row.deployments.map((one) => ({ ...one, id: showId('deployment', one.id) })),
    created_at: row.created_at.toISOString(),
    finished_at: time(row.finished_at),
  }
}

export function viewImportNote({
  kind,
  file,
  item,
  detail,
}: Awaited<ReturnType<typeof listImportNotes>>[number]): ImportNote {
  return { kind, file, item, detail }
}
