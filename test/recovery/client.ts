import { apiKey, token } from '../server-process.ts'

/** What was acknowledged, and so must be there whatever happens to the server. */
export interface Acknowledged {
  /** Entry uid and its latest acknowledged version. */
  entries: Map<string, number>
  /** Release id (native) and the item keys added to it. */
  releases: Map<string, string[]>
  deployments: Set<string>
}

export function nothingYet(): Acknowledged {
  return { entries: new Map(), releases: new Map(), deployments: new Set() }
}

export class Refused extends Error {
  readonly status: number

  constructor(status: number, text: string) {
    super(`${status} ${text}`)
    this.status = status
  }
}

/** One request; throws Refused for an answer that is no success, and whatever fetch throws when the server is gone. */
export async function call<T>(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  const vendor = path.startsWith('/v3')
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(vendor ? { api_key: apiKey } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Refused(response.status, `${method} ${path}: ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}
