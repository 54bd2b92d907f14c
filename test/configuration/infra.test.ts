import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { applyConfiguration } from '#app/configuration/apply-configuration.ts'
import type { Context } from '#app/context.ts'
import { checkBlueprint } from '#app/infra/check-blueprint.ts'
import { getInfraSettings } from '#app/infra/get-infra-settings.ts'
import { listVariables } from '#app/infra/list-variables.ts'
import { requestInfraDeployment } from '#app/infra/request-infra-deployment.ts'
import { isDomainError } from '#domain/errors.ts'
import { listEnvironments } from '#store/environment.ts'
import { listInfraVariables } from '#store/infra-variable.ts'
import { findProjectByKey } from '#store/project.ts'
import { configuration } from '#surfaces/facets/configuration.ts'
import { codeRepository } from '../code-repository.ts'
import { usualModules } from '../infra-modules.ts'
import { smallHouse } from '../small-house.ts'

const text = (infra: string, environment = 'name: prod') =>
  `projects:\n- key: platform\n  kind: infra\n  infra: { ${infra} }\n  environments: [{ ${environment} }]\n`

async function apply(ctx: Context, yaml: string): Promise<string[] | string> {
  const file = { text: yaml, file: 'h.yaml', folder: '/srv/headgate', environment: { KEY: 'top-secret' } }
  return applyConfiguration(ctx, [configuration], file).catch((error: unknown) => {
    if (!isDomainError(error, 'invalid')) throw error
    return error.details.faults.map(({ detail }) => detail).join('; ')
  })
}

async function placeIn(ctx: Context) {
  const { id: project_id } = (await findProjectByKey(ctx.db, 'platform'))!
  const [environment] = await listEnvironments(ctx.db, project_id)
  return { project_id, environment_id: environment!.id }
}

test('what infrastructure releases from is declared once, with its secrets sealed, and then changes nothing', async (t: TestContext) => {
  const { ctx, jobs } = await smallHouse(t)
  const infra =
    'stack: plat, blueprint: { path: ./blueprint }, modules: { url: "https://git.example.com/m.git", branch: main, folder: "./a//b/", credential: { env: KEY } }, environments: { prod: { cloud: AWS, release_stream: PROD, facts: { cluster_code: p1 } } }'
  const environment =
    'name: prod, id: 62b1c8f2a3d4e5f601234567, variables: { REGION: eu }, secrets: { PASSWORD: { env: KEY } }, drift: { cron: "0 * * * *" }, deploy: { executor: terraform, environment: { TOKEN: { env: KEY } } }'
  const yaml = text(infra, environment)
  t.assert.deepEqual(await apply(ctx, yaml), [
    '+ project platform',
    '+ environment platform/prod',
    '+ variable platform/prod REGION',
    '+ secret platform/prod PASSWORD',
    '~ environment platform/prod drift',
    '+ stack plat (platform)',
    '+ repository platform/modules (platform)',
    '~ project platform infra blueprint, modules',
    '+ environment prod id 62b1c8f2a3d4e5f601234567 (platform)',
    '~ environment platform/prod infra (platform)',
  ])
  t.assert.deepEqual(await apply(ctx, yaml), [])
  const place = await placeIn(ctx)
  const settings = await getInfraSettings(ctx, place)
  t.assert.equal(settings.blueprint.path, '/srv/headgate/blueprint')
  t.assert.deepEqual([settings.modules.repository, settings.modules.folder], ['platform/modules', 'a/b'])
  t.assert.deepEqual(
    settings.environments.map(({ cloud, release_stream, facts, next_drift_at }) => [
      ...[cloud, release_stream, facts, next_drift_at?.getUTCMinutes()],
    ]),
    [['AWS', 'PROD', { cluster_code: 'p1' }, 0]],
  )
  t.assert.equal(jobs.filter(({ name }) => name === 'detect-drift').length, 1)
  t.assert.doesNotMatch(JSON.stringify(await listInfraVariables(ctx.db, place.environment_id)), /top-secret/)
  t.assert.deepEqual(
    (await listVariables(ctx, place)).map(({ name, value }) => [name, value]),
    [
      ['PASSWORD', null],
      ['REGION', 'eu'],
    ],
  )
  t.assert.match(String(await apply(ctx, text('stack: other'))), /stack is plat since/)
})

