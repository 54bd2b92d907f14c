import { test, type TestContext } from 'node:test'
import { shared } from '../share-house.ts'
import { sendRaw, smallHall } from './small-hall.ts'

const hall = shared(smallHall)

const json = { 'content-type': 'application/json' }

test('paths are matched tolerantly, and parameters keep their case', async (t: TestContext) => {
  const { ask } = hall()
  for (const path of ['/one/echo/Word', '/ONE/Echo/Word', '//one//echo/Word', '/one/echo/Word/']) {
    const { status, said } = await ask(path)
    t.assert.deepEqual([status, said.params], [200, { word: 'Word' }], path)
  }
})

test('the first surface that claims a path speaks, else the hall itself', async (t: TestContext) => {
  const { ask, url } = hall()
  const voices: [string, RequestInit, number, string | undefined][] = [
    ['/one/nothing', {}, 404, 'one'],
    ['/TWO//nothing/', {}, 404, 'two'],
    ['/nothing', {}, 404, undefined],
    ['/two/nothing', { method: 'POST', headers: json, body: '{' }, 404, 'two'],
    ['/nothing', { method: 'POST', headers: json, body: '{' }, 404, undefined],
    ['/two/nothing', { method: 'PUT', headers: { 'content-type': 'text/odd' }, body: 'x' }, 404, 'two'],
    ['/one/%ff', {}, 400, 'one'],
    ['/two/echo/%zz', {}, 400, 'two'],
  ]
  for (const [path, init, status, voice] of voices) {
    const answer = await ask(path, init)
    t.assert.deepEqual([answer.status, answer.said.voice], [status, voice], path)
    t.assert.match(answer.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
  }
  const plain = await fetch(`${url}/nothing`)
  t.assert.match(plain.headers.get('content-type') ?? '', /^application\/problem\+json/)
})

test('bodies are checked exactly', async (t: TestContext) => {
  const { ask } = hall()
  const post = (body: unknown) =>
    ask('/one/exact', { method: 'POST', headers: json, body: JSON.stringify(body) })
  t.assert.deepEqual((await post({ n: 1, s: 'abc' })).said.body, { n: 1, s: 'abc' })
  const faults = async (body: unknown) => {
    const { status, said } = await post(body)
    t.assert.deepEqual([status, said.code], [422, 'invalid'])
    return (JSON.parse(said.detail ?? '') as { faults: { field: string; fault: string }[] }).faults.map(
      ({ field, fault }) => `${field} ${fault}`,
    )
  }
  t.assert.deepEqual(await faults({ n: '1' }), ['n invalid'])
  t.assert.deepEqual(await faults({ n: 1.5 }), ['n invalid'])
  t.assert.deepEqual(await faults({}), ['n required'])
  t.assert.deepEqual(await faults({ n: 1, s: null }), ['s invalid'])
  t.assert.deepEqual(await faults({ n: 1, s: 'abcdef' }), ['s too_long'])
  t.assert.deepEqual(await faults({ n: 1, x: 1, y: 2 }), ['x unknown', 'y unknown'])
  t.assert.deepEqual(await faults([]), [' invalid'])
})

test('queries are read leniently', async (t: TestContext) => {
  const { ask } = hall()
  const query = async (text: string) => (await ask(`/one/echo/w${text}`)).said.query
  t.assert.deepEqual(await query(''), { n: 7 })
  t.assert.deepEqual(await query('?&n=10&b=true&l=x'), { n: 10, b: true, l: ['x'] })
  t.assert.deepEqual(await query('?l=x&l=y'), { n: 7, l: ['x', 'y'] })
  t.assert.equal((await ask('/one/echo/w?n=1.5')).status, 422)
  t.assert.match((await ask('/one/echo/w?n=x')).said.detail ?? '', /query\.n/)
  const raw = (await ask('/one/raw?only[BASE][]=title&only[BASE][]=url&q=%7B%22a%22%3A1%7D&__proto__=x')).said
    .query
  t.assert.deepEqual(Object.entries(raw as object).slice(0, 2), [
    ['only[BASE][]', ['title', 'url']],
    ['q', '{"a":1}'],
  ])
  for (const bad of ['?a=%00', '?a=%ff', '?a=%', '?a=%ed%a0%80'])
    t.assert.equal((await ask(`/one/raw${bad}`)).status, 400, bad)
})

test('a body comes with or without its content type, and may not be there', async (t: TestContext) => {
  const { ask, url } = hall()
  const bodies: [string, RequestInit, number, unknown][] = [
    ['POST', { headers: json, body: '{"a":1}' }, 200, { a: 1 }],
    [
      'POST',
      { headers: { 'content-type': 'application/vnd.api+json; charset=utf-8' }, body: '[1]' },
      200,
      [1],
    ],
    ['POST', {}, 200, 'none'],
    ['POST', { headers: json, body: '' }, 400, undefined],
    ['POST', { headers: { 'content-type': 'text/plain' }, body: '{}' }, 400, undefined],
    ['POST', { headers: { 'content-type': 'x' }, body: '{}' }, 400, undefined],
    ['POST', { headers: { ...json, 'content-encoding': 'gzip' }, body: '{}' }, 400, undefined],
    ['DELETE', {}, 200, 'none'],
    ['DELETE', { headers: json, body: '{"a":[]}' }, 200, { a: [] }],
    ['DELETE', { headers: json }, 400, undefined],
  ]
  for (const [method, init, status, body] of bodies) {
    const answer = await ask('/one/any', { method, ...init })
    t.assert.deepEqual([answer.status, answer.said.body], [status, body], `${method} ${JSON.stringify(init)}`)
  }
  const bare = 'DELETE /one/any HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 7\r\n\r\n{"a":2}'
  t.assert.match(await sendRaw(url, bare), /200 OK[\s\S]*\{"body":\{"a":2\}\}$/)
})

test('HEAD answers as GET does, OPTIONS says what there is, and nobody is let in from another site', async (t: TestContext) => {
  const { ask } = hall()
  const head = await ask('/one/echo/x', { method: 'HEAD' })
  t.assert.deepEqual([head.status, head.said], [200, { text: '' }])
  const options = await ask('/one/any', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } })
  t.assert.deepEqual([options.status, options.headers.get('allow')], [204, 'DELETE, OPTIONS, POST'])
  t.assert.equal(options.headers.get('access-control-allow-origin'), null)
  t.assert.equal((await ask('/one/nothing', { method: 'OPTIONS' })).status, 404)
  t.assert.equal((await ask('/one/any', { method: 'PUT' })).said.code, 'unmatched')
  t.assert.match(head.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  t.assert.equal(head.headers.get('x-content-type-options'), 'nosniff')
})

