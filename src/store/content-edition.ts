import { sql, type GeneratedAlways } from 'kysely'
import type { Db } from './database.ts'

/** One deployment's change of what an environment serves; what it changed stands in `deployment_item`. */
export interface ContentEditionTable {
  environment_id: string
  /** Higher than that of every edition of the environment that was visible when this one was begun. */
  ordinal: GeneratedAlways<number>
  deployment_id: string
  published_at: Date
}

/** How far somebody has read the journal of an environment: the change, and the edition it belongs to. */
export interface JournalPlace {
  ordinal: number
  position: number
  /** Null: before all. */
  deployment_id: string | null
}

export const journalStart: JournalPlace = { ordinal: 0, position: 0, deployment_id: null }

/** The end of an environment's journal. */
export async function findJournalEnd(db: Db, environmentId: string): Promise<JournalPlace> {
  const last = await db
    .selectFrom('content_edition')
    .select(['ordinal', 'deployment_id'])
    .where('environment_id', '=', environmentId)
    .orderBy('ordinal', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last ? { ...last, position: 2 ** 31 - 1 } : journalStart
}

/** Where the journal was at a time. */
export async function findJournalPlace(db: Db, environmentId: string, at: Date): Promise<JournalPlace> {
  const before = await db
    .selectFrom('content_edition')
    .select(['ordinal', 'deployment_id'])
    .where('environment_id', '=', environmentId)
    .where('published_at', '<', at)
    .orderBy('published_at', 'desc')
    .orderBy('ordinal', 'desc')
    .limit(1)
    .executeTakeFirst()
  return before ? { ...before, position: 2 ** 31 - 1 } : journalStart
}

/**
 * Whether the journal has this place. It has not where the store was restored as it was before: what came since has
 * the same numbers and is something else.
 */
export async function hasJournalPlace(
  db: Db,
  environmentId: string,
  { ordinal, deployment_id }: JournalPlace,
): Promise<boolean> {
  if (deployment_id === null) return true
  const { rows } = await sql`
    select from content_edition
    where environment_id = ${environmentId} and ordinal = ${ordinal} and deployment_id = ${deployment_id}
  `.execute(db)
  return rows.length > 0
}
