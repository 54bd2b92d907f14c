import { setTimeout as sleep } from 'node:timers/promises'
import { call, Refused } from './client.ts'
import { prepare } from './load.ts'

const v1 = '/headgate/v1'
/** Several are lost with one process. */
export const environments = ['one', 'two', 'three', 'four', 'five', 'six']

let item = ''

/** An entry, and a script by which every environment deploys. */
export async function setUp(url: string, file: string): Promise<void> {
  await prepare(url)
  const entry = { title: 'The entry', body: 'one' }
  const path = '/v3/content_types/article/entries'
  const made = await call<{ entry: { uid: string } }>(url, 'POST', path, { entry })
  item = `main/${made.entry.uid}/en-us`
  const deploy = `{ executor: command, command: ["${file}"], timeout_seconds: 600 }`
  const names = environments.map((name) => `{ name: ${name}, deploy: ${deploy} }`).join(', ')
  const yaml = `projects: [{ key: site, kind: content, environments: [${names}] }]`
  await call(url, 'POST', `${v1}/configuration`, { yaml })
}

/** A deployment of a release of this name that pins the entry. Answers its id. */
export async function request(url: string, environment: string, name: string): Promise<string> {
  const release = await call<{ id: string }>(url, 'POST', `${v1}/projects/site/releases`, { name })
  await call(url, 'POST', `${v1}/releases/${release.id}/items`, { items: [{ key: item, action: 'publish' }] })
  const path = `${v1}/projects/site/environments/${environment}/deployments`
  return (await call<{ id: string }>(url, 'POST', path, { release: release.id, force: true })).id
}

export interface Ended {
  state: string
  failure_code: string | null
}

/** Waits for the end of a deployment. A server that cannot answer now is asked again. */
export async function end(url: string, id: string): Promise<Ended> {
  for (const until = performance.now() + 60_000; performance.now() < until;) {
    const path = `${v1}/deployments/${id}`
    const found = await call<Ended & { finished_at: string | null }>(url, 'GET', path).catch(
      (error: unknown) => {
        if (!(error instanceof Refused) || error.status !== 503) throw error
      },
    )
    if (found?.finished_at) return found
    await sleep(50)
  }
  throw new Error(`${id} does not end`)
}
