import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deployment } from '#api/deployment.ts'
import { asPrincipal } from '#app/context.ts'
import { createContentType } from '#app/content/create-content-type.ts'
import { createEntry } from '#app/content/create-entry.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import type { Client } from '#client/client.ts'
import { isFinal } from '#domain/lifecycle.ts'
import { openHouse, type TestHouse } from '../open-house.ts'
import { shared } from '../share-house.ts'

export interface Site extends TestHouse {
  /** Of its project. */
  key: string
  /** Writes an entry; again, its next version. Answers the key of its item. */
  write(uid: string, title: string): Promise<string>
  ended(deployment: { id: string }): Promise<Deployment>
  /** A release with these items at their latest versions. */
  release(name: string, keys: readonly string[]): Promise<string>
}

/** A whole server with a site whose project is `site`. */
export async function openSite(t: TestContext, env: Record<string, string> = {}): Promise<Site> {
  return siteIn(await openHouse(t, env), 'site')
}

/** The same on one server for all the tests of a file: each has a project of its own there, and the clock in common. */
export function sharedSite(): () => Promise<Site> {
  const opened = shared(openHouse)
  let sites = 0
  return () => {
    sites += 1
    return siteIn(opened(), `site-${sites}`)
  }
}

/** A content project with a content type, and environments staging and production. */
async function siteIn(opened: TestHouse, key: string): Promise<Site> {
  const { client, house } = opened
  await client.createProject({ key, name: 'The site', kind: 'content' })
  await client.createEnvironment(key, { name: 'staging' })
  await client.createEnvironment(key, { name: 'production', parent: 'staging', tier: 'prod' })
  const project = await house.db
    .selectFrom('project')
    .select('id')
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  const ctx = asPrincipal(house, null)
  const place = { project_id: project.id, branch: 'main' }
  const fields = [{ uid: 'title', type: 'text' as const, mandatory: true }]
  await createContentType(ctx, { ...place, uid: 'page', title: 'Page', fields })
  const written = new Set<string>()
  return {
    ...opened,
    key,
    async write(uid, title) {
      const input = { ...place, content_type_uid: 'page', uid, data: { title } }
      await (written.has(uid) ? updateEntry(ctx, input) : createEntry(ctx, input))
      written.add(uid)
      return `main/${uid}/en-us`
    },
    ended: (deployment) => untilEnded(client, deployment.id),
    async release(name, keys) {
      const { id } = await client.createRelease(key, { name })
      await client.addReleaseItems(id, { items: keys.map((key) => ({ key })) })
      return id
    },
  }
}

async function untilEnded(client: Client, id: string): Promise<Deployment> {
  for (let n = 0; n < 1000; n += 1) {
    const deployment = await client.getDeployment(id)
    if (isFinal(deployment.state)) return deployment
    await sleep(20)
  }
  throw new Error(`deployment ${id} does not end`)
}
