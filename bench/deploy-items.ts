import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { showId } from '#domain/ids.ts'
import type { Db } from '#store/database.ts'
import { call } from '../test/recovery/client.ts'
import type { Pair } from './fill.ts'
import { median } from './figure.ts'

export interface Deployment {
  id: string
  state: string
  queued_at: string
  started_at: string
  failure_detail: string | null
}

const final = ['succeeded', 'partly_succeeded', 'failed', 'unchanged', 'canceled', 'expired', 'invalid']

export async function ended(url: string, id: string): Promise<Deployment> {
  for (;;) {
    const deployment = await call<Deployment>(url, 'GET', `/headgate/v1/deployments/${id}`)
    if (final.includes(deployment.state)) return deployment
    await sleep(1)
  }
}

export function request(url: string, release: string, environment: string): Promise<Deployment> {
  const path = `/headgate/v1/projects/site/environments/${environment}/deployments`
  return call<Deployment>(url, 'POST', path, { release: showId('release', release) })
}

/** Milliseconds from the POST until the deployment is seen to have succeeded, and from queued to planning. */
export async function deployItems(url: string, { releases }: Pair, rounds: number) {
  const whole: number[] = []
  const untilRunning: number[] = []
  for (let round = 0; round < rounds + 4; round += 1) {
    const began = performance.now()
    const { id } = await request(url, releases[round % 2]!, 'one')
    const deployment = await ended(url, id)
    if (deployment.state !== 'succeeded')
      throw new Error(`${id} ended ${deployment.state}: ${deployment.failure_detail}`)
    // The first ones warm up caches and prepared statements.
    if (round < 4) continue
    whole.push(performance.now() - began)
    untilRunning.push(Date.parse(deployment.started_at) - Date.parse(deployment.queued_at))
  }
  return { whole: median(whole), untilRunning: median(untilRunning) }
}

/** The least that could do it: one statement that upserts the same number of rows of the same width. */
export async function rawUpsert(db: Db, count: number, rounds: number): Promise<number> {
  await sql`
    create table if not exists bench_raw (environment_id uuid, item_key text, kind text, title text, version text,
      updated_at timestamptz, primary key (environment_id, item_key))
  `.execute(db)
  const environment = '00000000-0000-7000-8000-000000000001'
  const times: number[] = []
  for (let round = 0; round < rounds + 3; round += 1) {
    const rows = Array.from({ length: count }, (_, n) => ({
      key: `main/raw${n}/en-us`,
      title: `raw${n}`,
      version: String(round),
    }))
    const began = performance.now()
    await sql`
      insert into bench_raw select ${environment}::uuid, key, 'page', title, version, now()
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (key text, title text, version text)
      on conflict (environment_id, item_key) do update set version = excluded.version, updated_at = excluded.updated_at
    `.execute(db)
    if (round >= 3) times.push(performance.now() - began)
  }
  return median(times)
}
