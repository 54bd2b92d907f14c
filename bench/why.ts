import { showId } from '#domain/ids.ts'
import { call } from '../test/recovery/client.ts'
import { median } from './figure.ts'

const freezes = 1000
const rounds = 100
const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SU'] as const

/** `why` through HTTP, median milliseconds: with 1,000 freezes set on the environment, each of a rule of its own, and with none. */
export async function why(
  url: string,
  release: string,
  environment: string,
): Promise<{ many: number; none: number }> {
  const place = `/headgate/v1/projects/site/environments/${environment}`
  const ask = () => call(url, 'GET', `${place}/why?release=${showId('release', release)}`)
  const none = await measure(ask)
  const set: string[] = []
  for (let n = 0; n < freezes; n += 1) {
    const { id } = await call<{ id: string }>(url, 'POST', `${place}/freeze`, {
      ...{ kind: 'window', name: `freeze ${n}`, rrule: `FREQ=WEEKLY;BYDAY=${days[n % days.length]}` },
      ...{ start: `${String(n % 24).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}` },
      ...{ duration_minutes: 1 + (n % 59), time_zone: n % 2 ? 'Europe/Paris' : 'America/New_York' },
    })
    set.push(id)
  }
  const many = await measure(ask)
  for (const id of set)
    await call(url, 'DELETE', `/headgate/v1/projects/site/freeze/${id}`, { reason: 'measured' })
  return { many, none }
}

async function measure(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < rounds + 20; n += 1) {
    const began = performance.now()
    await ask()
    if (n >= 20) times.push(performance.now() - began)
  }
  return median(times)
}
