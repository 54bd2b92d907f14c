import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { freshStore } from '../fresh-store.ts'
import { dumpSchema } from './dump-schema.ts'

test('the schema is the golden one, on either store', async (t: TestContext) => {
  const { db } = await freshStore(t)
  // Anew with `node --test --test-update-snapshots test/store/schema.test.ts`.
  t.assert.fileSnapshot(await dumpSchema(db), join(import.meta.dirname, '../golden/schema.sql'), {
    serializers: [(text: string) => text],
  })
})

/** Read only when a whole project goes, which takes its releases and so its revisions first. */
const withoutIndex = ['revision.revision_project_id_fkey']

test('what refers to a row that can go is found by an index', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const { rows } = await sql<{ key: string }>`
    select k.conrelid::regclass || '.' || k.conname as key
    from pg_constraint k
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace
      -- Users are disabled, not removed.
      and k.confrelid <> '"user"'::regclass
      and not exists (select from pg_index i where i.indrelid = k.conrelid and i.indkey[0] = any (k.conkey))
    order by 1`.execute(db)
  t.assert.deepStrictEqual(
    rows.map(({ key }) => key),
    withoutIndex,
  )
})
