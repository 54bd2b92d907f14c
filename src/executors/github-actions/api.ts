import type { Order, Tools } from '#executors/contract.ts'
import { clean } from '#ground/lines.ts'
import type { Outbound, Outcome, OutgoingCall } from '#ground/outbound.ts'
import { redactor } from '#ground/redact.ts'
import { fieldsOf, listOf, textOf } from './fields.ts'

/** What became of a call. */
export type Reply =
  | { kind: 'done'; status: number; body: unknown }
  /** For good. GitHub did nothing. */
  | { kind: 'refused'; status: number | undefined; saying: string }
  /** For now. `unknown`: it may have been done all the same. */
  | { kind: 'later'; seconds: number | undefined; unknown: boolean; saying: string }

export interface GitHub {
  /** A path below the API's base; what comes from outside is in it by `segment`. */
  get(path: string): Promise<Reply>
  post(path: string, body?: object): Promise<Reply>
  /** `/repos/org/name`. */
  repository: string
}

export interface ApiOptions {
  send: Outbound['send']
  timeouts?: OutgoingCall['timeouts'] | undefined
}

const publicApi = 'https://api.github.com'

/** GitHub's REST API of 2022-11-28, as the settings of this order reach it. */
export function openGitHub({ send, timeouts }: ApiOptions, order: Order, tools: Tools): GitHub {
  const { settings, candidate } = order
  const base = (textOf(settings.url) ?? publicApi).replace(/\/+$/, '')
  const token = String(settings.token)
  const blacken = redactor([token])
  const leaving = leavingOf(tools)
  const call = async (method: 'GET' | 'POST', path: string, body?: object): Promise<Reply> => {
    const outcome = await send({
      url: base + path,
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'x-github-api-version': '2022-11-28',
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      declared: true,
      most_bytes: mostBytes,
      ...(timeouts ? { timeouts } : {}),
      // What is done is not left halfway because it is to be undone: then its answer says what to undo.
      signal: method === 'GET' ? tools.signal : leaving,
    })
    const reply = replyOf(outcome)
    return reply.kind === 'done' ? reply : { ...reply, saying: blacken(reply.saying) }
  }
  const name = textOf(settings.repository) ?? candidate?.repository ?? ''
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    repository: `/repos/${name.split('/').map(segment).join('/')}`,
  }
}

/** Aborted where nobody is there any more to hear of it. */
function leavingOf({ signal }: Tools): AbortSignal {
  const leaving = new AbortController()
  const leave = () =>
    signal.reason === 'stopping' || signal.reason === 'lost' ? leaving.abort(signal.reason) : undefined
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()
  return leaving.signal
}

/** A workflow file may have a megabyte, a page of runs more. */
const mostBytes = 8 * 1024 * 1024

/** One part of a path, whatever is in it. */
export const segment = (text: string): string =>
  encodeURIComponent(text).replace(/^\.{1,2}$/, (dots) => dots.replaceAll('.', '%2E'))

function replyOf(outcome: Outcome): Reply {
  if ('refused' in outcome)
    return {
      kind: 'refused',
      status: undefined,
      saying: `its address must not be called: ${outcome.refused}`,
    }
  if ('failed' in outcome)
    return { kind: 'later', seconds: undefined, unknown: true, saying: `no answer: ${outcome.failed}` }
  const { status, ok, body, complete, retry_after_seconds: seconds } = outcome
  const json = readJson(body)
  if (ok) {
    if (status === 204 || (complete && json !== undefined)) return { kind: 'done', status, body: json }
    return { kind: 'later', seconds, unknown: true, saying: `its answer (${status}) could not be read` }
  }
  const saying = `${status} ${messageOf(json) || 'without a reason'}`
  // By its documentation a limit is told by either status: with a header, or at least in words.
  const limited = status === 429 || (status === 403 && (seconds !== undefined || /rate limit/i.test(saying)))
  if (limited) return { kind: 'later', seconds: seconds ?? 60, unknown: false, saying }
  if (status === 408 || status >= 500) return { kind: 'later', seconds, unknown: status !== 503, saying }
  return { kind: 'refused', status, saying }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** GitHub's own words, on one line. */
function messageOf(json: unknown): string {
  const { message, errors } = fieldsOf(json)
  const more = listOf(errors).flatMap((error) => textOf(error.message) ?? [])
  return clean([textOf(message) ?? '', ...more].join('; ').replaceAll(/\s+/g, ' ').slice(0, 500)).trim()
}
