import { once } from 'node:events'
import { createServer as createPlainServer, type AddressInfo } from 'node:net'
import { describe, test, type TestContext } from 'node:test'
import { openOutbound, type Outcome, type OutboundOptions } from '#ground/outbound.ts'
import { serve } from './receiver.ts'

const now = () => new Date('2026-11-21T09:00:00Z')
const open = (options: Partial<OutboundOptions> = {}) => openOutbound({ now, ...options }).send

const answered = (outcome: Outcome) => {
  if ('status' in outcome) return outcome
  throw new Error(JSON.stringify(outcome))
}

test('what is declared may be private: the call gets there with clean headers and brings the answer', async (t: TestContext) => {
  const seen: unknown[] = []
  const { port } = await serve(t, (request, response) => {
    request.setEncoding('utf8').on('data', (body) => seen.push(body))
    seen.push(request.method, request.url, request.headers)
    request.on('end', () => response.writeHead(201, { 'content-type': 'text/plain' }).end('made'))
  })
  const outcome = await open()({
    url: `http://127.0.0.1:${port}/run?x=1`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    declared: true,
  })
  t.assert.deepEqual(outcome, {
    ok: true,
    status: 201,
    body: 'made',
    complete: true,
    content_type: 'text/plain',
    retry_after_seconds: undefined,
    redirect_to: undefined,
  })
  t.assert.deepEqual(seen, [
    'POST',
    '/run?x=1',
    {
      host: `127.0.0.1:${port}`,
      connection: 'close',
      'user-agent': 'Headgate',
      'accept-encoding': 'identity',
      'content-type': 'application/json',
      'content-length': '2',
    },
    '{}',
  ])
})

test('a name is resolved once, and only the address that was checked is connected to', async (t: TestContext) => {
  let calls = 0
  const { port } = await serve(t, (_request, response) => {
    calls += 1
    response.end('hello')
  })
  let resolved = 0
  // Public when it is checked, and would be this machine when it is connected to.
  const rebinding = async () => [{ address: ++resolved === 1 ? '192.0.2.1' : '127.0.0.1' }]
  const outcome = await open({ resolve: rebinding, allow: ['192.0.2.0/24'] })({
    url: `http://rebind.example.com:${port}/`,
    timeouts: { connect_ms: 300, whole_ms: 600 },
  })
  t.assert.ok('failed' in outcome, JSON.stringify(outcome))
  t.assert.deepEqual([resolved, calls], [1, 0])
  const known = await open({ resolve: async () => [{ address: '127.0.0.1' }], allow: ['127.0.0.1'] })({
    url: `http://name.example.com:${port}/`,
  })
  t.assert.equal(answered(known).body, 'hello')
})

test('a name that is also at a private address is refused, before anything is sent', async (t: TestContext) => {
  const resolve = async () => [{ address: '93.184.215.14' }, { address: '10.0.0.7' }]
  t.assert.deepEqual(await open({ resolve })({ url: 'https://mixed.example.com/' }), {
    refused: 'mixed.example.com: 10.0.0.7 is a private address',
  })
})

test('a redirect is never followed: the answer says so', async (t: TestContext) => {
  let asked = 0
  const { port } = await serve(t, (_request, response) => {
    asked += 1
    response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data' }).end()
  })
  const outcome = answered(await open({ allow: ['127.0.0.1'] })({ url: `http://127.0.0.1:${port}/` }))
  t.assert.deepEqual(
    [outcome.ok, outcome.status, outcome.redirect_to, asked],
    [false, 307, 'http://169.254.169.254/latest/meta-data', 1],
  )
})

test('Retry-After is read in seconds and as a date', async (t: TestContext) => {
  const values = ['120', 'Sat, 21 Nov 2026 09:01:30 GMT', 'soon']
  const { port } = await serve(t, (_request, response) => {
    response.writeHead(429, { 'retry-after': values.shift() }).end()
  })
  const ask = async () =>
    answered(await open()({ url: `http://127.0.0.1:${port}/`, declared: true })).retry_after_seconds
  t.assert.deepEqual([await ask(), await ask(), await ask()], [120, 90, undefined])
})

describe('an answer is bounded', () => {
  const call = (port: number, more: object = {}) =>
    open()({ url: `http://127.0.0.1:${port}/`, declared: true, most_bytes: 10, ...more })

  test('an endless body is cut off', async (t: TestContext) => {
    const { port } = await serve(t, (_request, response) => {
      const pour = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', pour)
      }
      pour()
    })
    const { ok, body, complete } = answered(await call(port))
    t.assert.deepEqual([ok, body, complete], [true, 'x'.repeat(10), false])
  })

  test('half a body keeps its status and says that it is not whole', async (t: TestContext) => {
    const { port } = await serve(t, (_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half')
      setImmediate(() => response.destroy())
    })
    const { ok, body, complete } = answered(await call(port))
    t.assert.deepEqual([ok, body, complete], [true, 'half', false])
  })

  test('half a head is a failure, and so is silence', async (t: TestContext) => {
    const half = createPlainServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le')).listen(
      0,
      '127.0.0.1',
    )
    const silent = createPlainServer(() => {}).listen(0, '127.0.0.1')
    await Promise.all([once(half, 'listening'), once(silent, 'listening')])
    t.after(() => {
      half.close()
      silent.close()
    })
    const port = (server: typeof half) => (server.address() as AddressInfo).port
    t.assert.ok('failed' in (await call(port(half))))
    t.assert.deepEqual(await call(port(silent), { timeouts: { whole_ms: 200 } }), {
      failed: 'no answer within 200 ms',
    })
  })

  test('nobody there and no such name are failures', async (t: TestContext) => {
    const { server, port } = await serve(t, () => {})
    server.close()
    const nobody = await call(port)
    t.assert.match('failed' in nobody ? nobody.failed : '', /ECONNREFUSED/)
    const nameless = await open({ resolve: async () => [] })({ url: 'http://nowhere.example.com/' })
    t.assert.deepEqual(nameless, { failed: 'nowhere.example.com has no address' })
    const slow = open({ resolve: () => new Promise(() => {}) })
    t.assert.ok('failed' in (await slow({ url: 'http://slow.example.com/', timeouts: { whole_ms: 50 } })))
  })
})

test('other schemes, credentials and zones are refused', async (t: TestContext) => {
  for (const url of [
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://example.com/',
    'data:text/plain,x',
    'http://user@example.com/',
    'http://:secret@example.com/',
    'http://[fe80::1%25eth0]/',
    'http://[fe80::1%eth0]/',
    'http://',
    'not a url',
    '//example.com/',
  ]) {
    const outcome = await open({ resolve: async () => [{ address: '93.184.215.14' }] })({
      url,
      declared: true,
    })
    t.assert.ok('refused' in outcome, `${url} gave ${JSON.stringify(outcome)}`)
  }
  const zoned = await open({ resolve: async () => [{ address: 'fe80::1%eth0' }] })({
    url: 'http://a.example/',
  })
  t.assert.ok('refused' in zoned)
})
