import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql, type CompiledQuery, type DatabaseConnection } from 'kysely'
import { createClient } from '#client/client.ts'
import { readId } from '#domain/ids.ts'
import { readConfig } from '../src/config.ts'
import { openHouse } from '../src/main.ts'
import type { Db } from '#store/database.ts'
import { openPlace, type FreshPlace } from '../test/fresh-store.ts'
import { startServer, token } from '../test/server-process.ts'
import type { Replay } from './bare-releases.ts'
import { median, type Figure } from './figure.ts'
import { rate, type Shot } from './shoot.ts'
import { printAlone } from './print-alone.ts'

/** As in earnest; only nobody else is held to so many requests a minute. */
const settings = { HEADGATE_LOG_LEVEL: 'info', HEADGATE_RATE_LIMIT: '100000000' }
const many = 100_000

/** Statements as they are sent while `work` runs, with their parameters, begin and commit among them. */
async function record(db: Db, work: () => Promise<unknown>): Promise<Replay[string]> {
  const sent: Replay[string] = []
  // The sealer has something to do after a change.
  await sleep(500)
  const shared = await db
    .getExecutor()
    .provideConnection(async (connection) => Object.getPrototypeOf(connection) as DatabaseConnection)
  const { executeQuery } = shared
  shared.executeQuery = function <R>(this: DatabaseConnection, query: CompiledQuery, ...rest: never[]) {
    sent.push({ sql: query.sql, parameters: [...query.parameters] })
    return executeQuery.call(this, query, ...rest) as ReturnType<typeof executeQuery<R>>
  }
  try {
    await work()
  } finally {
    shared.executeQuery = executeQuery
  }
  // The sealer and the sweep come in between.
  return sent.filter(({ sql: text }) => !/event_seal|pg_snapshot|claimable|job\./.test(text))
}

async function recordRequests(place: FreshPlace) {
  const config = readConfig({
    HEADGATE_PORT: '0',
    HEADGATE_ROLE: 'api',
    HEADGATE_DATA_DIR: place.dataDir,
    HEADGATE_LOG_LEVEL: 'fatal',
    HEADGATE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    DATABASE_URL: place.databaseUrl,
  })
  const { house, url, close } = await openHouse(config)
  try {
    const client = createClient({ url: url!, token })
    await client.createProject({ key: 'small', kind: 'content' })
    const made = await client.createRelease('site', { name: 'bench' })
    await client.getRelease(made.id)
    await client.listReleases('site', { limit: 25 })
    const replay: Replay = {
      create: await record(house.db, () => client.createRelease('site', { name: 'bench' })),
      get: await record(house.db, () => client.getRelease(made.id)),
      list: await record(house.db, () => client.listReleases('site', { limit: 25 })),
    }
    return { replay, release: made.id, fresh: await idsMade(house.db, replay) }
  } finally {
    await close()
  }
}

/** The ids among the parameters of the create that no row had before: of the release and its event. */
async function idsMade(db: Db, { create = [], get = [] }: Replay): Promise<string[]> {
  const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g
  const said = new Set(JSON.stringify(create).match(uuid))
  const { rows } = await sql<{ id: string }>`
    select id from project union all select id from token union all select id from "user"`.execute(db)
  for (const { id } of rows) said.delete(id)
  const [existing] = JSON.stringify(get).match(uuid) ?? []
  return [existing!, ...said]
}

/** Beside the many, a project with 100. */
async function fillReleases(place: FreshPlace): Promise<void> {
  const store = await openPlace(place)
  await sql`
    insert into release (id, project_id, branch, name, created_at, updated_at)
    select uuidv7_like.id, project.id, 'main', 'release ' || n, now(), now()
    from project, generate_series(1, case project.key when 'site' then ${many}::int else 100 end) n,
      lateral (select (lpad(to_hex(1760000000000 + n), 12, '0') || '7' || substr(md5(project.key || n), 1, 19))::uuid as id) uuidv7_like
  `.execute(store.db)
  await sql`vacuum analyze`.execute(store.db)
  await store.close()
}

/** Requests through HTTP beside a bare server that does the same, in turns, so that a busy machine slows both. */
export async function measureHttp(place: FreshPlace, { seconds = 3, rounds = 3 } = {}): Promise<Figure[]> {
  await (await startServer(place)).stop()
  const { replay, release, fresh } = await recordRequests(place)
  await fillReleases(place)
  const server = await startServer(place, undefined, settings)
  const file = fileURLToPath(new URL('bare-releases.ts', import.meta.url))
  const store = await openPlace(place)
  const { id: projectId } = await store.db
    .selectFrom('project')
    .select('id')
    .where('key', '=', 'site')
    .executeTakeFirstOrThrow()
  await store.close()
  fresh[0] = readId('release', release)!
  const handed = JSON.stringify({ databaseUrl: place.databaseUrl, replay, fresh, projectId })
  const bare = spawn(process.execPath, [file, handed], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = (await once(bare.stdout, 'data')) as [Buffer]
    const v1 = `${server.url}/headgate/v1`
    const headers = { authorization: `Bearer ${token}` }
    const ours: Record<string, Shot> = {
      create: { url: `${v1}/projects/site/releases`, method: 'POST', body: { name: 'bench' }, headers },
      get: { url: `${v1}/releases/${release}`, headers },
      list: { url: `${v1}/projects/site/releases?limit=25`, headers },
    }
    const figures: Figure[] = []
    for (const [request, what] of [
      ['create', 'Create a release, 16 connections'],
      ['get', 'Get a release, 16 connections'],
      ['list', `List 25 of ${many.toLocaleString('en')} releases, 16 connections`],
    ] as const) {
      const method = request === 'create' ? ('POST' as const) : ('GET' as const)
      const at = (kind: string): Shot => ({
        url: `${line.toString().trim()}/${kind}/${request}`,
        method,
        ...(method === 'POST' ? { body: {} } : {}),
      })
      const rates: number[][] = [[], [], [], []]
      const shots = [ours[request]!, at('replay'), at('least')]
      if (request === 'list') shots.push({ url: `${v1}/projects/small/releases?limit=25`, headers })
      for (const shot of shots) await rate(shot, 1)
      for (let round = 0; round < rounds; round += 1)
        for (const [n, shot] of shots.entries()) rates[n]!.push(await rate(shot, seconds))
      const [mine, same, least, few] = rates.map(median) as [number, number, number, number]
      const statements = replay[request]!.length
      const figure = { what, store: 'postgres' as const, ours: mine, unit: 'per second' as const }
      figures.push(
        {
          ...figure,
          reference: { what: `bare Fastify + pg, the same ${statements} statements`, value: same },
          goal: { words: 'at least 0.7', met: mine / same >= 0.7 },
        },
        { ...figure, reference: { what: 'bare Fastify + pg, the least SQL', value: least } },
      )
      if (request === 'list')
        figures.push({
          ...figure,
          reference: { what: 'the same of 100 releases', value: few },
          goal: { words: 'no slower than 1.3 times', met: few / mine <= 1.3 },
        })
    }
    return figures
  } finally {
    bare.kill('SIGKILL')
    await server.stop()
  }
}

if (import.meta.main) {
  const quick = process.argv.includes('--quick')
  await printAlone((place) => measureHttp(place, quick ? { seconds: 1, rounds: 2 } : {}))
}
