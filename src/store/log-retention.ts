import { sql } from 'kysely'
import type { Db } from './database.ts'

/** Removes logs of what was over before a time, so many at most. Answers the blobs that they named. */
export async function removeLogsBefore(
  db: Db,
  before: Date,
  most: number,
): Promise<{ count: number; digests: string[] }> {
  const { rows } = await sql<{ blob_digest: string | null }>`
    delete from log where id in (
      select log.id from log left join deployment on deployment.id = log.deployment_id
        left join run on run.id = log.run_id
      where coalesce(deployment.finished_at, run.finished_at) < ${before} limit ${most})
    returning blob_digest
  `.execute(db)
  return { count: rows.length, digests: rows.flatMap(({ blob_digest }) => blob_digest ?? []) }
}

/** Those of these blobs that no row names. */
export async function listUnusedBlobs(db: Db, digests: readonly string[]): Promise<string[]> {
  // Several of these tables have a digest of their own, which is another thing.
  const { rows } = await sql<{ digest: string }>`
    select distinct blob.name as digest from unnest(${sql.val(digests)}::text[]) as blob (name)
    where not exists (select from log where blob_digest = blob.name)
      and not exists (select from content_version where data @> jsonb_build_object('digest', blob.name))
      and not exists (select from candidate where bundle_digest = blob.name)
      and not exists (select from infra_state where blob_digest = blob.name)
      and not exists (select from infra_state where unposted_blob = blob.name)
      and not exists (select from infra_state_version where blob_digest = blob.name)
      and not exists (select from plan where kept ->> 'blob' = blob.name and kept ? 'blob')
      and not exists (select from infra_module where blob_digest = blob.name)
      and not exists (select from infra_snapshot where hook ->> 'blob' = blob.name and hook ? 'blob')
  `.execute(db)
  return rows.map(({ digest }) => digest)
}
