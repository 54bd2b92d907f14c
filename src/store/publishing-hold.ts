import { sql } from 'kysely'
import type { Db } from './database.ts'

/*
 * What is deleted must not be published by somebody who looked before it went, nor the other way round. Publishing
 * could hold every item for that, which is a write for each of 10,000 rows and as many marks of several holders where
 * environments are deployed to side by side. So it shares one lock with whatever else publishes in the project, and
 * who deletes takes it alone: before he looks where his items are live. Either looks in a later statement than this
 * one, and so at what the other has committed. Those who wait are let through in their order.
 */

/** Until the transaction ends nothing of the project is deleted. */
export async function sharePublishing(tx: Db, projectId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${projectId}::text, 4401))`.execute(tx)
}

/** Until the transaction ends nothing of the project is published but by this transaction. */
export async function stopPublishing(
  tx: Db,
  of: { project_id: string } | { branch_id: string },
): Promise<void> {
  const project =
    'project_id' in of
      ? sql`${of.project_id}::text`
      : sql`(select project_id::text from content_branch where id = ${of.branch_id})`
  await sql`select pg_advisory_xact_lock(hashtextextended(${project}, 4401))`.execute(tx)
}
