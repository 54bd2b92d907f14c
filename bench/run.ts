/**
 * `npm run bench`: every figure of docs/performance.md beside its reference, on PGlite and PostgreSQL, in one run.
 * `npm run bench -- --write` puts the table into docs/performance.md.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { freshPlace, openPlace, type FreshPlace } from '../test/fresh-store.ts'
import { startPostgres } from '../test/postgres.ts'
import { startServer } from '../test/server-process.ts'
import { measureCode } from './code.ts'
import { eventsStream, rawNotify } from './events-stream.ts'
import { measureDelivery } from './delivery.ts'
import { deployItems, rawUpsert } from './deploy-items.ts'
import { deployLocales, languages, nameReleases, rawLocales } from './deploy-locales.ts'
import { fill } from './fill.ts'
import { tableOf, type Figure } from './figure.ts'
import { measureGraphql } from './graphql.ts'
import { measureHttp } from './http.ts'
import { measureInfra } from './infra.ts'
import { manyEnvironments, rawTransactions } from './many-environments.ts'
import { residentMegabytes } from './process-memory.ts'
import { fillPublished, syncAfterDeploy } from './sync.ts'
import { why } from './why.ts'

const crowd = Array.from({ length: 500 }, (_, n) => `e${n}`)
const names = ['one', 'two', 'three', ...crowd]

const figures: Figure[] = []
for (const kind of ['embedded', 'postgres'] as const) {
  const cluster = kind === 'postgres' ? await startPostgres() : undefined
  if (cluster) process.env.HEADGATE_TEST_DATABASE_URL = cluster.url
  const place = await freshPlace(kind)
  try {
    figures.push(...(await measure(place, kind)))
    if (kind === 'postgres') {
      for (const one of [measureHttp, measureDelivery, measureGraphql, measureCode, measureInfra])
        figures.push(...(await alone(one)))
      figures.push(...(await measureContent()))
    }
  } finally {
    await place.remove()
    await cluster?.stop()
  }
}
const table = tableOf(figures)
console.log(`\n${table}`)
if (process.argv.includes('--write')) await writeDocument(table)

/** On a store of their own: 100,000 releases or entries are in nobody else's way. */
async function alone(measureOne: (place: FreshPlace) => Promise<Figure[]>): Promise<Figure[]> {
  const place = await freshPlace('postgres')
  return measureOne(place).finally(() => place.remove())
}

/** Content as large sites have it, on a store of its own: the million entries come last. */
async function measureContent(): Promise<Figure[]> {
  const place = await freshPlace('postgres')
  const store = 'postgres'
  try {
    await (await startServer(place)).stop()
    const prepared = await openPlace(place)
    const localised = await fill(prepared.db, 500, languages)
    await nameReleases(prepared.db, localised)
    const ten = await fill(prepared.db, 10)
    await fillPublished(prepared.db, 1000)
    await prepared.close()
    const server = await startServer(place)
    const ours = await deployLocales(server.url, localised, ['one', 'two', 'three'], 15)
    const few = await syncAfterDeploy(server.url, ten, 40)
    await server.stop()

    const reference = await openPlace({ ...place, syncToDisk: true })
    const raw = await rawLocales(reference.db, 500 * languages.length, 3, 15)
    await fillPublished(reference.db, 1_000_000)
    await reference.close()
    const full = await startServer(place)
    const many = await syncAfterDeploy(full.url, ten, 40)
    await full.stop()
    return [
      {
        what: 'Deploy 500 items in 4 languages to 3 environments, POST to succeeded, median',
        ...{ store, ours, unit: 'ms', reference: { what: 'three raw upserts of 2,000 rows', value: raw } },
        goal: { words: 'under 400 ms', met: ours < 400 },
      },
      {
        what: 'Sync after a deploy of 10 items, 1,000,000 entries stored, median',
        ...{ store, ours: many, unit: 'ms', reference: { what: 'with 1,000 entries stored', value: few } },
        goal: { words: 'under 1.3 times', met: many < 1.3 * few },
      },
    ]
  } finally {
    await place.remove()
  }
}

