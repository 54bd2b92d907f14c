import { sql } from 'kysely'
import type { Db } from '#store/database.ts'
import { ended, request } from './deploy-items.ts'
import type { Pair } from './fill.ts'

/** Deployments per second, from the first POST until the last has ended, over 16 connections. */
export async function manyEnvironments(
  url: string,
  { releases }: Pair,
  environments: readonly string[],
): Promise<number> {
  const rates: number[] = []
  for (const release of releases) {
    const waiting = [...environments]
    const requested: string[] = []
    const began = performance.now()
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let name = waiting.pop(); name; name = waiting.pop())
          requested.push((await request(url, release, name)).id)
      }),
    )
    // The last requested is not always the last to end, but none can end after all are asked for in turn.
    for (const id of requested.toReversed()) {
      const { state } = await ended(url, id)
      if (state !== 'succeeded') throw new Error(`${id} ended ${state}`)
    }
    rates.push((environments.length / (performance.now() - began)) * 1000)
  }
  return Math.max(...rates)
}

/** The least that could do it: per deployment one transaction that inserts it, upserts its item and ends it. */
export async function rawTransactions(db: Db, count: number): Promise<number> {
  await sql`create table if not exists bench_deployment (id bigint generated always as identity primary key, state text, at timestamptz)`.execute(
    db,
  )
  const one = (n: number) =>
    db.transaction().execute(async (tx) => {
      const made = await sql<{
        id: number
      }>`insert into bench_deployment (state, at) values ('applying', now()) returning id`.execute(tx)
      await sql`
        insert into bench_raw values (gen_random_uuid(), ${`main/many${n}/en-us`}, 'page', 'many', '1', now())
        on conflict (environment_id, item_key) do update set version = excluded.version
      `.execute(tx)
      await sql`update bench_deployment set state = 'succeeded' where id = ${made.rows[0]!.id}`.execute(tx)
    })
  const began = performance.now()
  let next = 0
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (next < count) await one((next += 1))
    }),
  )
  return (count / (performance.now() - began)) * 1000
}
