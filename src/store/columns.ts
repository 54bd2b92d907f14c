import type { ColumnType } from 'kysely'
import type { Json, JsonObject } from '#domain/json.ts'

export type { Json, JsonObject }

/** A jsonb column: selected as parsed, written as `JSON.stringify(…)` (an array given as such would become a SQL array). */
export type JsonColumn<T> = ColumnType<T, string, string>
/** A jsonb column that the database fills when it is left out. */
export type JsonColumnWithDefault<T> = ColumnType<T, string | undefined, string>

/** Words that the core need not understand, keyed `surface/word` and read by that surface only. */
export type Annotations = { [key: string]: Json }
