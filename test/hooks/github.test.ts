import { createHmac } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { hookContext } from '#app/repositories/hear-push.ts'
import { dispatchOf, ends, gitHubHouse } from '../executors/github-actions/github-house.ts'

const secret = 'a secret that only GitHub and we know'
const runOf = (id: number) => ({
  action: 'completed',
  workflow_run: { id },
  repository: { full_name: 'ACME/shop' },
})

test('GitHub’s messages', async (t: TestContext) => {
  const house = await gitHubHouse(t)
  const gitHub = await house.gitHub(t)
  const { shop, deploy } = await house.shopAt(house.by(gitHub))
  const { repository_id } = shop
  const hook_secret = house.house.vault.seal(secret, hookContext(repository_id))
  await house.ctx.db.updateTable('repository').set({ hook_secret }).where('id', '=', repository_id).execute()

  const signed = (body: string, by = secret) =>
    `sha256=${createHmac('sha256', by).update(body).digest('hex')}`
  const post = (event: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${house.url}/headgate/hooks/github`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': event,
        'x-hub-signature-256': signed(body),
        ...headers,
      },
      body,
    })

  await t.test(
    'what is not signed by the repository’s secret, or is about none, is refused',
    async (t: TestContext) => {
      const body = JSON.stringify(runOf(1))
      const cases: [what: string, body: string, headers: Record<string, string>, status: number][] = [
        ['another secret', body, { 'x-hub-signature-256': signed(body, 'another') }, 401],
        ['no signature', body, { 'x-hub-signature-256': '' }, 401],
        ['another body', `${body} `, { 'x-hub-signature-256': signed(body) }, 401],
        ['a repository that is not known', body.replace('shop', 'cellar'), {}, 401],
        ['no repository', '{"repository":null}', {}, 401],
        ['a list', '[]', {}, 401],
        ['nothing', '', {}, 400],
        ['no JSON', '{', {}, 400],
        ['null', 'null', {}, 400],
        ['deep nesting', '['.repeat(1_000_000), {}, 400],
      ]
      for (const [what, said, headers, status] of cases) {
        const response = await post('workflow_run', said, headers)
        t.assert.strictEqual(response.status, status, `${what}: ${await response.text()}`)
      }
    },
  )

  await t.test(
    'a ping is answered, and what nobody here waits for is taken and left',
    async (t: TestContext) => {
      const body = JSON.stringify(runOf(1))
      const said = async (response: Response) => [response.status, await response.json()]
      t.assert.deepStrictEqual(await said(await post('ping', body)), [200, { heard: true }])
      t.assert.deepStrictEqual(await said(await post('workflow_run', body)), [202, { heard: false }])
      t.assert.deepStrictEqual(
        await said(await post('star', '{"repository":{"full_name":"acme/shop"},"workflow_run":{"id":"x"}}')),
        [202, { heard: false }],
      )
      t.assert.deepStrictEqual(await said(await post('push', body)), [202, { heard: true }])
      const form = new URLSearchParams({ payload: body }).toString()
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      t.assert.deepStrictEqual(await said(await post('ping', form, type)), [200, { heard: true }])
    },
  )

  await t.test(
    'a run that went on is looked at before its turn, and only what GitHub itself says of it counts',
    async (t: TestContext) => {
      const id = await deploy()
      await house.pass(
        async () => gitHub.calls.includes('GET jobs') && (await dispatchOf(house, id)).state === 'waiting',
      )
      // Its turn is far away now.
      house.clock.now = new Date(house.clock.now.getTime() - 3_600_000)
      const [run] = gitHub.runs
      const looks = () => gitHub.calls.filter((call) => call === 'GET jobs').length
      const before = looks()
      const body = JSON.stringify({
        ...runOf(run!.id),
        workflow_run: { id: run!.id, status: 'completed', conclusion: 'success' },
      })
      t.assert.deepStrictEqual(await (await post('workflow_run', body)).json(), { heard: true })
      while (looks() === before) await new Promise((resolve) => setTimeout(resolve, 20))
      t.assert.strictEqual((await house.client.getDeployment(id)).state, 'applying')
      ends('success')(run!)
      await dispatchOf(house, id)
      await post('workflow_run', JSON.stringify(runOf(run!.id)))
      t.assert.strictEqual((await house.ended(id)).state, 'succeeded')
    },
  )
})
