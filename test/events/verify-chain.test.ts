import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { sealEvents } from '#events/seal-events.ts'
import { verifyChain } from '#events/verify-chain.ts'
import { freshStore } from '../fresh-store.ts'
import { writeEvents } from './write-events.ts'

const length = 6

/** What somebody with a psql could do to the event at this position. */
const tampering: Record<string, string> = {
  id: `update event set id = gen_random_uuid() where ordinal = $1`,
  at: `update event set at = at + interval '1 ms' where ordinal = $1`,
  kind: `update event set kind = 'release.removed' where ordinal = $1`,
  project: `update event set project_id = null where ordinal = $1`,
  environment: `update event set environment_id = gen_random_uuid() where ordinal = $1`,
  subject: `update event set subject_id = null where ordinal = $1`,
  actor: `update event set actor = jsonb_set(actor, '{name}', '"somebody else"') where ordinal = $1`,
  reason: `update event set reason = reason || ' ' where ordinal = $1`,
  data: `update event set data = data || '{"n": -1}' where ordinal = $1`,
  hash: `update event_seal set hash = sha256(hash) where position = $1`,
  'seal taken out': `delete from event_seal where position = $1`,
  'other event': `with other as (
      insert into event (id, at, kind, actor) values (gen_random_uuid(), '2026-01-01', 'x', '{}') returning ordinal)
    update event_seal set ordinal = other.ordinal from other where position = $1`,
  'event taken out': `delete from event where ordinal = $1`,
}

test('an empty chain is whole', async (t: TestContext) => {
  const { db } = await freshStore(t)
  t.assert.deepStrictEqual(await verifyChain(db), {
    whole: true,
    length: 0,
    head: '0'.repeat(64),
    unsealed: 0,
    unsealed_since: null,
    verified_after: 0,
    pruned: null,
  })
})

test('whatever is done to any sealed event, its position is found', async (t: TestContext) => {
  const { db } = await freshStore(t)
  await writeEvents(db, length)
  while ((await sealEvents(db)) === 0);
  const untouched = await verifyChain(db, { pageSize: 4 })
  t.assert.partialDeepStrictEqual(untouched, { whole: true, length })
  for (const [what, statement] of Object.entries(tampering)) {
    for (let position = 1; position <= length; position++) {
      const tx = await db.startTransaction().execute()
      await sql`alter table event_seal drop constraint event_seal_ordinal_fkey`.execute(tx)
      await sql.raw(statement.replaceAll('$1', String(position))).execute(tx)
      const verdict = await verifyChain(tx, { pageSize: 4 })
      await tx.rollback().execute()
      // The last link alone can be taken off unseen: only whoever kept the head would know.
      const expected =
        what === 'seal taken out' && position === length
          ? { whole: true, length: length - 1 }
          : { whole: false, broken_at: position }
      t.assert.partialDeepStrictEqual(verdict, expected, `${what} at ${position}`)
    }
  }
  t.assert.deepStrictEqual(await verifyChain(db), untouched)
})
