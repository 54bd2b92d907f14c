import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { waitUntil } from '../engine/wait-until.ts'
import { freePort } from '../server-process.ts'
import { exampleOf } from './example-of.ts'
import { openSite } from '../native/site.ts'
import { secret } from './webhook/webhook-house.ts'

async function folderOf(t: TestContext): Promise<string> {
  // In the house's own folder, so that what the example imports is found.
  const folder = await mkdtemp(join(import.meta.dirname, '../../node_modules/.headgate-example-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('the example of docs/executors/command.md works', async (t: TestContext) => {
  const site = await openSite(t)
  const folder = await mkdtemp(join(tmpdir(), 'headgate-example-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'deploy.sh'), await exampleOf('command.md', 'sh'))
  await chmod(join(folder, 'deploy.sh'), 0o755)
  const yaml = (await exampleOf('command.md', 'yaml')).replace('/srv/site', folder)
  await site.client.applyConfiguration({ yaml, variables: { DEPLOY_TOKEN: 'a-token' } })
  const run = await site.client.checkEnvironment('site', 'staging')
  await waitUntil(async () => (await site.client.getRun(run.id)).state === 'succeeded')
  const key = await site.write('one', 'One')
  const done = await site.ended(
    await site.client.deploy('site', 'staging', { release: await site.release('One', [key]) }),
  )
  t.assert.strictEqual(done.state, 'succeeded', done.failure_detail ?? '')
  const plan = JSON.parse(await readFile(join(folder, 'deployed.json'), 'utf8'))
  t.assert.strictEqual(plan.items[0].key, key)
})

test('the example of docs/executors/webhook.md works', async (t: TestContext) => {
  const site = await openSite(t)
  const port = await freePort()
  const file = join(await folderOf(t), 'receiver.mjs')
  await writeFile(file, (await exampleOf('webhook.md', 'js')).replace('9000', String(port)))
  const receiver = spawn(process.execPath, [file], {
    env: { ...process.env, WEBHOOK_SECRET: secret },
    stdio: 'inherit',
  })
  t.after(async () => {
    receiver.kill()
    if (receiver.exitCode === null) await once(receiver, 'exit')
  })
  await waitUntil(() => answers(port))
  const yaml = (await exampleOf('webhook.md', 'yaml')).replace('9000', String(port))
  await site.client.applyConfiguration({ yaml, variables: { WEBHOOK_SECRET: secret } })
  const release = await site.release('One', [await site.write('one', 'One')])
  const done = await site.ended(await site.client.deploy('site', 'staging', { release }))
  t.assert.strictEqual(done.state, 'succeeded', done.failure_detail ?? '')
  const { items } = await site.client.getDeploymentLog(done.id)
  t.assert.ok(items.some(({ text }) => text === 'headgate.deploy: 1 items'))
})

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
