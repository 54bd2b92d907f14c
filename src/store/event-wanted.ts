import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { WantedEvents } from '#domain/event-sight.ts'

export type { WantedEvents }

/** `isWanted` of the domain, in SQL: what has to hold for a row of `event`. */
export function testsOf(wanted: WantedEvents): RawBuilder<SqlBool>[] {
  const { project_ids, environment_ids, branches, environment_id, subject_id, kinds } = wanted
  const tests: RawBuilder<SqlBool>[] = []
  if (project_ids?.length === 1) tests.push(sql`event.project_id = ${project_ids[0]}::uuid`)
  else if (project_ids) tests.push(sql`event.project_id = any(${project_ids}::uuid[])`)
  if (environment_ids) tests.push(sql`event.environment_id = any(${environment_ids}::uuid[])`)
  if (branches) tests.push(sql`event.data ->> 'branch' = any(${branches}::text[])`)
  if (environment_id !== undefined) tests.push(sql`event.environment_id = ${environment_id}::uuid`)
  if (subject_id !== undefined) tests.push(sql`event.subject_id = ${subject_id}::uuid`)
  if (kinds?.length === 1) tests.push(sql`event.kind = ${kinds[0]}`)
  else if (kinds) tests.push(sql`event.kind = any(${kinds}::text[])`)
  return tests
}
