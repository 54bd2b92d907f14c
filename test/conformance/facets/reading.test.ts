import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { KyselyPlugin } from 'kysely'
import type { Context } from '#app/context.ts'
import { tellReleases } from '#app/infra/tell-releases.ts'
import { insertDeployments } from '#store/deployment-write.ts'
import { terraformOrSkip } from '../../infra-house.ts'
import { sharedDesk } from './open-desk.ts'

const shared = sharedDesk()
const config = (name: string, content: string) => ({ type: 'config', name, spec: { content } })

/** The only deployment of a project, again and again. */
async function copyDeployments({ db, newId }: Context, projectId: string, times: number): Promise<void> {
  const only = db.selectFrom('deployment').selectAll().where('project_id', '=', projectId)
  const { number: _number, ...row } = await only.executeTakeFirstOrThrow()
  await insertDeployments(
    db,
    Array.from({ length: times }, () => ({ ...row, id: newId() })),
  )
}

test('a page of fifty logs is as many statements as a page of one', async (t: TestContext) => {
  const desk = shared()
  const broken = config('a', '${config.nowhere.out.attributes.path}')
  const platform = await desk.house.platform({ resources: [broken] })
  const path = desk.deployments(platform)
  t.assert.equal((await desk.call('PUT', `${path}/release`)).body.status, 'INVALID')
  await copyDeployments(desk.house.ctx, platform.project.id, 59)
  let sent = 0
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      sent += 1
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const ctx = { ...desk.house.ctx, db: desk.house.ctx.db.withPlugin(counting) }
  const place = { project_id: platform.project.id, environment_id: platform.environments['prod']!.id }
  const statements = async (limit: number) => {
    sent = 0
    t.assert.equal((await tellReleases(ctx, { ...place, limit, offset: 0 })).length, limit)
    return sent
  }
  const one = await statements(1)
  t.assert.ok(one > 0 && one <= 3)
  t.assert.equal(await statements(50), one)
  type Page = { content: object[]; totalElements: number; totalPages: number; last: boolean }
  const { body } = await desk.call<Page>('GET', `${path}/search?pageNumber=1`)
  t.assert.deepEqual([body.content.length, body.totalElements, body.totalPages, body.last], [10, 60, 2, true])
})

test('a hook of the blueprint can ask for approval, and refuse', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one')] })
  const path = desk.deployments(platform)
  const hook = (lines: string) => {
    const folder = join(platform.folders.blueprint, 'pre_release_hooks')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'pre_release_hook.sh'), `#!/bin/sh\n${lines}\n`)
    chmodSync(join(folder, 'pre_release_hook.sh'), 0o755)
  }
  hook('grep -q \'"changeType": *"CREATE"\' "$1" && exit 2')
  const { id } = await desk.released('PUT', `${path}/release`, {}, ['PENDING_APPROVAL'])
  t.assert.equal((await desk.call('GET', `${path}/${id}`)).body.status, 'PENDING_APPROVAL')
  const { body } = await desk.call('POST', `${path}/${id}/approveRelease`, { as: 'approver' })
  t.assert.equal((await desk.ended(path, body.approvedReleaseId!)).status, 'SUCCEEDED')
  platform.write(config('a', 'two'))
  hook('echo not on a Friday; exit 1')
  const refused = await desk.released('PUT', `${path}/release`)
  t.assert.equal(refused.status, 'FAILED')
  t.assert.match(refused.errorLogs![0]!.description!, /hook refused/)
  t.assert.equal(platform.real('prod/a.config'), 'one')
})

test('a secret is in nothing that is answered', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const secret = { type: 'config', name: 'a', spec: { content_secret: '${blueprint.self.secrets.TOKEN}' } }
  const platform = await desk.house.platform({
    resources: [secret],
    environments: [{ name: 'prod', secrets: { TOKEN: 'hunter2 is secret' } }],
  })
  const path = desk.deployments(platform)
  const done = await desk.released('PUT', `${path}/release`)
  t.assert.deepEqual([done.status, done.errorLogs], ['SUCCEEDED', []])
  t.assert.equal(platform.real('prod/a.config'), 'hunter2 is secret')
  const answers = ['', '/release-changes', '/logs', '/logs/stream', '/download-plan'].map((end) =>
    desk.call<unknown>('GET', `${path}/${done.id}${end}`),
  )
  const said = JSON.stringify((await Promise.all(answers)).map(({ body }) => body))
  t.assert.ok(!said.includes('hunter2'))
  t.assert.ok(said.includes('(sensitive)'))
})

test('a lock that somebody left behind is let go by its id, by who may', async (t: TestContext) => {
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one')] })
  const path = desk.deployments(platform)
  const state = `${desk.house.url}/terraform-state/${platform.project.key}/prod`
  const authorization = `Basic ${btoa(`admin@example.com:${desk.house.tokens.admin}`)}`
  const lock = { ID: 'left-behind', Operation: 'OperationTypeApply', Who: 'somebody', Version: '1.11.4' }
  const held = await fetch(state, {
    ...{ method: 'LOCK', headers: { authorization, 'content-type': 'application/json' } },
    body: JSON.stringify(lock),
  })
  t.assert.equal(held.status, 200)
  const approver = { as: 'approver' } as const
  const wrong = await desk.errorOf('PUT', `${path}/unlock?lockId=another`, approver)
  t.assert.equal(wrong.status, 400)
  t.assert.match(wrong.message, /^lockId .*left-behind/)
  const { status, body } = await desk.call('PUT', `${path}/unlock?lockId=left-behind`, approver)
  t.assert.deepEqual([status, body.releaseType, body.status], [200, 'UNLOCK_STATE', 'SUCCEEDED'])
  t.assert.equal(body.triggeredBy, 'approver@example.com')
  t.assert.equal((await desk.errorOf('PUT', `${path}/unlock?lockId=left-behind`, approver)).status, 400)
})

test('what the door serves is described to whoever asks', async (t: TestContext) => {
  const desk = shared()
  const { body } = await desk.call<{ openapi: string; paths: object }>('GET', '/v3/api-docs', { as: null })
  t.assert.equal(body.openapi, '3.1.0')
  t.assert.ok('/cc-ui/v1/clusters/{clusterId}/deployments/release' in body.paths)
})
