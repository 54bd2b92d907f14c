import type { CompiledQuery, DatabaseConnection } from 'kysely'
import type { Db } from '#store/database.ts'

/** What is sent to the store while `work` runs, in its order; the beginnings and ends of transactions are left out. */
export async function recordStatements(db: Db, work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = []
  const ends = await db
    .getExecutor()
    .provideConnection(async (connection) => tap(connection, ({ sql }) => sent.push(sql)))
  try {
    await work()
  } finally {
    ends()
  }
  return sent.map(normalise).filter((sql) => !/^(begin|commit|rollback|start transaction)/.test(sql))
}

/** Every connection of the store is of one class: hearing that hears them all, whichever store it is. */
function tap(connection: DatabaseConnection, hear: (query: CompiledQuery) => void): () => void {
  const shared = Object.getPrototypeOf(connection) as DatabaseConnection
  const { executeQuery } = shared
  shared.executeQuery = function <R>(this: DatabaseConnection, query: CompiledQuery, ...rest: never[]) {
    hear(query)
    return executeQuery.call(this, query, ...rest) as ReturnType<typeof executeQuery<R>>
  }
  return () => void (shared.executeQuery = executeQuery)
}

/** Without the margin that it has in our source. What pg-boss says is its own matter. */
function normalise(sql: string): string {
  if (/\bjob\.|"job"\./.test(sql)) return `-- pg-boss: ${/^\s*(\w+)/.exec(sql)?.[1]?.toLowerCase()}`
  const lines = sql.replaceAll(/^\s*\n|\s+$/g, '').split('\n')
  const margin = Math.min(
    ...lines
      .slice(1)
      .filter((line) => line.trim())
      .map((line) => line.search(/\S/)),
  )
  return lines
    .map((line, n) => (n === 0 ? line.trimStart() : line.slice(Math.min(margin, line.search(/\S/)))))
    .map((line) => line.trimEnd())
    .join('\n')
}
