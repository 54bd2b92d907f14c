import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { pruneDrift } from '#app/retention/prune-drift.ts'
import { createEnvironment } from '#app/environments/create-environment.ts'
import { createProject } from '#app/projects/create-project.ts'
import { orderedIds } from '#ground/ordered-ids.ts'
import { insertDrift, listDrift, type DriftRow } from '#store/drift.ts'
import { smallHouse } from '../../small-house.ts'

test('what was found long ago goes, but for the newest that says something', async (t: TestContext) => {
  const { ctx } = await smallHouse(t)
  const { id: project_id } = await createProject(ctx, { key: 'platform', name: 'Platform', kind: 'infra' })
  const [one, other] = await Promise.all(
    ['one', 'other'].map((name) => createEnvironment(ctx, { project_id, name })),
  )
  const newId = orderedIds(() => new Date(ctx.now().getTime() - 500 * 86_400_000))
  const write = (environment_id: string, outcome: DriftRow['outcome'], id = newId()) =>
    insertDrift(ctx.db, {
      ...{
        id,
        environment_id,
        run_id: null,
        deployment_id: null,
        outcome,
        items: [],
        drifted: 0,
        ignored: 0,
      },
      ...{ state_version: null, detail: null, created_at: ctx.now() },
    })
  for (const outcome of ['drifted', 'clean', 'failed'] as const) await write(one!.id, outcome)
  for (const outcome of ['drifted', 'skipped'] as const) await write(other!.id, outcome)
  await write(other!.id, 'clean', ctx.newId())
  assert.equal(await pruneDrift(ctx), 3)
  const left = async (id: string) => (await listDrift(ctx.db, id, { limit: 9 })).map(({ outcome }) => outcome)
  assert.deepEqual([await left(one!.id), await left(other!.id)], [['failed', 'clean'], ['clean']])
})
