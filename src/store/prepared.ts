import { CompiledQuery, sql, type RawBuilder } from 'kysely'
import type { Db } from './database.ts'

/** Stands in a statement for a value that is known when it is sent. */
class Blank {
  readonly key: string
  /** Of a list, where the statement depends on it. */
  readonly length: number | undefined
  constructor(key: string, length?: number) {
    this.key = key
    this.length = length
  }
}

interface Prepared {
  sql: string
  parameters: readonly unknown[]
}

/**
 * Statements that are written once for each of their shapes and sent with other values every time. Writing a long one
 * anew takes longer than its answer.
 */
export class PreparedStatements {
  #known = new Map<string, Prepared>()

  /** `write` is asked once for each shape; `blank` is what it puts where a value belongs. */
  async execute<Row>(
    db: Db,
    shape: string,
    write: (blank: (key: string, length?: number) => never) => RawBuilder<unknown>,
    values: Readonly<Record<string, unknown>>,
  ): Promise<Row[]> {
    const prepared = this.#known.get(shape) ?? this.#write(db, shape, write)
    const parameters = prepared.parameters.map((each) => (each instanceof Blank ? values[each.key] : each))
    return (await db.executeQuery<Row>(CompiledQuery.raw(prepared.sql, parameters))).rows
  }

  #write(db: Db, shape: string, write: Parameters<PreparedStatements['execute']>[2]): Prepared {
    // What a statement is written from takes values; a blank is one to it.
    const blank = (key: string, length?: number) => new Blank(key, length) as never
    const { sql: text, parameters } = sql`${write(blank)}`.compile(db)
    const prepared = { sql: text, parameters }
    this.#known.set(shape, prepared)
    return prepared
  }
}
