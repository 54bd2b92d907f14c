import { setTimeout as sleep } from 'node:timers/promises'
import { call, Refused } from './client.ts'
import { environments } from '../server-process.ts'

/**
 * Waits until nothing is under way any more. What rollbacks left held is released first: schedules would wait at a hold
 * for ever.
 */
export async function settled(url: string, withinMs = 30_000): Promise<number> {
  const began = performance.now()
  for (const environment of environments) await releaseHold(url, environment)
  for (;;) {
    let open = 0
    for (const environment of environments) {
      for (const state of ['requested', 'queued', 'planning', 'applying', 'canceling']) {
        const path = `/headgate/v1/projects/site/environments/${environment}/deployments?state=${state}&limit=1`
        open += (await call<{ items: unknown[] }>(url, 'GET', path)).items.length
      }
    }
    if (open === 0) return performance.now() - began
    if (performance.now() - began > withinMs)
      throw new Error(`${open} states still have deployments under way`)
    await sleep(100)
  }
}

async function releaseHold(url: string, environment: string): Promise<void> {
  const path = `/headgate/v1/projects/site/environments/${environment}/hold`
  await call(url, 'DELETE', path, { reason: 'the load is over' }).catch((error: unknown) => {
    if (!(error instanceof Refused && error.status === 404)) throw error
  })
}
