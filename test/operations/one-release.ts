import { setTimeout as sleep } from 'node:timers/promises'
import { call } from '../recovery/client.ts'
import { prepare } from '../recovery/load.ts'

const v1 = '/headgate/v1'

/** A release of one new entry, ready to be deployed: its id. */
export async function makeRelease(url: string, name: string): Promise<string> {
  await prepare(url)
  const path = '/v3/content_types/article/entries'
  const { entry } = await call<{ entry: { uid: string } }>(url, 'POST', path, { entry: { title: name } })
  const { id } = await call<{ id: string }>(url, 'POST', `${v1}/projects/site/releases`, { name })
  const items = [{ key: `main/${entry.uid}/en-us`, action: 'publish' }]
  await call(url, 'POST', `${v1}/releases/${id}/items`, { items })
  return id
}

/** The deployment's id. */
export async function deploy(url: string, release: string, environment = 'one'): Promise<string> {
  const path = `${v1}/projects/site/environments/${environment}/deployments`
  return (await call<{ id: string }>(url, 'POST', path, { release, force: true })).id
}

export async function stateOf(url: string, deployment: string): Promise<string> {
  return (await call<{ state: string }>(url, 'GET', `${v1}/deployments/${deployment}`)).state
}

export async function until(holds: () => Promise<boolean>, withinMs: number, what: string): Promise<void> {
  const began = performance.now()
  while (!(await holds())) {
    if (performance.now() - began > withinMs)
      throw new Error(`within ${withinMs} ms it did not come true that ${what}`)
    await sleep(20)
  }
}
