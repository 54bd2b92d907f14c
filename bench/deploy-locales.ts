import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from '#store/database.ts'
import { call } from '../test/recovery/client.ts'
import type { Deployment } from './deploy-items.ts'
import type { Pair } from './fill.ts'
import { median } from './figure.ts'

export const languages = ['en-us', 'fr-fr', 'de-de', 'ja-jp']

/** Lets the vendor's clients deploy what was laid straight into the store. */
export async function nameReleases(db: Db, { releases }: Pair): Promise<void> {
  for (const internal of releases)
    await db
      .insertInto('external_id')
      .values({ surface: 'contentstack', kind: 'release', external: uidOf(internal), internal })
      .execute()
}

const uidOf = (release: string) => `blt${release.replaceAll('-', '').slice(-16)}`

/**
 * Milliseconds from one request to deploy a release to all environments, in all languages, until it is seen to have
 * succeeded in each. Who asks too often takes the time that the server needs: it is asked about one at a time, every
 * few milliseconds.
 */
export async function deployLocales(
  url: string,
  { releases }: Pair,
  environments: readonly string[],
  rounds: number,
): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds + 4; round += 1) {
    const release = { environments, locales: languages, action: 'publish' }
    const began = performance.now()
    await call(url, 'POST', `/v3/releases/${uidOf(releases[round % 2]!)}/deploy`, { release })
    for (const name of environments) await settled(url, name)
    if (round >= 4) times.push(performance.now() - began)
  }
  return median(times)
}

/** Waits for the last deployment that was asked for in an environment. */
async function settled(url: string, environment: string): Promise<void> {
  const path = `/headgate/v1/projects/site/environments/${environment}/deployments?limit=1`
  for (;;) {
    const { items } = await call<{ items: Deployment[] }>(url, 'GET', path)
    const { id, state, failure_detail } = items[0]!
    if (state === 'succeeded') return
    if (['failed', 'partly_succeeded', 'unchanged'].includes(state))
      throw new Error(`${id} ended ${state}: ${failure_detail}`)
    await sleep(4)
  }
}

/** The least that could do it: as many rows of the same width, a statement for each environment, all at once. */
export async function rawLocales(
  db: Db,
  count: number,
  environments: number,
  rounds: number,
): Promise<number> {
  await sql`
    create table if not exists bench_locales (environment_id int, item_key text, kind text, title text, version text,
      updated_at timestamptz, primary key (environment_id, item_key))
  `.execute(db)
  const times: number[] = []
  for (let round = 0; round < rounds + 3; round += 1) {
    const rows = Array.from({ length: count }, (_, n) => ({
      key: `main/raw${n}/${languages[n % languages.length]}`,
      title: `raw${n}`,
      version: String(round),
    }))
    const began = performance.now()
    await Promise.all(
      Array.from({ length: environments }, (_, environment) =>
        sql`
          insert into bench_locales select ${environment}::int, key, 'page', title, version, now()
          from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (key text, title text, version text)
          on conflict (environment_id, item_key) do update
            set version = excluded.version, updated_at = excluded.updated_at
        `.execute(db),
      ),
    )
    if (round >= 3) times.push(performance.now() - began)
  }
  return median(times)
}
