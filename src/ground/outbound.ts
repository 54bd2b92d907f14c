import { lookup } from 'node:dns/promises'
import { addressRefusal, isAddress, isAllowedHost, readAllowed, type Allowed } from './outbound-addresses.ts'

export interface OutgoingCall {
  /** http or https, any port, no credentials. */
  url: string
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as they are, beside host, user-agent and the body's length; nothing else is. */
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  /** The URL was declared by whoever runs the house (headgate.yaml): it may be a private address. */
  declared?: boolean
  timeouts?: Partial<Timeouts>
  /** How much of the answer is read; the rest is cut off. 64 KiB by default. */
  most_bytes?: number
  signal?: AbortSignal
}

export interface Timeouts {
  connect_ms: number
  /** From the request to the last line of the answer's head. */
  headers_ms: number
  /** For the whole call, the answer's body included. */
  whole_ms: number
}

const usual: Timeouts = { connect_ms: 5_000, headers_ms: 15_000, whole_ms: 20_000 }
const usualBytes = 64 * 1024

/** A head that came in whole. Its status counts, whatever became of the body. */
export interface Answer {
  /** Status 200 to 299. */
  ok: boolean
  status: number
  /** As UTF-8, `most_bytes` at most. */
  body: string
  /** False: the body was cut off, by the other side or because it was too long or too slow. */
  complete: boolean
  content_type: string | undefined
  /** From Retry-After, in seconds or as a date; else, of who counts calls and has no more for us, until it has. */
  retry_after_seconds: number | undefined
  /** Where a redirect pointed to. It is never followed. */
  redirect_to: string | undefined
}

/** Answered; refused before anything was sent; or tried and failed. Refusals and failures are sentences for people. */
export type Outcome = Answer | { refused: string } | { failed: string }

export type Resolve = (host: string) => Promise<readonly { address: string }[]>

export interface OutboundOptions {
  /** HEADGATE_OUTGOING_ALLOW: hosts, addresses and networks that may be called although they are not public. */
  allow?: readonly string[]
  now: () => Date
  /** By default what the machine resolves with. */
  resolve?: Resolve
}

/** The one way out of the house. */
export interface Outbound {
  /** Calls one URL. Never throws, never follows, never connects to an address that was not checked. */
  send(call: OutgoingCall): Promise<Outcome>
  /** Why a URL could never be called, found without resolving: for whoever stores one. Undefined: it may be tried. */
  refusal(url: string): string | undefined
}

const resolveBySystem: Resolve = (host) => lookup(host, { all: true, order: 'verbatim' })

/** Throws an Error where the allow list cannot be read. */
export function openOutbound({ allow = [], now, resolve = resolveBySystem }: OutboundOptions): Outbound {
  const allowed = readAllowed(allow)
  async function send(call: OutgoingCall): Promise<Outcome> {
    const url = readUrl(call.url)
    if ('refused' in url) return url
    const timeouts = { ...usual, ...call.timeouts }
    const late = AbortSignal.timeout(timeouts.whole_ms)
    const signal = call.signal ? AbortSignal.any([late, call.signal]) : late
    try {
      const found = await beforeAborted(
        findAddresses(url, { allowed, resolve, declared: call.declared }),
        signal,
      )
      if ('refused' in found) return found
      return await exchange(url, call, found.addresses, { timeouts, signal, now })
    } catch (error) {
      return { failed: late.aborted ? `no answer within ${timeouts.whole_ms} ms` : failureOf(error) }
    }
  }
  return { send, refusal: (url) => urlRefusal(url, allowed) }
}

function urlRefusal(text: string, allowed: Allowed): string | undefined {
  const url = readUrl(text)
  if ('refused' in url) return url.refused
  const host = bareHost(url)
  return isAddress(host) ? addressRefusal(host, allowed) : undefined
}

function readUrl(text: string): URL | { refused: string } {
  // The parser turns 2130706433, 0x7f.1, 017700000001 and full-width digits into the address they mean.
  const url = URL.parse(text)
  if (!url) return { refused: 'this is no URL' }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { refused: 'only http and https are called' }
  if (url.username !== '' || url.password !== '') return { refused: 'a URL must not carry credentials' }
  return url
}

