import { test, type TestContext } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { allEndpoints as aviators } from '#surfaces/aviator/endpoints/all.ts'
import { allEndpoints as contentstacks } from '#surfaces/contentstack/endpoints/all.ts'
import { openHouse } from '../open-house.ts'

const stranger = { headers: { authorization: '' } }

test('every document is valid OpenAPI 3.1 and says how to sign in', async (t: TestContext) => {
  const { ask } = await openHouse(t)
  for (const name of ['native', 'contentstack', 'aviator']) {
    const response = await ask(`/docs/${name}.json`, stranger)
    t.assert.equal(response.status, 200)
    const document = (await response.json()) as { openapi: string; components: { securitySchemes: object } }
    t.assert.equal(document.openapi, '3.1.0')
    t.assert.ok(Object.keys(document.components.securitySchemes).length > 1)
    t.assert.deepEqual(await new Validator().validate(document), { valid: true }, name)
    const etag = response.headers.get('etag') as string
    const again = await ask(`/docs/${name}.json`, { headers: { authorization: '', 'if-none-match': etag } })
    t.assert.equal(again.status, 304)
  }
})

test('a vendor’s document is what is really served: what is absent is not in it', async (t: TestContext) => {
  const { ask } = await openHouse(t)
  const shapeOf = (method: string, path: string) =>
    `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}|:\w+/g, ':')}`
  for (const [name, root, endpoints] of [
    ['contentstack', '/v3', contentstacks],
    ['aviator', '', aviators],
  ] as const) {
    const { paths } = (await (await ask(`/docs/${name}.json`, stranger)).json()) as {
      paths: Record<string, Record<string, { description: string }>>
    }
    const told = new Set(
      Object.entries(paths).flatMap(([path, all]) => Object.keys(all).map((method) => shapeOf(method, path))),
    )
    const all = Object.values(endpoints).flatMap((table) => Object.values(table) as Listed[])
    const served = all.filter(({ state, elsewhere }) => state !== 'absent' && !elsewhere)
    const shapes = new Set(served.map(({ method, path }) => shapeOf(method, `${root}${path}`)))
    t.assert.deepEqual([...told].toSorted(), [...shapes].toSorted())
  }
})

interface Listed {
  method: string
  path: string
  state: string
  elsewhere?: boolean
}

test('the page at /docs loads nothing from anywhere else', async (t: TestContext) => {
  const { ask } = await openHouse(t)
  const page = await ask('/docs', stranger)
  const html = await page.text()
  t.assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
  const policy = page.headers.get('content-security-policy') ?? ''
  t.assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'/)
  t.assert.ok(!/script-src[^;]*unsafe/.test(policy) && !/https?:/.test(policy + html))
  const [, script = ''] = /src="(\/docs\/reader\/[^"]+)"/.exec(html) ?? []
  const sizes = []
  for (const coding of ['gzip', 'identity']) {
    const sent = await ask(script, { headers: { authorization: '', 'accept-encoding': coding } })
    t.assert.equal(sent.headers.get('cache-control'), 'public, max-age=31536000, immutable')
    t.assert.equal(sent.headers.get('content-encoding'), coding === 'gzip' ? 'gzip' : null)
    sizes.push((await sent.arrayBuffer()).byteLength)
  }
  t.assert.ok(sizes[0]! > 1_000_000 && sizes[0] === sizes[1])
  t.assert.equal((await ask(script.replace('reader/', 'reader/x'), stranger)).status, 404)
  const start = await (await ask('/docs/start.js', stranger)).text()
  for (const name of ['native', 'contentstack']) t.assert.ok(start.includes(`"/docs/${name}.json"`))
  // Everywhere else the policy stays strict.
  t.assert.match(
    (await ask('/docs/native.json', stranger)).headers.get('content-security-policy') ?? '',
    /^default-src 'none'/,
  )
  t.assert.equal((await ask('/docs/none', stranger)).status, 404)
  t.assert.equal(
    (await ask('/docs/native.json', { method: 'POST', headers: { authorization: '' } })).status,
    404,
  )
})
