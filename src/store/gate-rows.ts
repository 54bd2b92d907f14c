import { sql } from 'kysely'
import type { LackingPicks } from '#domain/gates.ts'
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
  picks: (LackingPicks & { ref: string })[]
}

/** What is asked whether it has what was picked into what is live where it goes: a revision, by its digest. */
export interface PickSubject {
  ref: string
  project_id: string
  environment_id: string
  digest: string
}

interface Packed {
  freezes: string | null
  holds: (Omit<GateRows['holds'][number], 'created_at'> & { created_at: string })[] | null
  voices: GateRows['voices'] | null
  overrides: GateRows['overrides'] | null
  code_projects: string[] | null
}

/** One statement, however many there are; and another one where some are of code, for what was picked into it. */
export async function findGateRows(
  db: Db,
  environmentIds: readonly string[],
  deploymentIds: readonly string[],
  now: Date,
  picking: readonly PickSubject[] = [],
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
        select deployment_id, gate from gate_override where deployment_id = ${deployments}) set_aside) as overrides,
      (select json_agg(project_id) from code_settings
        where project_id in (select project_id from environment where id = ${environments})) as code_projects
  `.execute(db)
  const { freezes, holds, voices, overrides, code_projects } = rows[0]!
  const code = picking.filter(({ project_id }) => code_projects?.includes(project_id))
  return {
    freeze_ids: freezes?.split(' ') ?? [],
    holds: (holds ?? []).map((hold) => ({ ...hold, created_at: new Date(hold.created_at) })),
    voices: voices ?? [],
    overrides: overrides ?? [],
    picks: await listLackingPicks(db, code),
  }
}

/** A fix that was picked anywhere is to stay in, also where what is live has it without. */
const isPicked = sql`(picked.outcome = 'picked' or picked.outcome = 'included' and exists (
  select from candidate_pick elsewhere join candidate on candidate.id = elsewhere.candidate_id
  where elsewhere.source_sha = picked.source_sha and elsewhere.outcome = 'picked'
    and candidate.project_id = asked.project_id))`

/**
 * Of each candidate to be deployed the picks of what is live there that it does not have, neither picked nor without.
 * What is live is known by its commit: after a failure that is the one before, whoever deployed it.
 */
async function listLackingPicks(db: Db, subjects: readonly PickSubject[]): Promise<GateRows['picks']> {
  if (subjects.length === 0) return []
  const { rows } = await sql<GateRows['picks'][number]>`
    select ref, (array_agg(version order by deployed desc, ordinal desc))[1] as live, count(*)::int as missing,
      to_json((array_agg(json_build_object('pull_request', pull_request, 'title', title,
        'commit', source_sha) order by ordinal, position, source_sha))[1:3]) as some
    from (select distinct on (asked.ref, picked.source_sha) asked.ref, here.version, here.ordinal, picked.position,
        picked.pull_request, picked.title, picked.source_sha,
        coalesce(here.revision_id = brought.revision_id, false) as deployed
      from jsonb_to_recordset(${JSON.stringify(subjects)}::jsonb)
        as asked (ref text, project_id uuid, environment_id uuid, digest text)
      join code_settings on code_settings.project_id = asked.project_id
      join repository on repository.id = code_settings.repository_id
      join live on live.environment_id = asked.environment_id and live.item_key = repository.name
      left join deployment brought on brought.id = live.deployment_id
      join candidate here on here.project_id = asked.project_id and here.commit_sha = live.version
      join candidate_pick picked on picked.candidate_id = here.id and ${isPicked}
      left join revision on revision.project_id = asked.project_id and revision.digest = asked.digest
      left join candidate next on next.revision_id = revision.id
      where next.commit_sha is distinct from live.version
        and not exists (select from candidate_pick has where has.candidate_id = next.id
          and has.outcome in ('picked', 'included')
          and (has.source_sha = picked.source_sha or has.patch_id = picked.patch_id))
      order by asked.ref, picked.source_sha, deployed desc, here.ordinal desc) each
    group by ref`.execute(db)
  return rows
}
