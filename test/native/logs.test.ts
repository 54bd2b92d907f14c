import { test, type TestContext } from 'node:test'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import type { LogLine } from '#api/log.ts'
import type { Run } from '#api/run.ts'
import { waitUntil } from '../engine/wait-until.ts'
import { openSite, type Site } from './site.ts'

/** A site whose staging deploys by a script of the test's own. */
async function commandSite(t: TestContext, script: string): Promise<Site> {
  const site = await openSite(t)
  const file = join(site.place.dataDir, 'deploy.sh')
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
  const deploy = `{ executor: command, command: ["${file}"], environment: { KEY: { env: DEPLOY_KEY } } }`
  const yaml = `projects: [{ key: site, kind: content, environments: [{ name: staging, deploy: ${deploy} }] }]`
  const variables = { DEPLOY_KEY: 'very-secret-key' }
  const { changes } = await site.client.applyConfiguration({ yaml, variables })
  t.assert.deepStrictEqual(changes, ['~ environment site/staging deploy'])
  t.assert.deepStrictEqual((await site.client.applyConfiguration({ yaml, variables })).changes, [])
  return site
}

/** Follows a log until it ends, or until so many lines came. */
async function follow(
  site: Site,
  path: string,
  { last, lines = Infinity }: { last?: number; lines?: number } = {},
) {
  const headers = {
    accept: 'text/event-stream',
    ...(last === undefined ? {} : { 'last-event-id': String(last) }),
  }
  const abort = new AbortController()
  const response = await site.ask(path, { headers, signal: abort.signal })
  const got: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (event) => void got.push(event) })
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    parser.feed(chunk)
    if (got.length >= lines) break
  }
  abort.abort()
  return got
}

test('the log of a deployment is followed as it is said, gone on with after Last-Event-ID, and ends', async (t: TestContext) => {
  const go = 'go-on'
  const site = await commandSite(
    t,
    `echo first; while [ ! -f "$0.${go}" ]; do sleep 0.05; done; echo "key $KEY"`,
  )
  const release = await site.release('One', [await site.write('one', 'One')])
  const asked = await site.client.deploy('site', 'staging', { release })
  const path = `/headgate/v1/deployments/${asked.id}/log`
  const begin = await follow(site, path, { lines: 6 })
  const texts = begin.map(({ data }) => (JSON.parse(data) as LogLine).text)
  t.assert.deepStrictEqual(texts, [
    'requested',
    'queued',
    'planning',
    'planned (1 publish)',
    'applying, by command',
    'first',
  ])
  const rest = follow(site, path, { last: Number(begin.at(-1)!.id) })
  await writeFile(join(site.place.dataDir, `deploy.sh.${go}`), '')
  const events = await rest
  t.assert.deepStrictEqual(
    events.map(({ event, data }) => event ?? (JSON.parse(data) as LogLine).text),
    ['key •••', 'succeeded', 'end'],
  )
  t.assert.deepStrictEqual(
    events.slice(0, 2).map(({ id }) => id),
    ['7', '8'],
  )

  const page = await site.client.getDeploymentLog(asked.id, { limit: 5 })
  t.assert.deepStrictEqual([page.items.length, page.next, page.final], [5, '5', true])
  const next = await site.client.getDeploymentLog(asked.id, { limit: 5, after: page.next! })
  t.assert.deepStrictEqual([next.items.at(-1)?.text, next.next], ['succeeded', null])
})

test('a check runs the command of an environment with HEADGATE_CHECK=1; its run has a log, and can be canceled', async (t: TestContext) => {
  const site = await commandSite(t, 'echo "check $HEADGATE_CHECK in $HEADGATE_ENVIRONMENT"; sleep 600')
  const asked = await site.ask('/headgate/v1/projects/site/environments/staging/check', { method: 'POST' })
  t.assert.strictEqual(asked.status, 201)
  const run = (await asked.json()) as Run
  t.assert.strictEqual(asked.headers.get('location'), `/headgate/v1/runs/${run.id}`)
  t.assert.deepStrictEqual([run.state, run.kind, run.allowed_actions], ['queued', 'check', ['cancel']])
  const said = async () =>
    (await site.client.getRunLog(run.id)).items.map(({ stream, text }) => `${stream} ${text}`)
  await waitUntil(async () => (await said()).includes('stdout check 1 in staging'))
  t.assert.strictEqual((await site.client.cancelRun(run.id)).state, 'canceling')
  await waitUntil(async () => (await site.client.getRun(run.id)).state === 'canceled')
  t.assert.match((await said()).at(-1)!, /^engine canceled/)
  await t.assert.rejects(site.client.cancelRun(run.id), /is canceled/)
  t.assert.deepStrictEqual((await site.client.listRuns('site', { state: 'queued' })).items, [])
  t.assert.deepStrictEqual((await site.client.listLive('site', 'staging')).items, [])
})

test('a deployment that touched our store alone has a log too', async (t: TestContext) => {
  const site = await openSite(t)
  const release = await site.release('One', [await site.write('one', 'One')])
  const done = await site.ended(await site.client.deploy('site', 'staging', { release }))
  const { items, final } = await site.client.getDeploymentLog(done.id)
  t.assert.deepStrictEqual(
    items.map(({ text }) => text),
    ['requested', 'queued', 'planning', 'succeeded (1 done)'],
  )
  t.assert.ok(final)
})

test('one credential may follow fifty logs at once, and leaves room for others', async (t: TestContext) => {
  const site = await commandSite(t, 'sleep 300')
  const release = await site.release('One', [await site.write('one', 'One')])
  const { id } = await site.client.deploy('site', 'staging', { release })
  const abort = new AbortController()
  const open = () =>
    site.ask(`/headgate/v1/deployments/${id}/log`, {
      headers: { accept: 'text/event-stream' },
      signal: abort.signal,
    })
  const statuses = (await Promise.all(Array.from({ length: 51 }, open))).map(({ status }) => status)
  t.assert.strictEqual(statuses.filter((status) => status === 200).length, 50)
  abort.abort()
  await site.client.cancelDeployment(id)
})
