import type { Order, Tools } from '#executors/contract.ts'
import { clean } from '#ground/lines.ts'
import type { Outbound, Outcome, OutgoingCall } from '#ground/outbound.ts'

export interface BuildkiteSettings {
  organization: string
  pipeline: string
  token: string
  /** Where the API is, where that is not api.buildkite.com. */
  url?: string
  branch?: string
  parameters?: Readonly<Record<string, string>>
  webhook_token?: string
}

/** What of the API is used (REST API v2, Builds and Pipelines). */
export interface Api {
  create(build: object): Promise<Outcome>
  get(number: number): Promise<Outcome>
  /** Those that were given this meta-data, newest first. */
  list(metaData: Readonly<Record<string, string>>): Promise<Outcome>
  cancel(number: number): Promise<Outcome>
  pipeline(): Promise<Outcome>
}

/** A build comes with all its jobs, and of those there may be hundreds. */
const most_bytes = 8 * 1024 * 1024
const usualUrl = 'https://api.buildkite.com'

export function openApi(
  send: Outbound['send'],
  { settings }: Pick<Order, 'settings'>,
  { signal }: Pick<Tools, 'signal'>,
  timeouts?: OutgoingCall['timeouts'],
): Api {
  const { organization, pipeline, token, url = usualUrl } = settings as unknown as BuildkiteSettings
  const root = `${url.replace(/\/+$/, '')}/v2/organizations/${encodeURIComponent(organization)}/pipelines/${encodeURIComponent(pipeline)}`
  const call = (path: string, method: 'GET' | 'POST' | 'PUT' = 'GET', body?: object): Promise<Outcome> =>
    send({
      url: `${root}${path}`,
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      declared: true,
      most_bytes,
      signal,
      ...(timeouts ? { timeouts } : {}),
    })
  return {
    create: (build) => call('/builds', 'POST', build),
    get: (number) => call(`/builds/${number}?exclude_jobs=true`),
    list: (metaData) => {
      const query = Object.entries(metaData).map(([key, value]) => [`meta_data[${key}]`, value])
      return call(`/builds?${new URLSearchParams([...query, ['per_page', '10']]).toString()}`)
    },
    cancel: (number) => call(`/builds/${number}/cancel`, 'PUT'),
    pipeline: () => call(''),
  }
}

/** What came of a call, for people: the words that Buildkite found for it, where it found some. */
export function sayingOf(outcome: Outcome): string {
  if ('refused' in outcome) return `Buildkite must not be called: ${outcome.refused}`
  if ('failed' in outcome) return `Buildkite did not answer: ${outcome.failed}`
  const { status, body } = outcome
  const words = wordsOf(body)
  return `Buildkite answered ${status}${words === '' ? '' : `: ${words}`}`
}

/** `{ message, errors: [{ field, code, value }] }` */
function wordsOf(body: string): string {
  try {
    const { message, errors } = Object(JSON.parse(body)) as Record<string, unknown>
    const faults = Array.isArray(errors) ? errors.slice(0, 5).map(faultOf) : []
    const words = [typeof message === 'string' ? message : '', ...faults].filter((word) => word !== '')
    return oneLine(words.join('; '))
  } catch {
    return oneLine(body)
  }
}

function faultOf(fault: unknown): string {
  if (typeof fault === 'string') return fault
  const { field, code, message } = Object(fault) as Record<string, unknown>
  return [field, message ?? code].filter((word) => typeof word === 'string').join(' ')
}

const oneLine = (text: string) => clean(text.replaceAll(/\s+/g, ' ').slice(0, 500)).trim()
