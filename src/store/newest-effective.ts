import { sql, type RawBuilder } from 'kysely'
import type { Db } from './database.ts'

/**
 * What a rollback without a name puts back: the newest deployment that changed something or may have, is no rollback
 * itself and stands, so that asking twice goes two steps back and never forward again. One that was put back stands
 * again once that rollback was put back in its turn: it stands where the chain of newest rollbacks has an even length.
 */
export async function findNewestEffective(db: Db, environmentId: string): Promise<string | undefined> {
  // Written out as the predicates of two indexes are, so that each is walked from the newest on and the chain
  // followed for no more than what is passed.
  const did = newest(environmentId, sql`done.state in ('succeeded', 'partly_succeeded')`)
  const mayHave = newest(
    environmentId,
    sql`done.state in ('failed', 'canceled') and done.counts ? 'uncertain' and done.counts -> 'uncertain' > '0'`,
  )
  const { rows } = await sql<{ id: string }>`
    select id from (${did} union all ${mayHave}) newest order by finished_at desc, id desc limit 1
  `.execute(db)
  return rows[0]?.id
}

function newest(environmentId: string, effective: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    select done.id, done.finished_at from deployment done
    where done.environment_id = ${environmentId} and ${effective} and done.rolls_back is null and (
      with recursive chain as (
        select done.id as link, 0 as length
        union all
        select next.id, length + 1 from chain cross join lateral (
          select id from deployment rollback
          where rolls_back = chain.link and state in ('succeeded', 'partly_succeeded', 'unchanged')
          order by finished_at desc, id desc limit 1) next
      ) select max(length) % 2 = 0 from chain)
    order by done.finished_at desc, done.id desc limit 1)`
}
