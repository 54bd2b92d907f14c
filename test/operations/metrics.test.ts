import { test, type TestContext } from 'node:test'
import { createRelease } from '#app/releases/create-release.ts'
import { openHouse } from '../open-house.ts'
import { asPrincipal } from '#app/context.ts'

/** The value of a series, by its name and labels in any order. */
function valueOf(text: string, name: string, labels: Record<string, string> = {}): number | undefined {
  for (const line of text.split('\n')) {
    const [, found, said = '', value] = /^([a-z_]+)(?:\{([^}]*)\})? (\S+)$/.exec(line) ?? []
    if (found === name && Object.entries(labels).every(([key, label]) => said.includes(`${key}="${label}"`)))
      return Number(value)
  }
  return undefined
}

test('what is to be watched is there for whoever may read events of the instance, and for nobody else', async (t: TestContext) => {
  const { ask, house, client, clock } = await openHouse(t)
  const path = '/headgate/v1/metrics'
  t.assert.equal((await ask(path, { headers: { authorization: 'Bearer wrong' } })).status, 401)
  const { id: project_id } = await client.createProject({ key: 'site', kind: 'content' })
  const json = { name: 'bound', scopes: ['*'], project: 'site' }
  const bound = (await (await ask('/headgate/v1/tokens', { json })).json()) as { secret: string }
  const theirs = { authorization: `Bearer ${bound.secret}` }
  t.assert.equal((await ask(path, { headers: theirs })).status, 403)
  await createRelease(asPrincipal(house, null), { project_id: uuidOf(project_id), branch: 'main', name: 'x' })

  for (const odd of ['/headgate/v1/releases/rel_1', '/no/such/path/1', '/no/such/path/2']) await ask(odd)
  const answer = await ask(path)
  t.assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
  const text = await answer.text()
  const count = 'headgate_http_request_duration_seconds_count'
  t.assert.equal(valueOf(text, count, { route: '/headgate/v1/releases/:id', status: '404' }), 1)
  t.assert.equal(valueOf(text, count, { route: 'none', status: '404' }), 2, 'unknown paths make no series')
  t.assert.equal(valueOf(text, 'headgate_queue_deployments'), 0)
  t.assert.equal(valueOf(text, 'headgate_queue_oldest_seconds'), 0)
  t.assert.ok(valueOf(text, 'headgate_sealed_events')! >= 0)
  t.assert.ok(valueOf(text, 'nodejs_eventloop_lag_seconds')! >= 0)
  clock.now = new Date(clock.now.getTime() + 60_000)
  t.assert.ok(valueOf(await client.metrics(), 'headgate_unsealed_events')! >= 0)
})

const uuidOf = (shown: string) => shown.replace(/^prj_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
