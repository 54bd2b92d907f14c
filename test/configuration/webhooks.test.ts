import { test, type TestContext } from 'node:test'
import { Webhook as Verifier } from 'standardwebhooks'
import type { Webhook } from '#api/webhook.ts'
import { eventually } from '../conformance/contentstack/open-stack.ts'
import { serve } from '../ground/receiver.ts'
import { openHouse, type TestHouse } from '../open-house.ts'

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const other = `whsec_${Buffer.alloc(32, 2).toString('base64')}`

async function apply(house: TestHouse, webhook: string, HOOK = secret) {
  const yaml = `
projects:
  - { key: site, kind: content, environments: [{ name: production }] }
webhooks:
  - ${webhook}
`
  const response = await house.ask('/headgate/v1/configuration', { json: { yaml, variables: { HOOK } } })
  return { status: response.status, body: (await response.json()) as { changes: string[] } & Refusal }
}

interface Refusal {
  faults: { field: string; detail: string }[]
}

test('a webhook of the file is made once, changed where it differs, and may be at a private address', async (t: TestContext) => {
  const house = await openHouse(t)
  const got: { body: string; headers: Record<string, string> }[] = []
  const { port } = await serve(t, (request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      got.push({ body, headers: request.headers as Record<string, string> })
      response.writeHead(204).end()
    })
  })
  const url = `http://127.0.0.1:${port}/hush`
  const said = (more = '') =>
    `{ name: chat, url: "${url}", kinds: [release.created], project: site, secret: { env: HOOK }${more} }`
  const first = (await apply(house, said())).body.changes
  t.assert.deepEqual(
    first.filter((line) => line.includes('webhook')),
    ['+ webhook chat'],
  )
  t.assert.deepEqual((await apply(house, said())).body.changes, [])
  t.assert.deepEqual((await apply(house, said(), other)).body.changes, ['~ webhook chat'])
  t.assert.deepEqual((await apply(house, said(', description: news'))).body.changes, ['~ webhook chat'])
  await house.client.createRelease('site', { name: 'one' })
  await eventually(async () => t.assert.equal(got.length, 1))
  new Verifier(secret).verify(got[0]!.body, got[0]!.headers)
  t.assert.ok(!JSON.stringify(await house.client.listEvents({ limit: 100 })).includes('hush'))

  // Whoever turns it elsewhere has not written the file: a private address is refused there.
  const [webhook] = (
    (await (await house.ask('/headgate/v1/webhooks?project=site')).json()) as { items: Webhook[] }
  ).items
  const turn = (to: string) =>
    house.ask(`/headgate/v1/webhooks/${webhook!.id}`, { method: 'PATCH', json: { url: to } })
  t.assert.equal((await turn(`http://127.0.0.1:${port}/elsewhere`)).status, 422)
  t.assert.equal((await turn('https://hooks.example.com/')).status, 200)
  t.assert.deepEqual((await apply(house, said(', description: news'))).body.changes, ['~ webhook chat'])

  for (const [wrong, field] of [
    [said(', environments: [nowhere]'), 'environments.0'],
    [said().replace('project: site', 'project: other'), 'project'],
    [said().replace('release.created', 'release.exploded'), 'kinds.0'],
    [said().replace('http:', 'ftp:'), 'url'],
    [said().replace('{ env: HOOK }', 'short'), 'secret'],
    [said().replace('project: site, ', ''), 'project'],
    [`${said()}\n  - ${said()}`, '1'],
  ] as const) {
    const { status, body } = await apply(house, wrong)
    t.assert.equal(status, 422)
    t.assert.ok(body.faults[0]?.field.startsWith('webhooks.'), JSON.stringify(body))
    t.assert.ok(body.faults[0]?.field.endsWith(field), JSON.stringify(body.faults))
  }
})
