import autocannon from 'autocannon'

const connections = 16

export interface Shot {
  url: string
  method?: 'GET' | 'POST'
  body?: object
  headers?: Record<string, string>
}

/** Requests per second over 16 connections for so long. Throws where one of them fails. */
export async function rate({ url, method = 'GET', body, headers }: Shot, seconds: number): Promise<number> {
  const result = await autocannon({
    url,
    method,
    connections,
    duration: seconds,
    headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const bad = result.non2xx + result.errors
  if (bad > 0) throw new Error(`${bad} of ${result.requests.total} requests to ${url} failed`)
  return result.requests.total / result.duration
}
