import type { ColumnType } from 'kysely'

/** What JSON can say. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** A jsonb column: selected as parsed, written as `JSON.stringify(…)` (an array given as such would become a SQL array). */
export type JsonColumn<T> = ColumnType<T, string, string>
/** A jsonb column that the database fills when it is left out. */
export type JsonColumnWithDefault<T> = ColumnType<T, string | undefined, string>

/** Words that the core need not understand, keyed `surface/word` and read by that surface only. */
export type Annotations = { [key: string]: Json }
