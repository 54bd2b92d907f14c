import { test, type TestContext } from 'node:test'
import { waitUntil } from '../engine/wait-until.ts'
import { ends, usualWorkflow } from '../executors/github-actions/github-house.ts'
import { gitHubStandIn } from '../executors/github-actions/stand-in.ts'
import { codeRepository } from '../code-repository.ts'
import { freshPlace } from '../fresh-store.ts'
import { startServer, type ServerProcess } from '../server-process.ts'
import { call } from './client.ts'
import { end } from './commands.ts'

const v1 = '/headgate/v1'

test('killed between the start of a workflow and its answer, in several environments: each has one run, and is followed to its end', async (t: TestContext) => {
  const place = await freshPlace()
  const gitHub = await gitHubStandIn(t, usualWorkflow)
  const repository = codeRepository(t)
  repository.commit('feat: begin', { 'README.md': 'A shop.\n' })
  let server: ServerProcess | undefined
  t.after(async () => {
    await server?.kill()
    await place.remove()
  })
  server = await startServer(place)
  const { url } = server
  const deploy = `{ executor: github-actions, workflow: deploy.yml, token: ${gitHub.token}, url: "${gitHub.url}" }`
  const names = ['one', 'two', 'three']
  const yaml = `
projects:
  - key: shop
    kind: code
    code: { repository: { name: acme/shop, url: "${repository.url}" }, versions: semver }
    environments: [${names.map((name) => `{ name: ${name}, deploy: ${deploy} }`).join(', ')}]
`
  await call(url, 'POST', `${v1}/configuration`, { yaml })
  const cut = await call<{ release_id: string }>(url, 'POST', `${v1}/projects/shop/cut`, {})
  gitHub.instead = (said) => (said === 'POST dispatches' ? { also: true, hang: true } : undefined)
  const ids: string[] = []
  for (const name of names) {
    const path = `${v1}/projects/shop/environments/${name}/deployments`
    ids.push((await call<{ id: string }>(url, 'POST', path, { release: cut.release_id })).id)
  }
  await waitUntil(() => gitHub.runs.length === names.length, 'a run for each')
  await server.kill()
  gitHub.instead = () => undefined
  for (const run of gitHub.runs) ends('success')(run)
  server = await startServer(place)
  for (const id of ids) t.assert.strictEqual((await end(server.url, id)).state, 'succeeded')
  t.assert.strictEqual(gitHub.runs.length, names.length, 'never twice')
  t.assert.strictEqual(gitHub.calls.filter((said) => said === 'POST dispatches').length, names.length)
  await server.stop()
  server = undefined
})