const bareHost = ({ hostname }: URL) => hostname.replace(/^\[(.*)\]$/, '$1')

interface Judging {
  allowed: Allowed
  resolve: Resolve
  declared: boolean | undefined
}

/** The addresses that may be connected to, resolved once. One that may not spoils them all. */
async function findAddresses(
  url: URL,
  { allowed, resolve, declared }: Judging,
): Promise<{ addresses: string[] } | { refused: string }> {
  const host = bareHost(url)
  const addresses = isAddress(host) ? [host] : (await resolve(host)).map(({ address }) => address)
  if (addresses.length === 0) throw new Error(`${host} has no address`)
  if (declared || isAllowedHost(allowed, host)) return { addresses }
  for (const address of addresses) {
    const refusal = addressRefusal(address, allowed)
    if (refusal) return { refused: host === address ? refusal : `${host}: ${refusal}` }
  }
  return { addresses }
}

interface Exchange {
  timeouts: Timeouts
  signal: AbortSignal
  now: () => Date
}

/** One request on a connection of its own, to these addresses only: whatever the name says meanwhile. */
async function exchange(
  url: URL,
  { method = 'GET', headers, body, most_bytes = usualBytes }: OutgoingCall,
  addresses: readonly string[],
  { timeouts, signal, now }: Exchange,
): Promise<Answer> {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  // Loaded by the first call: many a process makes none, and it weighs 15 MB.
  const { Client } = await import('undici')
  const client = new Client(url.origin, {
    allowH2: false,
    pipelining: 0,
    headersTimeout: timeouts.headers_ms,
    connect: {
      timeout: timeouts.connect_ms,
      lookup: (_host, { all }, done) => {
        if (all) done(null, found)
        else done(null, found[0]?.address ?? '', found[0]?.family)
      },
    },
  })
  try {
    const response = await client.request({
      path: url.pathname + url.search,
      method,
      headers: { 'user-agent': 'Headgate', 'accept-encoding': 'identity', ...headers },
      body: body ?? null,
      signal,
    })
    const { statusCode: status, headers: said } = response
    const { text, complete } = await readSome(response.body, most_bytes)
    return {
      ok: status >= 200 && status < 300,
      status,
      body: text,
      complete,
      content_type: first(said['content-type']),
      retry_after_seconds: secondsUntil(first(said['retry-after']), now()) ?? secondsOfLimit(said, now()),
      redirect_to: status >= 300 && status < 400 ? first(said.location) : undefined,
    }
  } finally {
    await client.destroy().catch(() => undefined)
  }
}

async function readSome(body: AsyncIterable<Uint8Array>, most: number) {
  const chunks: Uint8Array[] = []
  let size = 0
  let complete = true
  try {
    for await (const chunk of body) {
      chunks.push(chunk.subarray(0, most - size))
      complete = chunk.length <= most - size
      size += Math.min(chunk.length, most - size)
      if (!complete) break
    }
  } catch {
    complete = false
  }
  return { text: Buffer.concat(chunks).toString('utf8'), complete }
}

const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)

/** Seconds from now; undefined where the header says nothing that can be read. */
function secondsUntil(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined
  if (/^[0-9]{1,9}$/.test(header.trim())) return Number(header)
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000))
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** `RateLimit-Reset` counts seconds (draft-ietf-httpapi-ratelimit-headers-07), `X-RateLimit-Reset` since 1970. */
function secondsOfLimit(said: Headers, now: Date): number | undefined {
  if (first(said['ratelimit-remaining']) === '0') return secondsUntil(first(said['ratelimit-reset']), now)
  if (first(said['x-ratelimit-remaining']) !== '0') return undefined
  const at = Number(first(said['x-ratelimit-reset']))
  return at > 0 ? Math.max(0, Math.ceil(at - now.getTime() / 1000)) : undefined
}

function beforeAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason as Error)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener('abort', abort))
}

function failureOf(error: unknown): string {
  // Whoever aborted may have given any reason.
  if (!(error instanceof Error)) return `ended by us: ${String(error)}`.slice(0, 300)
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'no connection in time'
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return 'connected, but no answer in time'
  return code ? `${code}: ${message}`.slice(0, 300) : message.slice(0, 300)
}
