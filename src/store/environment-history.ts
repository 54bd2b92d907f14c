import { sql } from 'kysely'
import { finalStates } from '#domain/lifecycle.ts'
import type { Db } from './database.ts'
import { reportable, type ReportableDeployment } from './deployment-report-write.ts'
import { withNames, type NamedDeployment } from './deployment.ts'

/** What there was in an environment of whole revisions, one after the other. Dry runs are no part of it. */
function history(db: Db, environmentId: string) {
  return withNames(db)
    .where('deployment.environment_id', '=', environmentId)
    .where('deployment.dry_run', '=', false)
    .orderBy('deployment.number', 'desc')
    .limit(1)
}

/** The newest that brought a revision there, or is to. */
export function findNewestOfRevision(
  db: Db,
  environmentId: string,
  revisionId: string,
): Promise<NamedDeployment | undefined> {
  return history(db, environmentId).where('deployment.revision_id', '=', revisionId).executeTakeFirst()
}

/** As findNewestOfRevision, of those that are not over. */
export function findActiveOfRevision(
  db: Db,
  environmentId: string,
  revisionId: string,
): Promise<NamedDeployment | undefined> {
  return history(db, environmentId)
    .where('deployment.revision_id', '=', revisionId)
    .where('deployment.state', 'not in', finalStates)
    .executeTakeFirst()
}

/** The newest that left its mark: it ended, well or badly, or was stopped in the middle. What never began is passed over. */
export function findNewestBegun(db: Db, environmentId: string): Promise<NamedDeployment | undefined> {
  const stopped = sql<boolean>`(deployment.state = 'canceled' and coalesce((deployment.counts ->> 'uncertain')::int, 0) > 0)`
  return history(db, environmentId)
    .where((eb) =>
      eb.or([
        eb('deployment.state', 'in', ['succeeded', 'partly_succeeded', 'failed', 'canceling']),
        stopped,
      ]),
    )
    .executeTakeFirst()
}

/** The newest success before the one of this number; of another revision than this, where one is given. */
export function findSuccessBefore(
  db: Db,
  environmentId: string,
  { number, revision_id }: { number: number; revision_id?: string },
): Promise<NamedDeployment | undefined> {
  let query = history(db, environmentId)
    .where('deployment.state', '=', 'succeeded')
    .where('deployment.number', '<', number)
  if (revision_id !== undefined) query = query.where('deployment.revision_id', '<>', revision_id)
  return query.executeTakeFirst()
}

/** Whether it was ever brought there. */
export async function hasSucceeded(db: Db, environmentId: string, revisionId: string): Promise<boolean> {
  const found = await history(db, environmentId)
    .where('deployment.revision_id', '=', revisionId)
    .where('deployment.state', '=', 'succeeded')
    .executeTakeFirst()
  return found !== undefined
}

/** All that are not over, in the order in which they were asked for, held until the transaction ends. */
export function lockActive(tx: Db, environmentId: string): Promise<ReportableDeployment[]> {
  return reportable(tx)
    .where('deployment.environment_id', '=', environmentId)
    .where('deployment.dry_run', '=', false)
    .where('deployment.state', 'not in', finalStates)
    .orderBy('deployment.id')
    .forUpdate('deployment')
    .execute()
}
