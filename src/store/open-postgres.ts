import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import pg from 'pg'
import type { Database } from './database.ts'
import { holdOnPostgres } from './hold-on-postgres.ts'
import { listenOnPostgres } from './listen-on-postgres.ts'
import { nameStatements } from './name-statements.ts'
import { arrayParsers, parsers } from './parsers.ts'
import type { RunSql, Store } from './store.ts'

export interface PostgresOptions {
  databaseUrl: string
  /** Connections for requests and jobs; the queue keeps a few of its own. */
  poolSize: number
  /** Told of connections that were lost while nobody used them. */
  onError: (error: Error) => void
}

/** For a connection, be it new or one that another request has: after that the caller is told to come again. */
const mostWaitMs = 5_000

/** What the queue asks is short: without an answer in this time the connection is dead, though nobody said so. */
const mostQueueMs = 60_000

/** Oldest major version that has all we use (pg_current_xact_id, and still gets fixes). */
const oldestVersion = 14

/** @throws Error when the server cannot be reached or is older than 14 */
export async function openPostgres({ databaseUrl, poolSize, onError }: PostgresOptions): Promise<Store> {
  const config: pg.ClientConfig = {
    connectionString: databaseUrl,
    application_name: 'headgate',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: mostWaitMs,
    // Our statements are many and short: compiling one costs more than running it. A transaction that idles is
    // one whose process hangs, and would keep everybody's events from being sealed. The URL may say otherwise.
    options: '-c jit=off -c idle_in_transaction_session_timeout=60000',
    types: { getTypeParser: typeParser },
  }
  const pool = new pg.Pool({ ...config, max: poolSize })
  // Without a listener a connection lost while idle would end the process.
  pool.on('error', onError)
  // Nor may one that is lost in somebody's hands, between two statements: whoever has it meets that at the next.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const clients = new Set<pg.PoolClient>()
  pool.on('connect', (client) => clients.add(client))
  pool.on('remove', (client) => clients.delete(client))
  try {
    await refuseOldServers(pool)
  } catch (error) {
    await pool.end()
    throw error
  }
  const holder = holdOnPostgres(() => new pg.Client(config), onError)
  // A server that vanished answers nothing for a quarter of an hour: who waits for it is to be told sooner.
  const sever = () => {
    for (const client of clients) (client as unknown as pg.Client).connection.stream.destroy()
    holder.sever()
  }
  const listener = listenOnPostgres(() => new pg.Client(config), onError, sever)
  let closing: Promise<unknown> | undefined
  return {
    kind: 'postgres',
    db: new Kysely<Database>({ dialect: new PostgresDialect({ pool: preparing(pool) }) }),
    boss: { connectionString: databaseUrl, ...forQueue },
    script: (work) => script(pool, work),
    listen: listener.listen,
    hold: holder.hold,
    pool: () => ({
      busy: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: async () => {
      closing ??= Promise.all([listener.close(), holder.close(), pool.end()])
      await closing
    },
  }
}

/** What pg-boss hands on to its pool as it is. */
const forQueue = { connectionTimeoutMillis: mostWaitMs, keepAlive: true, query_timeout: mostQueueMs }

function typeParser(oid: number, format?: 'text' | 'binary') {
  return parsers[oid] ?? arrayParsers[oid] ?? pg.types.getTypeParser(oid, format as 'text')
}

async function refuseOldServers(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ number: string; version: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as version`,
  )
  const [found] = rows
  if (found && Number(found.number) < oldestVersion * 10_000)
    throw new Error(
      `PostgreSQL ${oldestVersion} or newer is needed; the server at DATABASE_URL is ${found.version}.`,
    )
}

/** What a connection answers when a statement it had prepared no longer fits the tables, or is gone. */
const outdated = ['0A000', '26000']

/** The pool as Kysely sees it: statements that recur are prepared by name on each connection. */
function preparing(pool: pg.Pool): PostgresPool {
  const nameOf = nameStatements()
  const wrappers = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  const wrap = (client: pg.PoolClient): PostgresPoolClient => {
    let discard = false
    const query = async (text: string, parameters: readonly unknown[]) => {
      const values = [...parameters]
      const name = nameOf(text, values.length)
      try {
        return await (name === undefined ? client.query(text, values) : client.query({ name, text, values }))
      } catch (error) {
        // After another process migrated: the next use of this connection must not meet the same statement.
        if (name !== undefined && outdated.includes((error as pg.DatabaseError).code ?? '')) discard = true
        throw error
      }
    }
    return {
      processID: (client as unknown as { processID: number }).processID,
      query: query as unknown as PostgresPoolClient['query'],
      release: (destroy) => client.release(destroy || discard),
    }
  }
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect()
      const wrapper = wrappers.get(client) ?? wrap(client)
      wrappers.set(client, wrapper)
      return wrapper
    },
  }
}

async function script<T>(pool: pg.Pool, work: (run: RunSql) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(async (text, parameters) => {
      const answer = await (parameters ? client.query(text, [...parameters]) : client.query(text))
      return answer.rows ?? []
    })
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((lost: Error) => (broken = lost))
    throw error
  } finally {
    client.release(broken)
  }
}