async function measure(place: FreshPlace, store: Figure['store']): Promise<Figure[]> {
  const embedded = store === 'embedded'
  // The first start applies the configuration; then the rows are laid where no server is.
  await (await startServer(place, names)).stop()
  const opened = await openPlace(place)
  const [small, large, single] = [
    await fill(opened.db, 200),
    await fill(opened.db, 10_000),
    await fill(opened.db, 1),
  ]
  await opened.close()
  const bare = await bareServer(place)

  const server = await startServer(place, names)
  const readyMs = server.readyMs
  await sleep(4000)
  const idle = await residentMegabytes(server.child.pid!)
  const few = await deployItems(server.url, small, 25)
  const many = await deployItems(server.url, large, 6)
  const rate = await manyEnvironments(server.url, single, crowd)
  await sleep(4000)
  const after = await residentMegabytes(server.child.pid!)
  const asked = await why(server.url, single.releases[0], 'one')
  await server.stop()

  const streamed = place.databaseUrl && {
    ours: await eventsStream(place, names),
    raw: await rawNotify(place.databaseUrl),
  }

  // The reference syncs its commits as the server does.
  const reference = await openPlace({ ...place, syncToDisk: true })
  const raw200 = await rawUpsert(reference.db, 200, 25)
  const raw10000 = await rawUpsert(reference.db, 10_000, 6)
  const rawRate = await rawTransactions(reference.db, 500)
  await reference.close()

  const upsert = (count: string, value: number) => ({ what: `raw upsert of ${count} rows`, value })
  return [
    {
      what: 'Deploy 200 items, POST to succeeded, median',
      store,
      ours: few.whole,
      unit: 'ms',
      reference: upsert('200', raw200),
      goal: { words: embedded ? 'under 80 ms' : 'under 40 ms', met: few.whole < (embedded ? 80 : 40) },
    },
    {
      what: 'Deploy 10,000 items, POST to succeeded, median',
      store,
      ours: many.whole,
      unit: 'ms',
      reference: upsert('10,000', raw10000),
      ...(embedded ? {} : { goal: { words: 'under 500 ms', met: many.whole < 500 } }),
    },
    {
      what: 'Accepted to running, median',
      store,
      ours: few.untilRunning,
      unit: 'ms',
      reference: upsert('200', raw200),
      goal: { words: 'under 10 ms', met: few.untilRunning < 10 },
    },
    {
      what: 'why with 1,000 freezes through HTTP, median',
      store,
      ours: asked.many,
      unit: 'ms',
      reference: { what: 'the same without a freeze', value: asked.none },
      goal: { words: 'under 5 ms', met: asked.many < 5 },
    },
    {
      what: '500 deployments to 500 environments',
      store,
      ours: rate,
      unit: 'per second',
      reference: { what: 'three raw statements in a transaction each', value: rawRate },
      goal: { words: 'at least 200 per second', met: rate >= 200 },
    },
    {
      what: 'Start with existing data, process to ready',
      store,
      ours: readyMs,
      unit: 'ms',
      reference: { what: 'bare Fastify with the store open', value: bare.readyMs },
      goal: { words: 'under 1 s', met: readyMs < 1000 },
    },
    ...(streamed
      ? [
          {
            what: 'Request to its event on another process’s stream, median',
            store,
            ours: streamed.ours,
            unit: 'ms' as const,
            reference: { what: 'a row and a NOTIFY, heard on another connection', value: streamed.raw },
            goal: { words: 'under 50 ms', met: streamed.ours < 50 },
          },
        ]
      : []),
    {
      what: 'Resident memory, idle',
      store,
      ours: idle,
      unit: 'MB',
      reference: { what: 'bare Fastify with the store open', value: bare.idle },
      ...(embedded ? {} : { goal: { words: 'under 130 MB', met: idle < 130 } }),
    },
    {
      what: 'Resident memory, after the runs above',
      store,
      ours: after,
      unit: 'MB',
      reference: { what: 'bare Fastify with the store open', value: bare.idle },
      ...(embedded ? {} : { goal: { words: 'under 250 MB', met: after < 250 } }),
    },
  ]
}

async function bareServer({ dataDir, databaseUrl }: FreshPlace): Promise<{ readyMs: number; idle: number }> {
  const began = performance.now()
  const file = fileURLToPath(new URL('bare-server.ts', import.meta.url))
  const child = spawn(process.execPath, [file, dataDir, ...(databaseUrl ? [databaseUrl] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const readyMs = performance.now() - began
  await sleep(4000)
  const idle = await residentMegabytes(child.pid!)
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  return { readyMs, idle }
}

async function writeDocument(measured: string): Promise<void> {
  const file = new URL('../docs/performance.md', import.meta.url)
  const text = await readFile(file, 'utf8')
  const machine = `Measured with \`npm run bench\` on ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}.`
  const next = text.replace(
    /(<!-- figures -->\n)[^]*(\n<!-- end -->)/,
    (_, start: string, end: string) => `${start}\n${machine}\n\n${measured}\n${end}`,
  )
  await writeFile(file, next)
}
