import { sql, type RawBuilder } from 'kysely'

/** Where items are pinned: in a release as it is now, or in one of its revisions. */
export type PinnedIn = { release_id: string } | { revision_id: string }

/** A relation of what is pinned there: `key`, `kind`, `action`, `version`, `title`. */
export function pinned(place: PinnedIn): RawBuilder<unknown> {
  if ('release_id' in place)
    return sql`(select item_key as key, kind, action, version, title from release_item
      where release_id = ${place.release_id})`
  return sql`(select i.* from revision, jsonb_to_recordset(revision.items)
      as i (key text, kind text, action text, version text, title text) where revision.id = ${place.revision_id})`
}
