import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import contentstack from 'contentstack'
import { openHouse, type TestHouse } from '../../open-house.ts'
import { shared } from '../../share-house.ts'
import { sdkOf, type Sdk, type SdkStack } from './sdk.ts'

export interface Answer {
  status: number
  // What a vendor answers is what the tests are about: they look into it freely.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
}

type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>

export interface TestStack {
  house: TestHouse
  api_key: string
  authtoken: string
  /** Its management client, signed in; on this endpoint. */
  sdk: Sdk
  stack: SdkStack
  /** A raw request under `/v3` with authtoken and api_key; headers that are given come after, an empty one leaves it out. */
  ask: Ask
  /** Makes a delivery token for an environment and reads with it, raw. */
  deliver(environment: string, path: string): Promise<Answer>
  /** The vendor's reader of an environment. */
  reader(environment: string): Promise<ReturnType<typeof contentstack.Stack>>
}

/** A whole server with one stack in it, made as the vendor's clients make one. */
export async function openStack(
  t: TestContext,
  environments = ['production', 'staging'],
  env: Record<string, string> = {},
): Promise<TestStack> {
  return stackIn(await openHouse(t, env), environments)
}

/** The same on one server for all the tests of a file: each has a stack of its own there, and the clock in common. */
export function sharedStack(): (environments?: string[]) => Promise<TestStack> {
  const house = shared(openHouse)
  return (environments = ['production', 'staging']) => stackIn(house(), environments)
}

async function stackIn(house: TestHouse, environments: readonly string[]): Promise<TestStack> {
  const { email, password } = house.credentials
  const sdk = sdkOf(house.url)
  const { user } = await sdk.login({ email, password })
  const made = await raw(house.url, { authtoken: user.authtoken })('POST', '/stacks', {
    stack: { name: 'Site', description: 'A site', master_locale: 'en-us' },
  })
  const api_key: string = made.body.stack.api_key
  const ask = raw(house.url, { authtoken: user.authtoken, api_key })
  for (const name of environments) await ask('POST', '/environments', { environment: { name } })
  await ask('POST', '/locales', { locale: { code: 'fr-fr', fallback_locale: 'en-us' } })
  await ask('POST', '/content_types', { content_type: page })

  const tokens = new Map<string, string>()
  const tokenFor = async (environment: string) => {
    const known = tokens.get(environment)
    if (known) return known
    const scope = [
      { module: 'environment', environments: [environment], acl: { read: true } },
      { module: 'branch', branches: ['main'] },
    ]
    const { body } = await ask('POST', '/stacks/delivery_tokens', { token: { name: environment, scope } })
    tokens.set(environment, body.token.token)
    return body.token.token as string
  }
  return {
    ...{ house, api_key, authtoken: user.authtoken, sdk, stack: sdk.stack({ api_key }), ask },
    deliver: async (environment, path) => {
      const access_token = await tokenFor(environment)
      const url = `${path}${path.includes('?') ? '&' : '?'}environment=${environment}`
      return raw(house.url, { api_key, access_token })('GET', url)
    },
    reader: async (environment) => {
      const reader = contentstack.Stack({ api_key, delivery_token: await tokenFor(environment), environment })
      const { hostname, port } = new URL(house.url)
      reader.setProtocol('http')
      reader.setHost(hostname)
      reader.setPort(Number(port))
      return reader
    },
  }
}

/** A page with a text that may be left out, a picture and references to other pages. */
const page = {
  title: 'Page',
  uid: 'page',
  schema: [
    {
      ...{ display_name: 'Title', uid: 'title', data_type: 'text', mandatory: true, unique: true },
      field_metadata: { _default: true },
    },
    { display_name: 'Body', uid: 'body', data_type: 'text' },
    { display_name: 'Price', uid: 'price', data_type: 'number' },
    { display_name: 'Picture', uid: 'picture', data_type: 'file' },
    {
      ...{ display_name: 'Related', uid: 'related', data_type: 'reference', reference_to: ['page'] },
      field_metadata: { ref_multiple: true },
    },
  ],
}

export function raw(url: string, base: Record<string, string>): Ask {
  return async (method, path, body, headers = {}) => {
    const sent = body === undefined ? {} : { 'content-type': 'application/json' }
    const all = Object.entries({ ...sent, ...base, ...headers }).filter(([, value]) => value !== '')
    const response = await fetch(`${url}/v3${path}`, {
      ...{ method, headers: Object.fromEntries(all) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }
}

/** Asks until it holds; throws what was wrong last when it does not in ten seconds. */
export async function eventually<T>(look: () => Promise<T>): Promise<T> {
  // On PostgreSQL a transaction in another test's database keeps events from being sealed while it is open.
  const until = Date.now() + 90_000
  for (;;) {
    try {
      return await look()
    } catch (error) {
      if (Date.now() > until) throw error
      await sleep(20)
    }
  }
}

/** Uploads a text file, `replace`ing an asset where one is given; the form's fields stand behind the file. */
export async function upload(
  url: string,
  headers: Record<string, string>,
  {
    replace,
    text = 'hello',
    fields = {},
  }: { replace?: string; text?: string; fields?: Record<string, string> } = {},
): Promise<Answer> {
  const form = new FormData()
  form.append('asset[upload]', new Blob([text], { type: 'text/plain' }), 'hello.txt')
  for (const [name, value] of Object.entries(fields)) form.append(`asset[${name}]`, value)
  const path = replace === undefined ? '/assets' : `/assets/${replace}`
  const response = await fetch(`${url}/v3${path}`, {
    method: replace === undefined ? 'POST' : 'PUT',
    headers,
    body: form,
  })
  return { status: response.status, body: await response.json() }
}

/** Waits until nothing is under way any more. */
export async function settled({ house }: Pick<TestStack, 'house'>): Promise<void> {
  await eventually(async () => {
    const [row] = await house.store.db
      .selectFrom('deployment')
      .select('state')
      .where('state', 'in', ['requested', 'queued', 'planning', 'applying'])
      .execute()
    if (row) throw new Error(`a deployment is still ${row.state}`)
  })
}