test('what breaks is logged under the request’s id, and told to nobody', async (t: TestContext) => {
  const { ask, log } = hall()
  const { status, said } = await ask('/one/broken')
  t.assert.deepEqual([status, said.code, said.detail], [500, 'internal', ''])
  const line = log.text.split('\n').find((one) => one.includes('the cause'))
  t.assert.equal(JSON.parse(line ?? '{}').request_id, said.id)
})

test('the log holds no credential', async (t: TestContext) => {
  const { ask, log } = hall()
  const secret = 'sUpErSeCrEt'
  const headers = {
    authorization: `Bearer ${secret}`,
    authtoken: secret,
    api_key: secret,
    cookie: `s=${secret}`,
    access_token: secret,
    ...json,
  }
  await ask(`/one/raw?access_token=${secret}&API_KEY=${secret}&x[authtoken]=${secret}&fine=1`, { headers })
  await ask('/one/exact', { method: 'POST', headers, body: JSON.stringify({ password: secret }) })
  await ask('/one/any', { method: 'POST', headers, body: `{"password":"${secret}",}` })
  t.assert.match(log.text, /fine=1/)
  t.assert.ok(!log.text.includes(secret), log.text)
})

test('a server closes when what it was doing is done', async (t: TestContext) => {
  const { server, url } = await smallHall(t)
  const slow = fetch(`${url}/one/any`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ a: 'x'.repeat(1e6) }),
  })
  await slow
  await server.close()
  await t.assert.rejects(fetch(`${url}/one/raw`))
})
