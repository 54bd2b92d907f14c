import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { until } from '../../code-house.ts'
import { serve } from '../../ground/receiver.ts'
import { openDesk, type Answer, type OpenProject } from './open-desk.ts'

interface Deployment {
  release_candidate_version: string
  status: string
  error_message: string | null
  from_release_candidate_version: string | null
}

test('deployments that Headgate itself carries out', async (t: TestContext) => {
  const { call, open } = await openDesk(t)
  const folder = mkdtempSync(join(tmpdir(), 'headgate-doors-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  /** A command that waits until it is let go, and then ends with this status. */
  const gated = (name: string, status = 0) => {
    const gate = join(folder, name)
    const script = `while [ ! -e '${gate}' ]; do sleep 0.05; done; exit ${status}`
    const deploy = { executor: 'command', command: ['sh', '-c', script] }
    return { deploy, open: () => writeFileSync(gate, '') }
  }
  const said = ({ status, body }: Answer) => [status, body]
  const deploy = (project: OpenProject, release_candidate_version: string) =>
    call('POST', project.deployments('live'), { json: { release_candidate_version } })
  const report = (project: OpenProject, release_candidate_version: string, status: string) =>
    call('PATCH', project.deployments('live'), { json: { release_candidate_version, status } })
  const list = async (project: OpenProject) =>
    (await call('GET', project.deployments('live'))).body as Deployment[]
  const shown = async (project: OpenProject) =>
    (await list(project)).map((one) => [one.release_candidate_version, one.status])
  const becomes = (project: OpenProject, wanted: [string, string][]) =>
    until(
      () => shown(project),
      (now) => JSON.stringify(now) === JSON.stringify(wanted),
      JSON.stringify(wanted),
    )

  await t.test('run one after the other, and are reported on by nobody else', async () => {
    const door = gated('one')
    const project = await open({ environments: [{ name: 'live', deploy: door.deploy }] })
    for (const number of [1, 2]) await project.create(`1.0.0-rc${number}`)
    await deploy(project, '1.0.0-rc1')
    await becomes(project, [['1.0.0-rc1', 'in_progress']])
    t.assert.equal((await deploy(project, '1.0.0-rc2')).status, 201)
    t.assert.deepEqual(await shown(project), [
      ['1.0.0-rc2', 'pending'],
      ['1.0.0-rc1', 'in_progress'],
    ])
    // Asked for twice, it is one; and the command alone knows how it ends.
    await deploy(project, '1.0.0-rc1')
    for (const word of ['success', 'failure', 'canceled'])
      t.assert.equal((await report(project, '1.0.0-rc1', word)).status, 409)
    t.assert.equal((await report(project, '1.0.0-rc1', 'in_progress')).status, 200)
    door.open()
    await becomes(project, [
      ['1.0.0-rc2', 'success'],
      ['1.0.0-rc1', 'success'],
    ])
    t.assert.equal((await report(project, '1.0.0-rc2', 'success')).status, 200)
    t.assert.equal((await report(project, '1.0.0-rc2', 'failure')).status, 409)
  })

  await t.test('say that they failed, and how', async () => {
    const environments = [{ name: 'live', deploy: { executor: 'command', command: ['sh', '-c', 'exit 3'] } }]
    const project = await open({ environments })
    await project.create('1.0.0-rc1')
    await deploy(project, '1.0.0-rc1')
    await becomes(project, [['1.0.0-rc1', 'failure']])
    t.assert.match((await list(project))[0]!.error_message ?? '', /3/)
  })

  await t.test('are stopped by a rollback, which deploys what was there', async () => {
    const environment = {
      name: 'live',
      deploy: { executor: 'command', command: ['sh', '-c', script(folder)] },
    }
    const project = await open({ environments: [environment] })
    const commit = project.commit()
    for (const number of [1, 2, 3]) await project.create(`1.0.0-rc${number}`, commit)
    await deploy(project, '1.0.0-rc1')
    await becomes(project, [['1.0.0-rc1', 'success']])
    // It hangs, and one more waits behind it.
    await deploy(project, '1.0.0-rc2')
    await deploy(project, '1.0.0-rc3')
    await becomes(project, [
      ['1.0.0-rc3', 'pending'],
      ['1.0.0-rc2', 'in_progress'],
      ['1.0.0-rc1', 'success'],
    ])
    const { status, body } = await call('POST', project.rollback('live'))
    t.assert.equal(status, 201)
    t.assert.deepEqual((body as Deployment).release_candidate_version, '1.0.0-rc1')
    t.assert.deepEqual((body as Deployment).status, 'pending')
    await becomes(project, [
      ['1.0.0-rc1', 'success'],
      ['1.0.0-rc3', 'canceled'],
      ['1.0.0-rc2', 'canceled'],
      ['1.0.0-rc1', 'success'],
    ])
  })

  await t.test('are refused of a candidate that is not built', async () => {
    const door = gated('build', 1)
    const project = await open({ build: door.deploy, environments: [{ name: 'live' }] })
    const json = { repo: `acme/${project.shop.project.key}`, commit: project.commit() }
    await call('POST', project.releases('1.0.0-rc1'), { json: { ...json, trigger_build_workflow: true } })
    const refused = async () => {
      const { status, body } = await deploy(project, '1.0.0-rc1')
      const { error, message } = body as { error: string; message: string }
      t.assert.deepEqual([status, error], [400, 'Release candidate is not ready'])
      return message
    }
    t.assert.match(await refused(), /1\.0\.0-rc1 is being built/)
    door.open()
    await until(refused, (message) => message.includes('its build failed'), 'the end of the build')
    t.assert.deepEqual(await list(project), [])
  })

  await t.test('in the hands of somebody outside take their reports', async () => {
    let orders = 0
    const { port } = await serve(t, (_request, response) => {
      orders += 1
      response.writeHead(202).end('{}')
    })
    const deployer = { executor: 'webhook', url: `http://127.0.0.1:${port}/run` }
    const project = await open({ environments: [{ name: 'live', deploy: deployer }] })
    await project.create('1.0.0-rc1')
    await deploy(project, '1.0.0-rc1')
    await until(
      async () => orders,
      (count) => count === 1,
      'the order',
    )
    await becomes(project, [['1.0.0-rc1', 'in_progress']])
    t.assert.deepEqual(said(await report(project, '1.0.0-rc1', 'in_progress'))[0], 200)
    t.assert.equal(((await report(project, '1.0.0-rc1', 'success')).body as Deployment).status, 'success')
    t.assert.equal((await report(project, '1.0.0-rc1', 'success')).status, 200)
    t.assert.equal((await list(project)).length, 1)
    // What is begun again by other means, or ends otherwise in the end, is told beside what was seen.
    t.assert.equal((await report(project, '1.0.0-rc1', 'failure')).status, 200)
    t.assert.deepEqual(await shown(project), [
      ['1.0.0-rc1', 'failure'],
      ['1.0.0-rc1', 'success'],
    ])
  })
})

/** Hangs for the second candidate, and takes no time for any other. */
function script(folder: string): string {
  return `case "$AVIATOR_RELEASE_CANDIDATE_VERSION" in *-rc2) while [ ! -e '${folder}/never' ]; do sleep 0.05; done;; esac`
}
