import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freshPlace } from '../fresh-store.ts'
import { serve } from '../ground/receiver.ts'
import { startServer } from '../server-process.ts'
import { call } from './client.ts'
import { prepare } from './load.ts'

const items = 150
/** In hand of one webhook at once. Where other processes may live, what one held when it died waits a minute. */
const inHand = 4
const channel = 'content_types.entries.environments.publish.success'

test(`a release of ${items} entries is told entry by entry, each under one id, over a kill -9`, async (t: TestContext) => {
  const place = await freshPlace()
  const got: { id: string; uid: string }[] = []
  const { port } = await serve(t, (request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const { data } = JSON.parse(text) as { data: { entry: { uid: string } } }
      got.push({ id: String(request.headers['webhook-id']), uid: data.entry.uid })
      response.writeHead(200).end()
    })
  })
  const settings = { HEADGATE_OUTGOING_ALLOW: '127.0.0.1' }
  let server = await startServer(place, ['one'], settings)
  t.after(async () => {
    await server.kill()
    await place.remove()
  })
  await prepare(server.url)
  const destinations = [{ target_url: `http://127.0.0.1:${port}/` }]
  const webhook = { name: 'all', destinations, channels: [channel], retry_policy: 'automatic' }
  const made = await call<{ webhook: { uid: string } }>(server.url, 'POST', '/v3/webhooks', { webhook })
  const uids: string[] = []
  for (let n = 0; n < items; n += 1) {
    const { entry } = await call<{ entry: { uid: string } }>(
      server.url,
      'POST',
      '/v3/content_types/article/entries',
      { entry: { title: `Entry ${n}` } },
    )
    uids.push(entry.uid)
  }
  const { release } = await call<{ release: { uid: string } }>(server.url, 'POST', '/v3/releases', {
    release: { name: 'all' },
  })
  for (let at = 0; at < items; at += 25)
    await call(server.url, 'POST', `/v3/releases/${release.uid}/items`, {
      items: uids.slice(at, at + 25).map((uid) => ({ uid, content_type_uid: 'article', version: 1 })),
    })
  await call(server.url, 'POST', `/v3/releases/${release.uid}/deploy`, { release: { environments: ['one'] } })
  while (got.length < 40) await sleep(2)
  await server.kill()
  server = await startServer(place, ['one'], settings)
  const told = () => new Set(got.map(({ uid }) => uid)).size
  for (let n = 0; n < 1000 && told() < items; n += 1) await sleep(100)
  t.assert.equal(told(), items)
  const ids = new Map(got.map(({ uid, id }) => [uid, id]))
  t.assert.ok(
    got.every(({ uid, id }) => ids.get(uid) === id),
    'one id for each entry',
  )
  t.assert.ok(got.length <= items + inHand, `${got.length} messages: only what was in hand may come twice`)
  const executed = async (skip: number) => {
    const path = `/v3/webhooks/${made.webhook.uid}/executions?skip=${skip}`
    const { webhooks } = await call<{ webhooks: Executed[] }>(server.url, 'GET', path)
    return webhooks.map(({ event_data, uid }) => event_data.data?.entry.uid ?? uid)
  }
  const messages = [...(await executed(0)), ...(await executed(100))]
  t.assert.deepEqual([messages.length, new Set(messages).size], [items, items])
})

interface Executed {
  uid: string
  /** Empty before the first attempt. */
  event_data: { data?: { entry: { uid: string } } }
}
