import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { transact } from '#app/context.ts'
import { getDrift, listDriftOfAll } from '#app/drift/list-drift.ts'
import { recordDriftIn } from '#app/drift/record-drift.ts'
import { createEnvironment } from '#app/environments/create-environment.ts'
import { createProject } from '#app/projects/create-project.ts'
import type { DriftedThing } from '#domain/effect.ts'
import { smallHouse } from '../../small-house.ts'

test('of very much drift as much is kept as can be shown, and all of it is counted', async (t: TestContext) => {
  const { ctx } = await smallHouse(t)
  const { id: project_id } = await createProject(ctx, { key: 'platform', name: 'Platform', kind: 'infra' })
  const { id: environment_id } = await createEnvironment(ctx, { project_id, name: 'prod' })
  const things = Array.from({ length: 3000 }, (_, n): DriftedThing => ({
    ...{ item_key: `config/${n}`, address: `module.config__${n}.file_text.this`, action: 'update' },
    attributes: [{ attribute: 'content', before: 'A'.repeat(50_000), after: { deep: 'B'.repeat(9000) } }],
  }))
  const record = (found: readonly DriftedThing[]) =>
    transact(ctx, (unit) =>
      recordDriftIn(ctx, unit, { project_id, environment_id, things: found, state_version: null }),
    )
  await record(things)
  const whole = await getDrift(ctx, { environment_id })
  assert.deepEqual([whole.status, whole.drifted, whole.ignored], ['drifted', 3000, 0])
  assert.ok(whole.items.length > 20 && JSON.stringify(whole.items).length < 300_000)
  assert.equal(whole.items[0]!.attributes[0]!.before, `${'A'.repeat(2000)}… (50000 characters)`)
  const [listed] = await listDriftOfAll(ctx, { project_id, limit: 1 })
  assert.deepEqual([listed!.drifted, listed!.items.length], [3000, 20])
  await record(things)
  await record([])
  const events = await ctx.db.selectFrom('event').select('kind').execute()
  const kinds = events.filter(({ kind }) => kind.startsWith('drift.'))
  assert.deepEqual(kinds.map(({ kind }) => kind).toSorted(), ['drift.cleared', 'drift.found'])
})
