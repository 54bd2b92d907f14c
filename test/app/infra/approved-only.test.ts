import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { updateEnvironment } from '#app/environments/update-environment.ts'
import { ProblemError } from '#client/problem-error.ts'
import { sharedInfraHouse, terraformOrSkip } from '../../infra-house.ts'

const house = sharedInfraHouse()

const one = (content: string) => ({ type: 'config', name: 'one', spec: { content } })

test('the hook is asked of everything that changes something, also of what goes back and of the end', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { clients, platform, untilOver } = house()
  const site = await platform({ resources: [one('1')] })
  const hooks = join(site.folders.blueprint, 'pre_release_hooks')
  const allow = join(site.folders.blueprint, '..', 'allow')
  mkdirSync(hooks)
  writeFileSync(
    join(hooks, 'pre_release_hook.sh'),
    `grep -q '"CREATE"' "$1" || test -f ${allow} || { echo never; exit 1; }\n`,
  )
  const first = await site.released('prod')
  t.assert.equal(first.state, 'succeeded', first.failure_detail ?? '')
  site.write(one('2'))
  t.assert.equal((await site.released('prod')).failure_code, 'hook_refused')
  writeFileSync(allow, '')
  const second = await site.released('prod')
  t.assert.equal(second.state, 'succeeded', second.failure_detail ?? '')
  rmSync(allow)

  const { key } = site.project
  const back = await clients.admin.rollBackResource(key, 'prod', {
    ...{ type: 'config', resource: 'one', deployment: first.id },
  })
  t.assert.equal((await untilOver(back.id)).failure_code, 'hook_refused')
  const end = await clients.admin.deploy(key, 'prod', { destroy_all: true, allow_destroy: true })
  t.assert.equal((await untilOver(end.id)).failure_code, 'hook_refused')
  t.assert.equal(site.real('prod/one.config'), '2')
})

test('a revision that another environment of the name had is none of this one', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { ctx, platform } = house()
  const site = await platform({
    resources: [one('1')],
    environments: [{ name: 'prod' }, { name: 'next' }],
  })
  const { project, environments } = site
  const first = await site.released('prod')
  t.assert.equal(first.state, 'succeeded', first.failure_detail ?? '')
  const project_id = project.id
  const rename = (from: string, name: string) =>
    updateEnvironment(ctx, { project_id, environment_id: environments[from]!.id, name })
  await rename('prod', 'older')
  await rename('next', 'prod')
  const asked = site.release('prod', { revision: first.revision_number })
  await t.assert.rejects(asked, (error) => error instanceof ProblemError && error.problem.status === 404)
})
