import { sql, type RawBuilder } from 'kysely'

/** A release laid over what is live, as if it had been deployed. */
export interface Preview {
  release_id: string
  /** Keys of its items that could not be published. */
  except: readonly string[]
  /** When it would have been deployed. */
  at: Date
}

/** Where readers stand, and in which language they ask. */
export interface ReaderPlace {
  environment_id: string
  branch_id: string
  /** The locales that are asked, nearest first: in which entries may be served, and what is asked for by itself. */
  locales: readonly string[]
  /** Those of assets that others point at: the first of `locales` and all that it falls back to. */
  fallbacks: readonly string[]
  preview?: Preview
}

/**
 * What is live on a branch in an environment: rows as in `content_published`. That table itself, or what would be in
 * it after the release; either way to be narrowed to the environment by whoever reads it.
 */
export function live({ environment_id, branch_id, preview }: ReaderPlace): RawBuilder<unknown> {
  if (!preview) return sql`content_published`
  const { release_id, except, at } = preview
  // The key of an item is `<branch>/<uid>/<locale>`, its version `3` or `3@<locale it is written in>`.
  return sql`(
    with pinned as materialized (
      select i.id as item_id, i.kind, i.content_type_uid, i.deleted_at, r.action,
        split_part(r.item_key, '/', 3) as locale, substring(r.version from '^[0-9]{1,9}')::int as version,
        coalesce(nullif(split_part(r.version, '@', 2), ''), split_part(r.item_key, '/', 3)) as source_locale
      from content_branch b
      join release_item r on r.release_id = ${release_id} and split_part(r.item_key, '/', 1) = b.uid
      join content_item i on i.branch_id = b.id and i.uid = split_part(r.item_key, '/', 2)
      where b.id = ${branch_id} and r.action in ('publish', 'unpublish')
        and r.item_key <> all(${except}::text[])
    )
    select p.environment_id, p.item_id, p.locale, p.branch_id, p.kind, p.content_type_uid, p.version,
      p.source_locale, p.published_by, p.published_at
    from content_published p
    where p.environment_id = ${environment_id} and p.branch_id = ${branch_id} and not exists (
      select from pinned where pinned.item_id = p.item_id and pinned.locale = p.locale)
    union all
    select ${environment_id}::uuid, item_id, locale, ${branch_id}::uuid, kind, content_type_uid, version,
      source_locale, null::uuid, ${at}::timestamptz
    from pinned where action = 'publish' and deleted_at is null
  )`
}

/**
 * How the item of a uid stands there: a row of `live` at most, as `s`, with the item as `i` and its version as `v`.
 * Its limit keeps it a look-up by keys, however many the planner thinks are asked for.
 */
export function standing(
  place: ReaderPlace,
  uid: RawBuilder<unknown>,
  columns: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const { environment_id, branch_id, locales, fallbacks } = place
  return sql`
    select ${columns}
    from content_item i
    join ${live(place)} s on s.item_id = i.id and s.environment_id = ${environment_id} and ${among(place)}
    join content_version v on v.item_id = s.item_id and v.locale = s.source_locale and v.version = s.version
    where i.branch_id = ${branch_id} and i.uid = ${uid}
    ${locales.length === 1 && fallbacks.length === 1 ? sql`` : sql`order by array_position(${fallbacks}::text[], s.locale)`}
    limit 1`
}

/** The locales in which an item may be served. */
function among({ locales, fallbacks }: ReaderPlace): RawBuilder<unknown> {
  if (fallbacks.length === 1) return sql`s.locale = ${fallbacks[0]}`
  if (fallbacks.length === locales.length) return sql`s.locale = any(${locales}::text[])`
  return sql`s.locale = any(case when i.kind = 'asset' then ${fallbacks}::text[] else ${locales}::text[] end)`
}
