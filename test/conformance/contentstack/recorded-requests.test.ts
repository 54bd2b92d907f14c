import { existsSync, readFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { allEndpoints } from '#surfaces/contentstack/endpoints/all.ts'
import type { Endpoint } from '#surfaces/contentstack/endpoints/endpoint.ts'
import { openStack, upload, type TestStack } from './open-stack.ts'
import { recordedContent } from './recorded-content.ts'
import { recordedReleases } from './recorded-releases.ts'
import { recordedStacks } from './recorded-stacks.ts'

test('every request that the SDKs were recorded to send is answered as they read it', async (t: TestContext) => {
  const stack = await openStack(t)
  for (const { call, method, url, body, headers, status, notice, reads } of [
    ...recordedReleases,
    ...recordedContent,
    ...recordedStacks,
  ]) {
    const fill = await placeholders(stack)
    const answer = await stack.ask(
      method,
      fill(url),
      body === undefined ? undefined : fill(JSON.stringify(body)),
      headers,
    )
    const said = `${call}: ${JSON.stringify(answer.body)}`
    t.assert.equal(answer.status, status, said)
    if (notice !== undefined) t.assert.equal(answer.body.notice, notice, call)
    if (reads !== undefined) t.assert.ok(answer.body[reads] !== undefined, said)
    if (status >= 400) {
      t.assert.equal(typeof answer.body.error_message, 'string', said)
      t.assert.equal(typeof answer.body.error_code, 'number', said)
      t.assert.equal(typeof answer.body.errors, 'object', said)
    }
    if (status === 404) t.assert.match(answer.body.error_message, /is not built/, said)
  }
})

let counter = 0

/** A fresh entry, asset and release with the entry in it, for each request. */
async function placeholders({
  ask,
  house,
  authtoken,
  api_key,
}: TestStack): Promise<(text: string) => string> {
  counter += 1
  const made = await ask('POST', '/content_types/page/entries', { entry: { title: `Entry ${counter}` } })
  const entry: string = made.body.entry.uid
  const { asset } = (await upload(house.url, { authtoken, api_key })).body
  const { release } = (await ask('POST', '/releases', { release: { name: `Release ${counter}` } })).body
  await ask('POST', `/releases/${release.uid}/item`, {
    item: { uid: entry, version: 1, locale: 'en-us', content_type_uid: 'page', action: 'publish' },
  })
  const target = (await ask('POST', '/releases', { release: { name: `Target ${counter}` } })).body.release
  const values: Record<string, string> = {
    target: target.uid,
    ...{ entry, asset: asset.uid, release: release.uid, other: `other_${counter}` },
    soon: new Date(Date.now() + 86_400_000).toISOString(),
  }
  return (text) => text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}

/** The recording itself is no part of the project. */
const recording = '/work/shared/spec/contentstack-sdk-requests.json'
const absent = existsSync(recording) ? false : `THE RECORDING IS NOT HERE: ${recording}`

test(
  'every recorded address is one of the endpoints, built or named as absent',
  { skip: absent },
  (t: TestContext) => {
    const { management, delivery } = JSON.parse(readFileSync(recording, 'utf8')) as Record<string, Call[]>
    const known = Object.values(allEndpoints).flatMap((table): Endpoint[] => Object.values(table))
    const serves = (method: string, path: string) =>
      known.some((endpoint) => endpoint.method === method && shapeOf(endpoint.path).test(path))
    const unknown = [...management!, ...delivery!]
      .flatMap(({ requests = [] }) => requests)
      .map(({ method, url }) => ({ method, path: url.split('?')[0]! }))
      .filter(({ path }) => path.startsWith('/v3/'))
      .filter(({ method, path }) => !serves(method, path.slice(3).replace(/\/$/, '')))
    t.assert.deepEqual(unknown, [])
  },
)

interface Call {
  requests?: { method: string; url: string }[]
}

function shapeOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`)
}
