import { sql } from 'kysely'
import type { Db } from './database.ts'

/** Where each of these deployments or runs can be watched outside, as far as its executor knows. */
export async function listRunUrls(
  db: Db,
  of: { deployment_ids: readonly string[] } | { run_ids: readonly string[] },
): Promise<{ id: string; url: string }[]> {
  const [column, ids] =
    'run_ids' in of ? (['run_id', of.run_ids] as const) : (['deployment_id', of.deployment_ids] as const)
  const rows = await db
    .selectFrom('dispatch')
    .select([column, sql<string | null>`progress ->> 'run_url'`.as('url')])
    .where(column, '=', sql<string>`any(${sql.val(ids)}::uuid[])`)
    .where(sql<boolean>`progress ->> 'run_url' is not null`)
    .execute()
  return rows.map(({ url, ...row }) => ({ id: (row as Record<string, string>)[column]!, url: url! }))
}
