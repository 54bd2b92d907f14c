import { sql } from 'kysely'
import type { Db } from './database.ts'

export interface ContentImportPublicationTable {
  import_id: string
  environment_id: string
  uid: string
  /** Under which readers ask for it, and in which the version is written. */
  locale: string
  source_locale: string
  kind: string
  version: number
  /** Where it was read. */
  file: string
  published_at: Date | null
  outcome: 'requested' | 'live' | 'waiting' | 'refused' | null
  deployment_id: string | null
}

export type NewPublication = Omit<ContentImportPublicationTable, 'import_id' | 'outcome' | 'deployment_id'>

/**
 * Notes what is to be published. A version that is written in the locale itself stands before one of a fallback,
 * whichever of the two is read first. An environment that went meanwhile is passed over.
 */
export async function upsertPublications(
  db: Db,
  importId: string,
  wanted: readonly NewPublication[],
): Promise<void> {
  if (wanted.length === 0) return
  const environments = [...new Set(wanted.map(({ environment_id }) => environment_id))]
  await sql`
    with there as materialized (
      select id from environment where id = any(${environments}::uuid[]) order by id for key share
    )
    insert into content_import_publication
      (import_id, environment_id, uid, locale, kind, source_locale, version, file, published_at)
    select distinct on (environment_id, uid, locale) ${importId}::uuid, environment_id, uid, locale, kind,
      source_locale, version, file, published_at
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w (environment_id uuid, uid text, locale text,
      kind text, source_locale text, version int, file text, published_at timestamptz)
    where environment_id in (select id from there)
    order by environment_id, uid, locale, source_locale = locale desc
    on conflict (import_id, environment_id, uid, locale) do update set kind = excluded.kind,
      source_locale = excluded.source_locale, version = excluded.version, file = excluded.file,
      published_at = excluded.published_at
    where excluded.source_locale = excluded.locale
      or content_import_publication.source_locale <> content_import_publication.locale
  `.execute(db)
}

export interface OpenPublication extends Pick<
  ContentImportPublicationTable,
  'environment_id' | 'uid' | 'locale' | 'kind' | 'source_locale' | 'version' | 'file'
> {
  environment_name: string
  /** Exactly this is live there already. */
  live: boolean
  /** A deployment that another import asked for, and that has not ended, brings exactly this. */
  waiting: boolean
}

/** What nothing was done about yet, of the first environment that has some: a page. */
export async function listOpenPublications(
  db: Db,
  {
    import_id,
    branch_id,
    final_states,
    limit,
  }: { import_id: string; branch_id: string; final_states: readonly string[]; limit: number },
): Promise<OpenPublication[]> {
  const { rows } = await sql<OpenPublication>`
    with wanted as materialized (
      select p.* from content_import_publication p
      where p.import_id = ${import_id} and p.outcome is null and p.environment_id = (
        select environment_id from content_import_publication
        where import_id = ${import_id} and outcome is null order by environment_id limit 1)
      order by p.uid, p.locale limit ${limit}
    )
    select w.environment_id, e.name as environment_name, w.uid, w.locale, w.kind, w.source_locale, w.version, w.file,
      exists (
        select from content_item i join content_published l on l.item_id = i.id
        where i.branch_id = ${branch_id} and i.uid = w.uid and l.environment_id = w.environment_id
          and l.locale = w.locale and l.version = w.version and l.source_locale = w.source_locale) as live,
      exists (
        select from content_import_publication o join deployment d on d.id = o.deployment_id
        where o.environment_id = w.environment_id and o.uid = w.uid and o.locale = w.locale
          and o.version = w.version and o.source_locale = w.source_locale and o.import_id <> w.import_id
          and not d.state = any(${final_states}::text[])) as waiting
    from wanted w join environment e on e.id = w.environment_id
    order by w.uid, w.locale
  `.execute(db)
  return rows
}

export async function settlePublications(
  db: Db,
  importId: string,
  settled: readonly {
    environment_id: string
    uid: string
    locale: string
    outcome: NonNullable<ContentImportPublicationTable['outcome']>
    deployment_id: string | null
  }[],
): Promise<void> {
  await sql`
    update content_import_publication p set outcome = s.outcome, deployment_id = s.deployment_id
    from jsonb_to_recordset(${JSON.stringify(settled)}::jsonb)
      as s (environment_id uuid, uid text, locale text, outcome text, deployment_id uuid)
    where p.import_id = ${importId} and p.environment_id = s.environment_id and p.uid = s.uid and p.locale = s.locale
  `.execute(db)
}
