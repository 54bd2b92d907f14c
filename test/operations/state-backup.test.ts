import { Readable } from 'node:stream'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { restoreBackup } from '#app/backup/restore-backup.ts'
import { readState } from '#app/state/read-state.ts'
import { writeState } from '#app/state/write-state.ts'
import { testStore } from '../fresh-store.ts'
import { project } from '../identity/people.ts'
import { smallHouse } from '../small-house.ts'
import { backupOf, emptyStore } from './archives.ts'

test('a state comes back from a backup, and lies in it sealed', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const { id: project_id, production: id } = await project(house, 'platform')
  const caller = { ctx, environment: { id, project_id, name: 'production' }, own: null }
  const bytes = Buffer.from(
    '{"version":4,"serial":1,"lineage":"l","outputs":{"password":"hunter2-of-the-state"}}',
  )
  await writeState(caller, { bytes, lock_id: undefined })
  const archive = await backupOf(
    ctx,
    join(process.env['TMPDIR'] ?? '/tmp', `headgate-spool-${house.newId()}`),
  )
  t.assert.ok(!archive.includes('hunter2-of-the-state'))
  const into = await emptyStore(t, ctx, testStore)
  await restoreBackup(into, () => Readable.from([archive]))
  const there = { ...ctx, db: into.db, blobs: into.blobs }
  t.assert.deepEqual(await readState({ ...caller, ctx: there }), bytes)
})
