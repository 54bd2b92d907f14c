import { sql, type Generated, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { JsonColumnWithDefault } from './columns.ts'
import type { Db } from './database.ts'

/** How many of each kind of thing became what: `counts.entry.created`. */
export type ImportCounts = { [kind: string]: { [outcome: string]: number } }

export interface ContentImportTable {
  id: string
  project_id: string
  branch: string
  format: string
  source_branch: string | null
  dry_run: boolean
  publish: boolean
  state: 'receiving' | 'running' | 'finished'
  done: Generated<number>
  done_items: Generated<number>
  pieces: number | null
  counts: JsonColumnWithDefault<ImportCounts>
  notes: Generated<number>
  created_by: string | null
  created_at: Date
  updated_at: Date
  finished_at: Date | null
}

export type ContentImportRow = Selectable<ContentImportTable>

interface ImportKey {
  project_id: string
  import_id: string
}

export function insertContentImport(db: Db, row: Insertable<ContentImportTable>): Promise<ContentImportRow> {
  return db.insertInto('content_import').values(row).returningAll().executeTakeFirstOrThrow()
}

export function findContentImport(db: Db, key: ImportKey): Promise<ContentImportRow | undefined> {
  return importOf(db, key).executeTakeFirst()
}

/** The import, held until the transaction ends: two that work on it take turns. */
export function claimContentImport(db: Db, key: ImportKey): Promise<ContentImportRow | undefined> {
  return importOf(db, key).forUpdate().executeTakeFirst()
}

function importOf(db: Db, { project_id, import_id }: ImportKey) {
  return db
    .selectFrom('content_import')
    .selectAll()
    .where('id', '=', import_id)
    .where('project_id', '=', project_id)
}

export async function updateContentImport(
  db: Db,
  id: string,
  row: Updateable<ContentImportTable>,
): Promise<void> {
  await db.updateTable('content_import').set(row).where('id', '=', id).execute()
}

/** What an import was sent goes with it. */
export async function removeContentImport(db: Db, id: string): Promise<void> {
  await db.deleteFrom('content_import').where('id', '=', id).execute()
}

/** Lets go of imports of a project that nobody worked on since. */
export async function removeStaleImports(db: Db, projectId: string, before: Date): Promise<void> {
  await db
    .deleteFrom('content_import')
    .where('project_id', '=', projectId)
    .where('state', '<>', 'finished')
    .where('updated_at', '<', before)
    .execute()
}

export interface ImportDeployment {
  id: string
  environment_name: string
  state: string
  items: number
}

/** The deployments that an import asked for, with how many of its items are in each. */
export async function listImportDeployments(db: Db, importId: string): Promise<ImportDeployment[]> {
  const { rows } = await sql<ImportDeployment>`
    select d.id, e.name as environment_name, d.state, count(*) as items
    from content_import_publication p
    join deployment d on d.id = p.deployment_id
    join environment e on e.id = p.environment_id
    where p.import_id = ${importId}
    group by d.id, e.name, d.state order by d.id
  `.execute(db)
  return rows
}