test('what cannot be is refused with its line', async (t: TestContext) => {
  const { ctx } = await smallHouse(t)
  const refused = async (infra: string, environment: string, why: RegExp) =>
    t.assert.match(String(await apply(ctx, text(infra, environment))), why)
  await refused('blueprint: {}', 'name: prod', /^h\.yaml:4: .*infra\.blueprint is either a path/)
  await refused(
    'blueprint: { path: a, branch: b }',
    'name: prod',
    /infra\.blueprint\.branch goes with the url/,
  )
  await refused(
    'modules: { url: "https://x/y.git", folder: "../up" }',
    'name: prod',
    /infra\.modules\.folder must be/,
  )
  await refused('environments: { dev: { cloud: AWS } }', 'name: prod', /'dev' is no environment/)
  await refused('environments: { prod: { cloud: MARS } }', 'name: prod', /cloud/)
  await refused('', 'name: prod, drift: { cron: "whenever" }', /drift\.cron must be five fields/)
  await refused('', 'name: prod, variables: { A: b }, secrets: { A: c }', /secrets\.A is among the variables/)
  await refused(
    '',
    'name: prod, deploy: { executor: terraform, command: [x] }',
    /command is no key of terraform/,
  )
  t.assert.equal(await findProjectByKey(ctx.db, 'platform'), undefined)
})

test('a blueprint of a repository is released as its branch is now, at the commit that was read', async (t: TestContext) => {
  const { ctx } = await smallHouse(t)
  const repository = codeRepository(t)
  const modules = Object.entries(usualModules).flatMap(([folder, files]) =>
    Object.entries(files).map(([path, code]) => [join('modules', folder, path), code]),
  )
  const resource = (content: string) =>
    JSON.stringify({ kind: 'config', flavor: 'default', version: '0.1', spec: { content } })
  const file = 'infra/config/instances/one.json'
  repository.commit('first', {
    ...Object.fromEntries(modules),
    'infra/stack.json': '{}',
    [file]: resource('1'),
  })
  const source = (folder: string) => `{ url: "${repository.url}", folder: ${folder} }`
  await apply(ctx, text(`blueprint: ${source('infra')}, modules: ${source('modules')}`))
  const place = await placeIn(ctx)
  const first = await requestInfraDeployment(ctx, place)
  t.assert.deepEqual([first.state, first.source_commit], ['queued', repository.head()])
  // The same again is the same revision, of the same line.
  const same = await requestInfraDeployment(ctx, { ...place, trace_id: 'ci-7' })
  t.assert.deepEqual([same.revision_id, same.trace_id, same.refresh], [first.revision_id, 'ci-7', true])
  repository.commit('second', { [file]: resource('2') })
  const second = await requestInfraDeployment(ctx, { ...place, refresh: false })
  t.assert.deepEqual(
    [second.source_commit, second.release_id, second.revision_number, second.refresh],
    [repository.head(), first.release_id, 2, false],
  )
  t.assert.equal(second.release_name, 'prod')
  repository.commit('third', { [file]: '{ "kind": ' })
  const check = await checkBlueprint(ctx, place)
  t.assert.deepEqual(check.commit, repository.head())
  const third = await requestInfraDeployment(ctx, place)
  t.assert.equal(third.state, 'invalid')
  t.assert.match(third.failure_detail ?? '', /^config\/instances\/one\.json:1: /)
  repository.remove()
  await t.assert.rejects(requestInfraDeployment(ctx, place), /repository_unreachable/)
})

test('the first releases of an environment, asked for at once, are of one line', async (t: TestContext) => {
  const { ctx } = await smallHouse(t)
  await apply(ctx, text(''))
  const place = await placeIn(ctx)
  const made = await Promise.all(
    [1, 2, 3, 4].map(() => requestInfraDeployment(ctx, { ...place, destroy_all: true })),
  )
  t.assert.equal(new Set(made.map(({ release_id }) => release_id)).size, 1)
  t.assert.equal(new Set(made.map(({ revision_id }) => revision_id)).size, 1)
})
