import type { ConstructorOptions } from 'pg-boss'
import type { Db } from './database.ts'

/** What pg-boss is made with, so that its queue lies in the same database as our rows. */
export type BossOptions = Pick<ConstructorOptions, 'db' | 'backend' | 'connectionString'>

/** Runs SQL on one connection. Without parameters the text may hold several statements. */
export type RunSql = (text: string, parameters?: readonly unknown[]) => Promise<Record<string, unknown>[]>

/** Called with a payload, or with null when some may have been missed. */
export type Hear = (payload: string | null) => void

/** An open store. Rows look the same whichever kind it is. */
export interface Store {
  readonly kind: 'embedded' | 'postgres'
  readonly db: Db
  readonly boss: BossOptions
  /** One transaction in which whole files of SQL can be run. */
  script<T>(work: (run: RunSql) => Promise<T>): Promise<T>
  /**
   * Listens to a NOTIFY channel (a plain lower-case word); the answer stops it. `lost` is called when nothing can be
   * heard any more; when it can again, `hear` is called with null.
   */
  listen(channel: string, hear: Hear, lost?: () => void): Promise<() => Promise<void>>
  /** Ends every connection, then lets go of the folder. May be called twice. */
  close(): Promise<void>
}
