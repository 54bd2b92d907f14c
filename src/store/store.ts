import type { ConstructorOptions } from 'pg-boss'
import type { Db } from './database.ts'

/** What pg-boss is made with, so that its queue lies in the same database as our rows. */
export type BossOptions = Pick<ConstructorOptions, 'db' | 'backend' | 'connectionString'>

/** Runs SQL on one connection. Without parameters the text may hold several statements. */
export type RunSql = (text: string, parameters?: readonly unknown[]) => Promise<Record<string, unknown>[]>

/** Called with a payload, or with null when some may have been missed. */
export type Hear = (payload: string | null) => void

/** Something that is held until it is let go. */
export interface Hold {
  /** Aborted when somebody else may have it. */
  lost: AbortSignal
  release(): Promise<void>
}

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
  /** How its connections are used, where it has several; `waiting` are those who want one. */
  pool?(): { busy: number; idle: number; waiting: number }
  /**
   * Holds a name for this process alone. Undefined: somebody else does, here or in another process. On PostgreSQL it is
   * gone with its connection.
   */
  hold(key: string): Promise<Hold | undefined>
  /** Ends every connection, then lets go of the folder. May be called twice. */
  close(): Promise<void>
}
