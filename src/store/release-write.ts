import { sql, type Insertable } from 'kysely'
import type { Db } from './database.ts'
import type { StampedEvent } from './event.ts'
import type { ReleaseRow, ReleaseTable } from './release.ts'

type NewRow = Pick<
  Required<Insertable<ReleaseTable>>,
  'id' | 'project_id' | 'branch' | 'name' | 'description' | 'one_shot' | 'lock' | 'locked_by' | 'locked_at'
> &
  Pick<Required<Insertable<ReleaseTable>>, 'archived' | 'annotations' | 'created_by' | 'created_at'>

/** A new release and the event that tells of it, in one statement: it is a transaction by itself. */
export async function insertReleaseWithEvent(db: Db, row: NewRow, event: StampedEvent): Promise<ReleaseRow> {
  const { rows } = await sql<ReleaseRow>`
    with told as (
      insert into event (id, at, kind, project_id, subject_id, actor, data)
      values (${event.id}, ${event.at}, ${event.kind}, ${row.project_id}, ${row.id},
        ${JSON.stringify(event.actor)}, ${JSON.stringify(event.data ?? {})})
    )
    insert into release (id, project_id, branch, name, description, one_shot, lock, locked_by, locked_at, archived,
      annotations, created_by, updated_by, created_at, updated_at)
    values (${row.id}, ${row.project_id}, ${row.branch}, ${row.name}, ${row.description}, ${row.one_shot}, ${row.lock},
      ${row.locked_by}, ${row.locked_at}, ${row.archived}, ${row.annotations}, ${row.created_by}, ${row.created_by},
      ${row.created_at}, ${row.created_at})
    returning *
  `.execute(db)
  return rows[0]!
}
