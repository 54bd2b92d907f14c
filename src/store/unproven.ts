import { sql } from 'kysely'
import type { PinnedItem } from '#domain/item.ts'
import type { UnprovenSource } from '#domain/lacking-proof.ts'
import type { Db } from './database.ts'

/** What is asked whether a parent environment has it: a revision, or the items that one would have. */
export interface ProofSubject {
  ref: string
  parent_id: string
  digest: string
  revision_id?: string
  items?: readonly PinnedItem[]
  /** Null: all of them. */
  selected_keys: readonly string[] | null
}

export interface Unproven {
  ref: string
  parent_name: string
  /** How many items were asked for, and how many of them are not live in the parent as they are pinned. */
  of: number
  missing: number
  /** A few of their titles. */
  some: string[]
  /** Of infrastructure, which is proven as a whole, why it is not; null for all else. */
  source: UnprovenSource | null
}

/**
 * Those that are not proven in their parent: the newest deployment there of the same revision did not succeed, was
 * put back or was of other items, and not every item is live there, certain, at the same version. Resources differ from
 * environment to environment: of infrastructure it is the blueprint and the modules that are proven, by the newest
 * deployment there that was made from the same.
 */
export async function listUnproven(db: Db, subjects: readonly ProofSubject[]): Promise<Unproven[]> {
  if (subjects.length === 0) return []
  const { rows } = await sql<Unproven>`
    with asked as (
      select said.*, parent.name as parent_name, parent.project_id, coalesce(said.items, revision.items) as pinned,
        made.blueprint_digest, made.modules_digest
      from jsonb_to_recordset(${JSON.stringify(subjects)}::jsonb)
        as said (ref text, parent_id uuid, digest text, revision_id uuid, items jsonb, selected_keys jsonb)
      join environment parent on parent.id = said.parent_id
      left join revision on revision.id = said.revision_id
      left join infra_snapshot made on made.revision_id = said.revision_id
    ), looked_at as (
      select asked.*, nullif(selected_keys, 'null'::jsonb) as selected,
        newest.state as newest_state, newest.covers, newest.put_back
      from asked
      left join lateral (
        select state,
          selected_keys is null or nullif(asked.selected_keys, 'null'::jsonb) <@ to_jsonb(selected_keys) as covers,
          exists (select from deployment back where back.rolls_back = last.id
            and back.state in ('succeeded', 'partly_succeeded')) as put_back
        from (
          select d.id, d.state, d.selected_keys from (
            select id from revision where asked.blueprint_digest is null
              and project_id = asked.project_id and digest = asked.digest
            union all
            select id from infra_snapshot there join revision on revision.id = there.revision_id
            where there.blueprint_digest = asked.blueprint_digest and there.modules_digest = asked.modules_digest
              and project_id = asked.project_id) same
          join deployment d on d.revision_id = same.id
          where d.environment_id = asked.parent_id
            and not d.dry_run and d.state in ('succeeded', 'unchanged', 'partly_succeeded', 'failed')
          order by d.finished_at desc, d.id desc limit 1) last) newest on true
    ), unproven as (
      select *, case when blueprint_digest is null then null when newest_state is null then 'never'
          when newest_state in ('partly_succeeded', 'failed') then 'failed'
          when put_back then 'put_back' else 'other' end as source
      from looked_at
      where (newest_state in ('succeeded', 'unchanged') and covers and not put_back) is not true
        -- What comes from no blueprint as it is was here before: single resources that are put back.
        and blueprint_digest is distinct from ''
    )
    select unproven.ref, unproven.parent_name, unproven.source, count(item.key)::int as of,
      count(item.key) filter (where lacks)::int as missing,
      coalesce((array_agg(item.title order by item.position) filter (where lacks))[1:3], '{}') as some
    from unproven
    -- A blueprint without any resource takes all away: that is to be proven like any other.
    left join lateral (
      select i.* from rows from (jsonb_to_recordset(unproven.pinned)
        as (key text, kind text, title text, action text, version text)) with ordinality
        as i (key, kind, title, action, version, position)) item on true
    left join live on live.environment_id = unproven.parent_id and live.item_key = item.key
    -- Of code a candidate is proven, by its own deployment, and not a commit: each is built by itself. As is a blueprint.
    cross join lateral (select item.kind = 'repository' or unproven.blueprint_digest is not null or coalesce(live.uncertain, false) or case when
      item.action = 'unpublish' then live.version is not null else live.version is distinct from item.version end as lacks) verdict
    where unproven.selected is null or unproven.selected ? item.key
    group by unproven.ref, unproven.parent_name, unproven.source
    having bool_or(lacks)
  `.execute(db)
  return rows
}
