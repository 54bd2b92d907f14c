import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

export interface GitHost {
  /** Of a folder under the root. */
  urlOf(name: string): string
  /** What was asked for, and with which authorization. */
  asked: { path: string; authorization: string | undefined }[]
  /** Called before each answer to a fetch; it is waited for. */
  before: (() => Promise<void> | void) | undefined
  /** Where everybody is sent who may come in. */
  redirect: string | undefined
}

/** Git's own server for repositories in a folder, behind Basic credentials (`user:token`), if any. */
export async function gitHost(t: TestContext, root: string, wanted?: string): Promise<GitHost> {
  const backend = join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend')
  const host: Omit<GitHost, 'urlOf'> = { asked: [], before: undefined, redirect: undefined }
  const expected = wanted && `Basic ${Buffer.from(wanted).toString('base64')}`
  const server = createServer((request, response) => {
    host.asked.push({ path: request.url ?? '', authorization: request.headers.authorization })
    if (expected && request.headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('no')
      return
    }
    if (host.redirect !== undefined) {
      response.writeHead(302, { location: `${host.redirect}${request.url}` }).end()
      return
    }
    void Promise.resolve(host.before?.()).then(() => serve(backend, root, request, response))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const { port } = server.address() as AddressInfo
  return Object.assign(host, { urlOf: (name: string) => `http://127.0.0.1:${port}/${name}` })
}

/** As a web server calls a CGI program. */
async function serve(
  backend: string,
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const child = spawn(backend, {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      ...(request.headers['content-encoding']
        ? { HTTP_CONTENT_ENCODING: request.headers['content-encoding'] }
        : {}),
      ...(request.headers['git-protocol'] ? { GIT_PROTOCOL: String(request.headers['git-protocol']) } : {}),
      REMOTE_USER: 'somebody',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.on('error', () => undefined)
  request.pipe(child.stdin)
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer)
  const said = Buffer.concat(chunks)
  const end = said.indexOf('\r\n\r\n')
  const headers = said.subarray(0, end).toString('latin1').split('\r\n')
  for (const line of headers) {
    const [name = '', value = ''] = line.split(/: (.*)/)
    if (name.toLowerCase() === 'status') response.statusCode = Number(value.slice(0, 3))
    else response.setHeader(name, value)
  }
  response.end(said.subarray(end + 4))
}
