import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request as secureRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test, type TestContext } from 'node:test'
import { sendRaw, smallHall } from './small-hall.ts'

const MiB = 1024 * 1024

test('a body may have 10 MiB', async (t: TestContext) => {
  const { ask, url } = await smallHall(t)
  const post = (body: RequestInit['body'], more: object = {}) =>
    ask('/two/any', { method: 'POST', headers: { 'content-type': 'application/json' }, body, ...more })
  const text = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`
  t.assert.equal((await post(text(10 * MiB))).status, 200)
  // Node hangs up on what it will not read; a client may see that before it sees the answer.
  const large = `POST /two/any HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${11 * MiB}\r\n\r\n`
  t.assert.match(await sendRaw(url, large), /413[\s\S]*"voice":"two","code":"too_large"/)
  const chunks = Readable.from(
    (function* () {
      for (let n = 0; n < 12; n += 1) yield Buffer.alloc(MiB, 32)
    })(),
  )
  const streamed = await post(Readable.toWeb(chunks) as RequestInit['body'], { duplex: 'half' }).catch(
    () => undefined,
  )
  t.assert.ok(streamed === undefined || streamed.status === 413)
})

test('an upload may have 100 MiB a file', async (t: TestContext) => {
  const { ask } = await smallHall(t)
  const upload = (fields: Record<string, string | Blob>) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.set(name, value as Blob)
    return ask('/one/upload', { method: 'POST', body: form })
  }
  t.assert.deepEqual((await upload({ title: 'A', file: new Blob([Buffer.alloc(12 * MiB)]) })).said, {
    title: 0,
    file: 12 * MiB,
  })
  const large = await upload({ file: new Blob([Buffer.alloc(100 * MiB + 1)]) })
  t.assert.deepEqual([large.status, large.said.code], [413, 'too_large'])
  t.assert.match(large.said.detail ?? '', new RegExp(String(100 * MiB)))
  const many = await upload(
    Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`f${n}`, new Blob(['x'])])),
  )
  t.assert.equal(many.status, 400)
})

test('a broken upload is the client’s fault', async (t: TestContext) => {
  const { ask } = await smallHall(t)
  const broken: [string, string][] = [
    ['multipart/form-data', 'x'],
    [
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="a"; filename="x"\r\n\r\nhalf',
    ],
    [
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\nx\r\n--b--\r\n',
    ],
    ['multipart/form-data; boundary=b', 'nothing of it'],
  ]
  for (const [type, body] of broken) {
    const { status } = await ask('/one/upload', { method: 'POST', headers: { 'content-type': type }, body })
    t.assert.ok(status === 400, `${body} ${status}`)
  }
  t.assert.equal(
    (
      await ask('/one/upload', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      })
    ).status,
    400,
  )
})

test('URLs and headers have their limits', async (t: TestContext) => {
  const { ask, url } = await smallHall(t)
  t.assert.equal((await ask(`/one/echo/${'x'.repeat(500)}`)).status, 200)
  t.assert.deepEqual((await ask(`/one/echo/${'x'.repeat(501)}`)).said.voice, 'one')
  t.assert.equal((await ask(`/one/echo/${'x'.repeat(501)}`)).status, 400)
  t.assert.equal((await ask(`/one/raw?q=${'x'.repeat(20_000)}`)).status, 200)
  t.assert.equal((await ask(`/one/raw?q=${'x'.repeat(40_000)}`)).status, 431)
  t.assert.match(await sendRaw(url, 'nonsense\r\n\r\n'), /^HTTP\/1.1 400/)
  t.assert.match(await sendRaw(url, 'GET /one/raw HTTP/1.1\r\n\r\n'), /^HTTP\/1.1 400/)
})

test('with a certificate it speaks https, and says so for a year', async (t: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-tls-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const made = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    key,
    '-out',
    cert,
    '-days',
    '1',
    '-subj',
    '/CN=localhost',
  ]
  try {
    execFileSync('openssl', made, { stdio: 'ignore' })
  } catch {
    return t.skip('this machine has no openssl')
  }
  const { url } = await smallHall(t, { tls: { key: readFileSync(key), cert: readFileSync(cert) } })
  t.assert.match(url, /^https:/)
  const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
    const sent = secureRequest(`${url}/one/raw`, { rejectUnauthorized: false }, (response) => {
      response.resume()
      resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'] })
    })
    sent.on('error', reject).end()
  })
  t.assert.equal(headers.status, 200)
  t.assert.match(String(headers.hsts), /max-age=31536000/)
})
