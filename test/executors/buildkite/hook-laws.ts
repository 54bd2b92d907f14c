import type { TestContext } from 'node:test'
import fc from 'fast-check'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { webhookToken, type BuildkiteHouse } from './buildkite-house.ts'
import { tellOfBuild } from './hook.ts'

/** Whoever tells of a build has to prove that it is Buildkite, and even then only has it looked at. In a house that knows no Buildkite yet. */
export async function checkHook(t: TestContext, house: BuildkiteHouse): Promise<void> {
  const { url, kite } = house
  const tell = async (...args: Parameters<typeof tellOfBuild> extends [string, ...infer R] ? R : never) =>
    (await tellOfBuild(url, ...args)).status
  t.assert.strictEqual(await tell('ping', undefined, { token: webhookToken }), 401, 'nobody declared it')

  const shop = await house.shop({ environments: [{ name: 'staging', deploy: house.by() }] })
  const candidate = await shop.cut({ version: '1.0.0-rc1' })
  const deployment_id = await shop.deploy(candidate, 'staging')
  const build = await house.buildOf({ deployment_id })

  await t.test('without a proof, or with a wrong one, it is a stranger', async (t: TestContext) => {
    const old = new Date(Date.now() - 600_000)
    const strangers: Parameters<typeof tellOfBuild>[3][] = [
      {},
      { token: 'another-token-0123456789' },
      { secret: 'another-token-0123456789' },
      { secret: webhookToken, at: old },
      {
        secret: webhookToken,
        body: JSON.stringify({ event: 'build.finished', build: { ...build, id: 'x' } }),
      },
    ]
    for (const terms of strangers) t.assert.strictEqual(await tell('build.finished', build, terms), 401)
  })

  await t.test(
    'of builds that are not ours is only said whether the token is right',
    async (t: TestContext) => {
      const unknown = {
        ...build,
        meta_data: { headgate_dispatch: '01234567-89ab-7def-8123-456789abcdef' },
        env: {},
      }
      t.assert.strictEqual(await tell('build.finished', unknown, { token: 'another-token-0123456789' }), 401)
      t.assert.strictEqual(await tell('build.finished', unknown, { token: webhookToken }), 200)
      const odd = { ...build, id: '\u0000', meta_data: { headgate_dispatch: '\u0000' }, env: {} }
      t.assert.strictEqual(await tell('build.finished', odd, { token: webhookToken }), 200)
      t.assert.strictEqual(await tell('build.finished', undefined, { token: webhookToken }), 200)
    },
  )

  await t.test('what is no message is refused as such', async (t: TestContext) => {
    for (const body of ['', 'null', '[]', '7', '{', '{"event":7}', '"\\ud800"', '\u0000'])
      t.assert.strictEqual(await tell('build.finished', build, { token: webhookToken, body }), 400)
  })

  await t.test('whatever is sent, nothing breaks', async (t: TestContext) => {
    const shaped = fc.record({
      event: fc.oneof(fc.constantFrom('ping', 'build.finished'), fc.anything()),
      build: fc.oneof(
        fc.record({ id: fc.anything(), meta_data: fc.anything(), env: fc.anything() }),
        fc.anything(),
      ),
    })
    const json = fc.oneof(shaped, fc.anything()).map((value) => JSON.stringify(value) ?? 'undefined')
    const bodies = fc.oneof(
      json.map((text) => Buffer.from(text)),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    )
    const odd = fc.oneof(
      fc.string({ unit: 'binary-ascii' }),
      fc.constantFrom('timestamp=1,signature=2', webhookToken),
    )
    await fc.assert(
      fc.asyncProperty(bodies, odd, odd, async (payload, token, signature) => {
        const headers = { 'x-buildkite-token': token, 'x-buildkite-signature': signature }
        const known = Object.entries(headers).filter(([, value]) => /^[ -~]*$/.test(value))
        const { statusCode } = await house.server!.inject({
          method: 'POST',
          url: '/api/buildkite/webhook',
          headers: Object.fromEntries(known),
          payload,
        })
        t.assert.ok(statusCode === 200 || (statusCode >= 400 && statusCode < 500), String(statusCode))
      }),
      { numRuns: 60 },
    )
  })

  await t.test('its lie that it passed is not believed', async (t: TestContext) => {
    const passed = { ...build, state: 'passed' as const }
    const calls = kite.calls.length
    t.assert.strictEqual(await tell('build.finished', passed, { secret: webhookToken }), 200)
    const { resume_at } = await house.rests({ deployment_id })
    t.assert.ok(kite.calls.length > calls, 'it was looked at')
    const { state } = await getDeployment(house.ctx, { deployment_id })
    t.assert.strictEqual(state, 'applying', 'Buildkite itself does not say so')
    for (const event of ['ping', 'job.finished'])
      t.assert.strictEqual(await tell(event, passed, { token: webhookToken }), 200)
    t.assert.deepStrictEqual((await house.rests({ deployment_id })).resume_at, resume_at, 'no reason to look')
    kite.move(build.number, { state: 'passed' })
    t.assert.strictEqual(await tell('build.finished', build, { secret: webhookToken }), 200)
    t.assert.strictEqual((await house.ended(deployment_id)).state, 'succeeded')
    t.assert.strictEqual(await tell('build.finished', build, { token: webhookToken }), 200, 'said twice')
  })
}
