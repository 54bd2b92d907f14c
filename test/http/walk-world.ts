import type { TestContext } from 'node:test'
import { asPrincipal } from '#app/context.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import { requestRun } from '#app/runs/request-run.ts'
import { readId, showId } from '#domain/ids.ts'
import { insertCandidate } from '#store/candidate.ts'
import { openSite, type Site } from '../native/site.ts'
import type { Targets } from './walk-callers.ts'
import type { Row } from './walk-table.ts'

/** What stands in place of a route's parameters and of `$words` in its body and query. */
export type Names = Record<string, string>

export interface WalkWorld {
  site: Site
  names: Names
  targets: Targets
  /** The names again, where what the row needs has been made anew. */
  anew(row: Row): Promise<Names>
}

/** A content project with an environment, a release that was deployed, and another project. */
export async function openWorld(t: TestContext): Promise<WalkWorld> {
  const site = await openSite(t)
  const { client, ask } = site
  await client.createProject({ key: 'other', kind: 'content' })
  const item = await site.write('blt1', 'One')
  const deployed = await site.release('Deployed', [item])
  const deployment = await site.ended(await client.deploy('site', 'staging', { release: deployed }))
  const release = await site.release('Open', [item])
  const locked = await site.release('Locked', [item])
  await ask(`/headgate/v1/releases/${locked}/lock`, { method: 'PUT' })
  const { token } = await made(site, '/tokens', { name: 'a token', scopes: ['event.read'] })
  const { items: users } = (await (await ask('/headgate/v1/users')).json()) as { items: { id: string }[] }
  const { webhook } = await made(site, '/webhooks', webhookOf('site'))
  const { db } = site.house
  const project = await db
    .selectFrom('project')
    .select('id')
    .where('key', '=', 'site')
    .executeTakeFirstOrThrow()
  const environment = await db
    .selectFrom('environment')
    .select('id')
    .where('name', '=', 'staging')
    .executeTakeFirstOrThrow()
  const first = await principalOf(site.house, site.credentials.token)
  const run = await requestRun(asPrincipal(site.house, first), {
    ...{ project_id: project.id, environment_id: environment.id, kind: 'check', executor: 'command' },
    ...{ settings: { command: ['true'] }, input: {}, cause: 'request' },
  })
  const candidate = await insertCandidate(db, {
    ...{ project_id: project.id, release_id: readId('release', release)!, id: site.house.newId() },
    ...{ number: 1, version: 'Open-rc1', state: 'ready', cause: 'person', created_at: site.house.now() },
  })
  const names: Names = {
    ...{ key: 'site', name: 'staging', number: '1', release, locked, deployment: deployment.id },
    ...{ webhook: (webhook as { id: string }).id, run: showId('run', run.id) },
    ...{
      candidate: showId('candidate', candidate.id),
      plan: deployment.plan_id ?? '',
      token: (token as { id: string }).id,
      user: users[0]!.id,
    },
  }
  let count = 0
  const anew = async ({ fresh }: Row): Promise<Names> => {
    const word = `fresh-${(count += 1)}`
    const more: Names = { ...names, fresh: word }
    if (fresh === 'project') {
      await client.createProject({ key: word, kind: 'content' })
      return { ...more, key: word }
    }
    if (fresh === 'environment') {
      await client.createEnvironment('site', { name: word })
      return { ...more, name: word }
    }
    if (fresh === 'release' || fresh === 'locked') {
      const { id } = await client.createRelease('site', { name: word })
      if (fresh === 'locked') await ask(`/headgate/v1/releases/${id}/lock`, { method: 'PUT' })
      return { ...more, release: id }
    }
    if (fresh === 'webhook') {
      const { webhook: it } = await made(site, '/webhooks', webhookOf('site'))
      return { ...more, webhook: (it as { id: string }).id }
    }
    if (fresh === 'token') {
      const it = await made(site, '/tokens', { name: word, scopes: ['event.read'] })
      return { ...more, token: (it.token as { id: string }).id }
    }
    return more
  }
  const targets = { project_id: project.id, environment_id: environment.id, owner_id: first.user_id! }
  return { site, names, targets, anew }
}

const webhookOf = (project: string) => ({
  ...{ project, url: 'https://example.com/hook', kinds: ['release.created'] },
})

async function made({ ask }: Site, path: string, json: object): Promise<Record<string, unknown>> {
  return (await (await ask(`/headgate/v1${path}`, { json })).json()) as Record<string, unknown>
}
