import { createHmac } from 'node:crypto'
import type { StandInBuild } from './stand-in.ts'

export interface HookTerms {
  /** Sent as it is. */
  token?: string
  /** Signs with it. */
  secret?: string
  at?: Date
  /** What is sent, where it is another than what was signed. */
  body?: string
}

/** What Buildkite sends when a build went on ("Build webhook events"). */
export function tellOfBuild(
  url: string,
  event: string,
  build: Partial<StandInBuild> | undefined,
  { token, secret, at = new Date(), body }: HookTerms,
): Promise<Response> {
  const sender = { id: '8a7693f8-dbae-4783-9137-84090fce9045', name: 'Some Person' }
  const said = JSON.stringify({ event, ...(build ? { build, pipeline: { slug: 'shop' } } : {}), sender })
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const signature = secret && createHmac('sha256', secret).update(`${timestamp}.${said}`).digest('hex')
  return fetch(`${url}/api/buildkite/webhook`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-buildkite-event': event,
      ...(token ? { 'x-buildkite-token': token } : {}),
      ...(signature ? { 'x-buildkite-signature': `timestamp=${timestamp},signature=${signature}` } : {}),
    },
    body: body ?? said,
  })
}
