import { sql } from 'kysely'
import type { Db } from './database.ts'

/** All that is set on some environments and said of some deployments, as their gates ask for it. */
export interface GateRows {
  /** Of the freezes that are neither lifted nor over. There may be a thousand, and whoever asks knows most of them. */
  freeze_ids: string[]
  holds: {
    id: string
    environment_id: string
    reason: string | null
    set_by: string | null
    created_at: Date
    /** Of the revisions that it names, since the same may be pinned in another release. */
    digests: string[]
  }[]
  voices: {
    deployment_id: string
    plan_digest: string
    user_id: string
    verdict: 'approved' | 'rejected'
  }[]
  overrides: { deployment_id: string; gate: string }[]
}

interface Packed {
  freezes: string | null
  holds: (Omit<GateRows['holds'][number], 'created_at'> & { created_at: string })[] | null
  voices: GateRows['voices'] | null
  overrides: GateRows['overrides'] | null
}

/** One statement, however many there are. */
export async function findGateRows(
  db: Db,
  environmentIds: readonly string[],
  deploymentIds: readonly string[],
  now: Date,
): Promise<GateRows> {
  const environments = sql`any(${sql.val(environmentIds)}::uuid[])`
  const deployments = sql`any(${sql.val(deploymentIds)}::uuid[])`
  const { rows } = await sql<Packed>`
    select
      (select string_agg(id::text, ' ' order by id) from "freeze"
        where project_id in (select project_id from environment where id = ${environments})
          and lifted_at is null and (expires_at is null or expires_at > ${now}::timestamptz)
          and (environment_id is null or environment_id = ${environments})) as freezes,
      (select json_agg(held) from (
        select hold.id, environment_id, reason, hold.created_at, "user".name as set_by,
          array(select digest from revision where revision.id = any(revision_ids)) as digests
        from hold left join "user" on "user".id = hold.created_by
        where environment_id = ${environments} and released_at is null) held) as holds,
      (select json_agg(voice) from (
        select deployment_id, plan_digest, user_id, verdict from approval
        where deployment_id = ${deployments}) voice) as voices,
      (select json_agg(set_aside) from (
        select deployment_id, gate from gate_override where deployment_id = ${deployments}) set_aside) as overrides
  `.execute(db)
  const { freezes, holds, voices, overrides } = rows[0]!
  return {
    freeze_ids: freezes?.split(' ') ?? [],
    holds: (holds ?? []).map((hold) => ({ ...hold, created_at: new Date(hold.created_at) })),
    voices: voices ?? [],
    overrides: overrides ?? [],
  }
}
