import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { connect } from 'node:tls'
import { setTimeout as sleep } from 'node:timers/promises'
import { freshPlace } from '../fresh-store.ts'
import { startServer, token, type ServerProcess } from '../server-process.ts'
import { deploy, makeRelease, until } from './one-release.ts'

/** A server in a process of its own; gone when the test ends. */
async function serve(t: TestContext, settings: Record<string, string> = {}): Promise<ServerProcess> {
  const place = await freshPlace()
  const server = await startServer(place, undefined, settings)
  t.after(async () => {
    await server.kill()
    await place.remove()
  })
  return server
}

function makeCertificate(folder: string, name: string): void {
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1']
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...kind, ...files, ...names], { stdio: 'ignore' })
}

/** Whose certificate the server shows. */
async function shown(url: string): Promise<string> {
  const { hostname: host, port } = new URL(url)
  const socket = connect({ host, port: Number(port), rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { subject } = socket.getPeerCertificate()
  socket.destroy()
  return String(subject.CN)
}

test('with a certificate it speaks https, and takes up a renewed one without a restart', async (t: TestContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-tls-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  makeCertificate(folder, 'first')
  const server = await serve(t, {
    HEADGATE_TLS_CERT: join(folder, 'cert.pem'),
    HEADGATE_TLS_KEY: join(folder, 'key.pem'),
  })
  t.assert.match(server.url, /^https:/)
  t.assert.equal(await shown(server.url), 'first')
  makeCertificate(folder, 'renewed')
  server.child.kill('SIGHUP')
  await until(async () => (await shown(server.url)) === 'renewed', 5000, 'the renewed certificate is shown')
  await rm(join(folder, 'key.pem'))
  server.child.kill('SIGHUP')
  await until(async () => server.said().includes('The old certificate stays'), 5000, 'it says what is wrong')
  t.assert.equal(await shown(server.url), 'renewed')
})

test('behind a proxy that it trusts, the client is the one that the proxy names', async (t: TestContext) => {
  const [trusting, careful] = await Promise.all([
    serve(t, { HEADGATE_TRUST_PROXY: 'true', HEADGATE_LOG_LEVEL: 'info' }),
    serve(t, { HEADGATE_LOG_LEVEL: 'info' }),
  ])
  const headers = {
    authorization: `Bearer ${token}`,
    'x-forwarded-for': '203.0.113.7',
    'x-forwarded-proto': 'https',
  }
  for (const server of [trusting, careful]) await fetch(`${server.url}/headgate/v1/session`, { headers })
  const remote = (server: ServerProcess) =>
    /"url":"\/headgate\/v1\/session".*"remote":"([^"]+)"/.exec(server.said())?.[1]
  await until(async () => Boolean(remote(trusting) && remote(careful)), 3000, 'both wrote their log')
  t.assert.equal(remote(trusting), '203.0.113.7')
  t.assert.equal(remote(careful), '127.0.0.1', 'anybody can send such a header')
})

test('told to end, it answers what is in flight, finishes what runs, ends streams and exits with 0', async (t: TestContext) => {
  const server = await serve(t)
  const release = await makeRelease(server.url, 'last words')
  const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' }
  const stream = await fetch(`${server.url}/headgate/v1/events`, { headers })
  t.assert.match(stream.headers.get('content-type') ?? '', /event-stream/)
  const slow = slowRequest(server.url)
  await slow.begun
  await deploy(server.url, release)
  const began = performance.now()
  server.child.kill('SIGTERM')
  await takesNothingNew(server.url)
  slow.finish()
  t.assert.match(await slow.answer, /^HTTP\/1.1 201/, 'it answers what it had taken')
  await stream.text().catch(() => 'cut')
  const [code] = (await once(server.child, 'exit')) as [number]
  t.assert.equal(code, 0)
  t.diagnostic(`${Math.round(performance.now() - began)} ms from the signal to the end`)
  t.assert.ok(performance.now() - began < 15_000)
})

test('told twice, it ends at once', async (t: TestContext) => {
  const server = await serve(t)
  const slow = slowRequest(server.url)
  await slow.begun
  server.child.kill('SIGTERM')
  await takesNothingNew(server.url)
  const gone = once(server.child, 'exit')
  server.child.kill('SIGTERM')
  const [, signal] = (await gone) as [number | null, string]
  t.assert.equal(signal, 'SIGTERM')
  await slow.answer
})

/** Waits until it has heard that it is to end. The time limit of the test is the limit of this. */
async function takesNothingNew(url: string): Promise<void> {
  const answers = () =>
    fetch(`${url}/headgate/v1/live`, { headers: { connection: 'close' } }).then(
      async (response) => (await response.text(), true),
      () => false,
    )
  while (await answers()) await sleep(20)
}

/** A release made by somebody whose line is slow: half of the body, and later the rest. */
function slowRequest(url: string) {
  const { hostname: host, port } = new URL(url)
  const body = JSON.stringify({ name: 'slowly' })
  const socket = connectTcp({ host, port: Number(port) })
  let said = ''
  socket.on('data', (chunk) => (said += String(chunk)))
  socket.on('error', () => undefined)
  const answer = once(socket, 'close').then(() => said)
  const head = [
    'POST /headgate/v1/projects/site/releases HTTP/1.1',
    ...[`host: ${host}`, `authorization: Bearer ${token}`, 'content-type: application/json'],
    `content-length: ${body.length}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`)
  return { begun: sleep(300), answer, finish: () => socket.write(body.slice(5)) }
}
