import type { TestContext } from 'node:test'
import { serve } from '../../ground/receiver.ts'
import { openStack, type TestStack } from './open-stack.ts'

export interface Got {
  path: string
  headers: Record<string, string>
  text: string
  // What a vendor sends is what the tests are about: they look into it freely.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
}

/** A receiver that keeps what it gets, by path; a path with a number is answered with it. */
export async function receiver(t: TestContext) {
  const got: Got[] = []
  const { port } = await serve(t, (request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const path = request.url ?? ''
      got.push({ path, headers: request.headers as Record<string, string>, text, body: JSON.parse(text) })
      response.writeHead(Number(/\d{3}/.exec(path)?.[0] ?? 200)).end('{"said":"so"}')
    })
  })
  return { at: (path: string) => got.filter((one) => one.path === path), url: `http://127.0.0.1:${port}` }
}

const allow = { HEADGATE_OUTGOING_ALLOW: '127.0.0.1' }
/** A stack whose webhooks may call this machine. */
export const openHooked = (t: TestContext) => openStack(t, ['production', 'staging'], allow)

/** A webhook as the SDK sends one. */
export const fields = (target_url: string, channels: string[], more: object = {}) => ({
  name: 'Hook',
  destinations: [{ target_url, http_basic_auth: '', http_basic_password: '', custom_header: [] }],
  ...{ channels, retry_policy: 'manual', disabled: false, concise_payload: false, ...more },
})

/** A page’s uid. */
export async function entry({ ask }: TestStack, title: string): Promise<string> {
  const { body } = await ask('POST', '/content_types/page/entries?locale=en-us', { entry: { title } })
  return body.entry.uid as string
}

/** A release with these entries, and its deployment. */
export async function release({ ask }: TestStack, name: string, uids: readonly string[], more: object = {}) {
  const { body } = await ask('POST', '/releases', { release: { name } })
  const { uid } = body.release as { uid: string }
  for (let at = 0; at < uids.length; at += 25) {
    const items = uids.slice(at, at + 25).map((one) => ({
      ...{ uid: one, version: 1, locale: 'en-us', content_type_uid: 'page', action: 'publish' },
    }))
    await ask('POST', `/releases/${uid}/items`, { items })
  }
  const deployed = await ask('POST', `/releases/${uid}/deploy`, {
    release: { environments: ['production'], locales: ['en-us'], ...more },
  })
  if (deployed.status !== 200) throw new Error(JSON.stringify(deployed.body))
  return uid
}
