import { setTimeout as sleep } from 'node:timers/promises'
import { call } from './client.ts'
import { environments } from '../server-process.ts'

/** Waits until nothing is under way any more. */
export async function settled(url: string, withinMs = 30_000): Promise<number> {
  const began = performance.now()
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
