import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import type { Db } from '#store/database.ts'
import { openPlace, type FreshPlace } from '../test/fresh-store.ts'
import { apiKey, deliveryToken, startServer } from '../test/server-process.ts'
import { median, type Figure } from './figure.ts'
import { rate } from './shoot.ts'
import { printAlone } from './print-alone.ts'

const many = 100_000
const headers = { api_key: apiKey, access_token: deliveryToken }
const settings = { HEADGATE_LOG_LEVEL: 'info' }

/** Pages that are live in the first environment, each with two references to people. */
async function fillPages(db: Db): Promise<{ environment_id: string; branch_id: string }> {
  const environment = await db
    .selectFrom('environment')
    .select('id')
    .where('name', '=', 'one')
    .executeTakeFirstOrThrow()
  const branch = await db.selectFrom('content_branch').select('id').executeTakeFirstOrThrow()
  const base = { mandatory: false, unique: false, multiple: false, non_localizable: false }
  const title = { ...base, uid: 'title', name: 'Title', type: 'text', mandatory: true }
  const body = { ...base, uid: 'body', name: 'Body', type: 'text' }
  const related = {
    ...base,
    uid: 'related',
    name: 'Related',
    type: 'reference',
    multiple: true,
    reference_to: ['person'],
  }
  for (const [uid, fields] of Object.entries({ page: [title, body, related], person: [title, body] }))
    await sql`
      insert into content_type (id, branch_id, uid, title, version, fields, created_at, updated_at)
      values (gen_random_uuid(), ${branch.id}::uuid, ${uid}::text, ${uid}::text, 1, ${JSON.stringify(fields)}::jsonb, now(), now())
    `.execute(db)
  for (const [type, count] of [
    ['person', 1000],
    ['page', many],
  ] as const) {
    await sql`
      insert into content_item (id, branch_id, uid, kind, content_type_uid, created_at)
      select (lpad(to_hex(1760000000000 + n), 12, '0') || '7' || substr(md5(${type}::text || n), 1, 19))::uuid,
        ${branch.id}::uuid, ${type}::text || n, 'entry', ${type}::text, now()
      from generate_series(1, ${count}::int) n
    `.execute(db)
    await sql`
      insert into content_version (item_id, locale, version, title, data, reference_uids, type_version, created_at)
      select i.id, 'en-us', 1, i.uid, jsonb_build_object('title', i.uid, 'body', repeat('lorem ipsum ', 20))
        || case when i.content_type_uid = 'page' then jsonb_build_object('related', (
          select jsonb_agg(jsonb_build_object('uid', uid, '_content_type_uid', 'person')) from unnest(r.uids) uid)) else '{}' end,
        r.uids, 1, now()
      from content_item i, lateral (
        select case when i.content_type_uid = 'page' then array['person' || (1 + (hashtext(i.uid) & 511)), 'person' || (513 + (hashtext(i.uid) & 255))] else '{}' end as uids) r
      where i.content_type_uid = ${type}
    `.execute(db)
    await sql`
      insert into content_published (environment_id, item_id, locale, branch_id, kind, content_type_uid, version,
        source_locale, published_at, deployment_id)
      select ${environment.id}::uuid, id, 'en-us', branch_id, kind, content_type_uid, 1, 'en-us', now(), gen_random_uuid()
      from content_item where content_type_uid = ${type}
    `.execute(db)
  }
  await sql`vacuum analyze`.execute(db)
  return { environment_id: environment.id, branch_id: branch.id }
}

/** Milliseconds that one request after the other takes, on one connection. */
async function latency(url: string, seconds: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const times: number[] = []
  const until = performance.now() + seconds * 1000
  while (performance.now() < until) {
    const began = performance.now()
    const request = get(url, { agent, headers })
    const [response] = await once(request, 'response')
    response.resume()
    await once(response, 'end')
    if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`)
    times.push(performance.now() - began)
  }
  agent.destroy()
  return median(times)
}

/** What sites read, beside a bare server with one statement of the same; in turns, so that a busy machine slows both. */
export async function measureDelivery(
  place: FreshPlace,
  { seconds = 3, rounds = 3 } = {},
): Promise<Figure[]> {
  await (await startServer(place)).stop()
  const store = await openPlace(place)
  const filled = await fillPages(store.db)
  await store.close()
  const server = await startServer(place, undefined, settings)
  const file = fileURLToPath(new URL('bare-delivery.ts', import.meta.url))
  const handed = JSON.stringify({ databaseUrl: place.databaseUrl, ...filled })
  const bare = spawn(process.execPath, [file, handed], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = (await once(bare.stdout, 'data')) as [Buffer]
    const base = line.toString().trim()
    const pages = `${server.url}/v3/content_types/page/entries`
    const shots = [
      { url: `${pages}/page4711?environment=one&include[]=related`, headers },
      { url: `${base}/entry/page4711` },
    ]
    for (const shot of shots) await rate(shot, 1)
    const rates: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round += 1)
      for (const [n, shot] of shots.entries()) rates[n]!.push(await rate(shot, seconds))
    const [mine, theirs] = rates.map(median) as [number, number]
    const list = `${pages}?environment=one`
    await latency(list, 1)
    const ours = await latency(list, seconds)
    await latency(`${base}/list`, 1)
    const raw = await latency(`${base}/list`, seconds)
    return [
      {
        ...{ what: 'Read an entry with two references, 16 connections', store: 'postgres', ours: mine },
        unit: 'per second',
        reference: { what: 'bare Fastify + pg, one statement of the same', value: theirs },
        goal: { words: 'at least 0.5', met: mine / theirs >= 0.5 },
      },
      {
        ...{
          what: `List 100 of ${many.toLocaleString('en')} entries, one connection, median`,
          store: 'postgres',
        },
        ours,
        unit: 'ms',
        reference: { what: 'bare Fastify + pg, one statement of the same', value: raw },
        goal: { words: 'under 10 ms', met: ours < 10 },
      },
    ]
  } finally {
    bare.kill('SIGKILL')
    await server.stop()
  }
}

if (import.meta.main) {
  const quick = process.argv.includes('--quick')
  await printAlone((place) => measureDelivery(place, quick ? { seconds: 2, rounds: 2 } : {}))
}
