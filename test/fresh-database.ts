import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export interface FreshDatabase {
  url: string
  drop(): Promise<void>
}

/** PostgreSQL's "somebody is still connected to it". */
const inUse = '55006'
const patienceMs = 20_000

/**
 * A database of the caller's own on the server at HEADGATE_TEST_DATABASE_URL, copied from a template that the
 * first to come makes with `fill`.
 */
export async function freshDatabase(
  key: string,
  fill: (url: string) => Promise<void>,
): Promise<FreshDatabase> {
  const server = process.env.HEADGATE_TEST_DATABASE_URL
  if (!server) throw new Error('HEADGATE_TEST_STORE=postgres wants HEADGATE_TEST_DATABASE_URL')
  const template = `headgate_template_${key}`
  const name = `headgate_test_${randomBytes(8).toString('hex')}`
  await withClient(server, async (client) => {
    await ensureTemplate(client, server, template, fill)
    await patiently(() => client.query(`create database ${name} template ${template}`))
  })
  return {
    url: urlOf(server, name),
    drop: () =>
      withClient(server, async (client) => {
        // Without force: whoever is still connected is a leak that a test should show.
        await patiently(() => client.query(`drop database if exists ${name}`))
      }),
  }
}

async function ensureTemplate(
  client: pg.Client,
  server: string,
  template: string,
  fill: (url: string) => Promise<void>,
): Promise<void> {
  const exists = async () =>
    (await client.query('select from pg_database where datname = $1', [template])).rowCount === 1
  if (await exists()) return
  await client.query(`select pg_advisory_lock(hashtext('headgate test template'))`)
  try {
    if (await exists()) return
    // Filled under another name, so that one left half made by a killed run is never taken for it.
    const making = `${template}_making`
    await client.query(`drop database if exists ${making} with (force)`)
    await client.query(`create database ${making}`)
    await fill(urlOf(server, making))
    await patiently(() => client.query(`alter database ${making} rename to ${template}`))
  } finally {
    await client.query(`select pg_advisory_unlock(hashtext('headgate test template'))`)
  }
}

/** A backend takes a moment to leave after its client did. */
async function patiently(act: () => Promise<unknown>): Promise<void> {
  const until = performance.now() + patienceMs
  for (;;) {
    try {
      await act()
      return
    } catch (error) {
      if ((error as pg.DatabaseError).code !== inUse || performance.now() > until) throw error
      await sleep(25)
    }
  }
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.href
}
