import { test, type TestContext } from 'node:test'
import { removeEnvironment } from '#app/environments/remove-environment.ts'
import { assignExternal, resolveExternal } from '#app/external-ids/resolve-external.ts'
import { createToken } from '#app/identity/create-token.ts'
import { removeToken } from '#app/identity/remove-token.ts'
import { removeRelease } from '#app/releases/remove-release.ts'
import { warehouse } from '../../engine/warehouse.ts'

test('what is removed gives its external ids back', async (t: TestContext) => {
  const house = await warehouse(t, { environments: 2 })
  const { ctx, project, environments } = house
  const project_id = project.id
  const { token } = await createToken(ctx, {
    ...{ kind: 'service', user_id: null, project_id, name: 'ci', scopes: ['*'] },
  })
  const release = await house.release({})
  const [environment, other] = environments
  const gone: [string, string, () => Promise<void>][] = [
    [
      'environment',
      environment!.id,
      () => removeEnvironment(ctx, { project_id, environment_id: environment!.id }),
    ],
    ['token', token.id, () => removeToken(ctx, { token_id: token.id, project_id })],
    ['release', release.id, () => removeRelease(ctx, { project_id, release_id: release.id })],
  ]
  await assignExternal(ctx.db, 'vendor', 'environment', other!.id, 'stays')
  for (const [kind, id, remove] of gone) {
    t.assert.ok(await assignExternal(ctx.db, 'vendor', kind, id, 'fixed'))
    t.assert.strictEqual(await resolveExternal(ctx, 'vendor', kind, 'fixed'), id)
    await remove()
    t.assert.strictEqual(await resolveExternal(ctx, 'vendor', kind, 'fixed'), undefined, kind)
    t.assert.ok(await assignExternal(ctx.db, 'vendor', kind, ctx.newId(), 'fixed'), kind)
  }
  t.assert.strictEqual(await resolveExternal(ctx, 'vendor', 'environment', 'stays'), other!.id)
})
