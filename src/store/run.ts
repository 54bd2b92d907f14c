import { sql, type Generated, type Selectable } from 'kysely'
import type { RunKind, RunState } from '#domain/run-lifecycle.ts'
import type { JsonColumn, JsonObject } from './columns.ts'
import type { Db } from './database.ts'

export interface RunTable {
  id: string
  project_id: string
  environment_id: string | null
  deployment_id: string | null
  /** The candidate that it builds, or picks. */
  candidate_id: string | null
  kind: RunKind
  executor: string
  /** How it is run, as it stood when it was asked for. Secrets in it are sealed. */
  settings: JsonColumn<JsonObject>
  input: JsonColumn<JsonObject>
  state: RunState
  cause: 'request' | 'schedule' | 'deployment'
  reason: string | null
  result: JsonColumn<JsonObject | null>
  failure_code: string | null
  failure_detail: string | null
  attempt: Generated<number>
  version: Generated<number>
  requested_by: string | null
  requested_by_token: string | null
  requested_at: Date
  started_at: Date | null
  finished_at: Date | null
}

export type RunRow = Selectable<RunTable>

/** With the names that people know things by. */
export type NamedRun = RunRow & { project_key: string; environment_name: string | null }

export type NewRun = Omit<
  RunRow,
  | 'state'
  | 'result'
  | 'failure_code'
  | 'failure_detail'
  | 'attempt'
  | 'version'
  | 'started_at'
  | 'finished_at'
>

export interface RunFilter {
  project_id: string
  environment_id?: string
  kind?: RunKind
  state?: RunState
  /** Only in these environments. */
  environment_ids?: readonly string[]
}

function withNames(db: Db) {
  return db
    .selectFrom('run')
    .innerJoin('project', 'project.id', 'run.project_id')
    .leftJoin('environment', 'environment.id', 'run.environment_id')
    .selectAll('run')
    .select(['project.key as project_key', 'environment.name as environment_name'])
}

export function findRun(db: Db, id: string): Promise<NamedRun | undefined> {
  return withNames(db).where('run.id', '=', id).executeTakeFirst()
}

/** Holds its row, so that its state stands still until the transaction ends. */
export function lockRun(db: Db, id: string): Promise<RunRow | undefined> {
  return db.selectFrom('run').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Newest first, after `before`. */
export function listRuns(
  db: Db,
  filter: RunFilter,
  page: { limit: number; before?: string },
): Promise<NamedRun[]> {
  let query = withNames(db)
    .where('run.project_id', '=', filter.project_id)
    .orderBy('run.id', 'desc')
    .limit(page.limit)
  if (filter.environment_id) query = query.where('run.environment_id', '=', filter.environment_id)
  if (filter.kind) query = query.where('run.kind', '=', filter.kind)
  if (filter.state) query = query.where('run.state', '=', filter.state)
  if (filter.environment_ids)
    query = query.where(
      'run.environment_id',
      '=',
      sql<string>`any(${sql.val(filter.environment_ids)}::uuid[])`,
    )
  if (page.before !== undefined) query = query.where('run.id', '<', page.before)
  return query.execute()
}

/** Those that have not ended. */
export async function listOpenRuns(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('run')
    .select('id')
    .where('state', 'in', ['queued', 'running', 'canceling'])
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

export async function insertRun(db: Db, row: NewRun): Promise<void> {
  await db
    .insertInto('run')
    .values({
      ...row,
      state: 'queued',
      result: 'null',
      settings: JSON.stringify(row.settings),
      input: JSON.stringify(row.input),
    })
    .execute()
}

export interface RunMove {
  id: string
  from: RunState
  to: RunState
  /** The fence, where the mover claimed it. */
  attempt?: number
  at: Date
  failure?: { code: string; detail: string } | undefined
  result?: JsonObject | undefined
}

/** Compare-and-swap along one arrow; taking it into running counts an attempt. False: it was not there any more. */
export async function moveRun(
  db: Db,
  { id, from, to, attempt, at, failure, result }: RunMove,
): Promise<boolean> {
  let query = db
    .updateTable('run')
    .set({ state: to, version: sql<number>`version + 1` })
    .where('id', '=', id)
    .where('state', '=', from)
  if (to === 'running')
    query = query.set((eb) => ({
      attempt: sql<number>`attempt + 1`,
      started_at: eb.fn.coalesce('started_at', eb.val(at)),
    }))
  if (['succeeded', 'failed', 'canceled'].includes(to)) query = query.set({ finished_at: at })
  if (failure) query = query.set({ failure_code: failure.code, failure_detail: failure.detail })
  if (result) query = query.set({ result: JSON.stringify(result) })
  if (attempt !== undefined) query = query.where('attempt', '=', attempt)
  const { numUpdatedRows } = await query.executeTakeFirst()
  return numUpdatedRows > 0n
}
