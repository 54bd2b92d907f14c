import { sql } from 'kysely'
import type { Db } from '#store/database.ts'
import { apiKey, deliveryToken } from '../test/server-process.ts'
import { ended, request } from './deploy-items.ts'
import type { Pair } from './fill.ts'
import { median } from './figure.ts'

interface Page {
  items: unknown[]
  sync_token?: string
  pagination_token?: string
}

/** Milliseconds that a sync takes after a deploy of ten items, by the door that sites use. */
export async function syncAfterDeploy(url: string, { releases }: Pair, rounds: number): Promise<number> {
  const read = async (query: string): Promise<Page> => {
    const response = await fetch(`${url}/v3/stacks/sync?environment=one&${query}`, {
      headers: { api_key: apiKey, access_token: deliveryToken },
    })
    if (!response.ok) throw new Error(await response.text())
    return (await response.json()) as Page
  }
  // From now on: who has everything asks for what changed.
  const start = await read(`init=true&start_from=${new Date(Date.now() + 60_000).toISOString()}`)
  let token = start.sync_token
  const times: number[] = []
  // An even number, so that the next to come finds the other release to deploy.
  for (let round = 0; round < 2 * Math.ceil(rounds / 2) + 4; round += 1) {
    const { id } = await request(url, releases[round % 2]!, 'one')
    const { state } = await ended(url, id)
    if (state !== 'succeeded') throw new Error(`${id} ended ${state}`)
    const began = performance.now()
    const page = await read(`sync_token=${token}`)
    const took = performance.now() - began
    if (page.items.length !== 10) throw new Error(`a sync told ${page.items.length} of 10 changes`)
    token = page.sync_token
    if (round >= 4) times.push(took)
  }
  return median(times)
}

/** So many entries more, published to the environment `one`: straight into the store, as a deployment leaves them. */
export async function fillPublished(db: Db, count: number): Promise<void> {
  const place = await sql<{ project_id: string; environment_id: string; branch_id: string }>`
    select p.id as project_id, e.id as environment_id, b.id as branch_id
    from project p join environment e on e.project_id = p.id and e.name = 'one'
    join content_branch b on b.project_id = p.id
    where p.key = 'site'
  `.execute(db)
  const { environment_id, branch_id } = place.rows[0]!
  const prefix = `s${count}x`
  await sql`
    insert into content_item (id, branch_id, uid, kind, content_type_uid, created_at)
    select gen_random_uuid(), ${branch_id}::uuid, ${prefix}::text || n, 'entry', 'page', now()
    from generate_series(1, ${count}::int) n
  `.execute(db)
  await sql`
    insert into content_version (item_id, locale, version, title, data, type_version, created_at)
    select id, 'en-us', 1, uid, jsonb_build_object('title', uid), 1, now()
    from content_item where uid like ${`${prefix}%`}
  `.execute(db)
  await sql`
    insert into content_published (environment_id, item_id, locale, branch_id, kind, content_type_uid, version,
      source_locale, published_at, deployment_id)
    select ${environment_id}::uuid, id, 'en-us', branch_id, kind, content_type_uid, 1, 'en-us', now(),
      ${environment_id}::uuid
    from content_item where uid like ${`${prefix}%`}
  `.execute(db)
  await sql`
    insert into live (environment_id, item_key, kind, title, version, updated_at)
    select ${environment_id}::uuid, 'main/' || uid || '/en-us', 'page', uid, '1', now()
    from content_item where uid like ${`${prefix}%`}
  `.execute(db)
  await sql`vacuum analyze`.execute(db)
}
