import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { finalStates } from '#domain/lifecycle.ts'
import { readId } from '#domain/ids.ts'
import { verifyChain } from '#events/verify-chain.ts'
import { sealEvents } from '#events/seal-events.ts'
import type { Db } from '#store/database.ts'
import type { Acknowledged } from './client.ts'

/** Everything that must hold in a store after any number of deaths, looked at with no server on it. */
export async function checkStore(t: TestContext, db: Db, known: Acknowledged): Promise<void> {
  await nothingLost(t, db, known)
  await everyDeploymentEnded(t, db)
  await nothingTwiceOrHalf(t, db)
  await liveIsWhatDeploymentsDid(t, db)
  await checkChain(t, db)
}

/** Every event is in the chain, and the chain is whole. */
export async function checkChain(t: TestContext, db: Db): Promise<void> {
  await sealed(db)
  const verdict = await verifyChain(db)
  t.assert.ok(verdict.whole, JSON.stringify(verdict))
  const { count } = await db
    .selectFrom('event')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  t.assert.equal(verdict.length, count, 'every event is in the chain')
}

/** Sealing waits for every older transaction of the whole cluster, and other tests have theirs. */
async function sealed(db: Db): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    while ((await sealEvents(db)) > 0);
    const left =
      await sql`select from event e where not exists (select from event_seal s where s.ordinal = e.ordinal)`.execute(
        db,
      )
    if (left.rows.length === 0) return
    await sleep(100)
  }
}

async function nothingLost(
  t: TestContext,
  db: Db,
  { entries, releases, deployments }: Acknowledged,
): Promise<void> {
  const items = await db.selectFrom('content_item').select('uid').execute()
  const uids = new Set(items.map((row) => row.uid))
  for (const uid of entries.keys()) t.assert.ok(uids.has(uid), `entry ${uid} was acknowledged and is gone`)
  const pins = await db.selectFrom('release_item').select(['release_id', 'item_key']).execute()
  const pinned = new Set(pins.map((row) => `${row.release_id} ${row.item_key}`))
  for (const [shown, keys] of releases)
    for (const key of keys)
      t.assert.ok(pinned.has(`${readId('release', shown)} ${key}`), `${key} of ${shown} is gone`)
  const rows = await db.selectFrom('deployment').select('id').execute()
  const ids = new Set(rows.map((row) => row.id))
  for (const shown of deployments)
    t.assert.ok(ids.has(readId('deployment', shown)!), `deployment ${shown} was acknowledged and is gone`)
}

async function everyDeploymentEnded(t: TestContext, db: Db): Promise<void> {
  const open = await db
    .selectFrom('deployment')
    .select(['id', 'state'])
    .where('state', 'not in', [...finalStates])
    .execute()
  t.assert.deepEqual(open, [], 'every deployment ends')
  const odd = await db
    .selectFrom('deployment')
    .select(['id', 'state', 'failure_code', 'failure_detail'])
    .where('state', 'not in', ['succeeded', 'unchanged'])
    .execute()
  t.assert.deepEqual(odd, [], 'and none fails: content is repeated after a loss')
}

async function nothingTwiceOrHalf(t: TestContext, db: Db): Promise<void> {
  const twice = await sql`
    select subject_id, count(*) from event where kind in ('deployment.succeeded', 'deployment.unchanged')
    group by subject_id having count(*) > 1
  `.execute(db)
  t.assert.deepEqual(twice.rows, [], 'no deployment succeeds twice')
  const half = await sql`
    select d.id, p.wanted, count(i.*)::int as kept from deployment d
    join lateral (select jsonb_array_length(changes) as wanted from plan where plan.id = d.plan_id) p on true
    left join deployment_item i on i.deployment_id = d.id
    where d.state = 'succeeded' group by d.id, p.wanted having count(i.*) <> p.wanted
  `.execute(db)
  t.assert.deepEqual(half.rows, [], 'every change of a plan has its result')
}

/** Replays the results in the order in which deployments ended: it must give what is live, and what is served. */
async function liveIsWhatDeploymentsDid(t: TestContext, db: Db): Promise<void> {
  const done = await sql<{
    environment_id: string
    item_key: string
    after: string | null
    before: string | null
  }>`
    select d.environment_id, i.item_key, i.before, i.after from deployment_item i
    join deployment d on d.id = i.deployment_id
    join event e on e.subject_id = d.id and e.kind = 'deployment.succeeded'
    where i.outcome = 'done' order by e.ordinal, i.position
  `.execute(db)
  const replayed = new Map<string, string>()
  for (const { environment_id, item_key, before, after } of done.rows) {
    const key = `${environment_id} ${item_key}`
    t.assert.equal(replayed.get(key) ?? null, before, `${key} was planned from what was live`)
    if (after === null) replayed.delete(key)
    else replayed.set(key, after)
  }
  const live = await db.selectFrom('live').selectAll().where('version', 'is not', null).execute()
  const lives = new Map(live.map((row) => [`${row.environment_id} ${row.item_key}`, row.version!]))
  t.assert.deepEqual([...lives].toSorted(), [...replayed].toSorted(), 'live is what the deployments did')
  const served = await sql<{ key: string; version: string }>`
    select p.environment_id || ' ' || b.uid || '/' || i.uid || '/' || p.locale as key, p.version::text as version
    from content_published p join content_item i on i.id = p.item_id join content_branch b on b.id = p.branch_id
  `.execute(db)
  t.assert.deepEqual(
    served.rows.map((row) => [row.key, row.version]).toSorted(),
    [...lives].toSorted(),
    'the delivery API serves what is live',
  )
}
