import { test, type TestContext } from 'node:test'
import { applyConfiguration } from '#app/configuration/apply-configuration.ts'
import { isDomainError } from '#domain/errors.ts'
import { listEnvironments } from '#store/environment.ts'
import { findProjectByKey } from '#store/project.ts'
import { smallHouse } from '../small-house.ts'

const part = { kind: 'content', schema: {}, apply: async () => [] } as const
const secret = Buffer.alloc(32, 3).toString('base64')

async function apply(
  ctx: Parameters<typeof applyConfiguration>[0],
  deploy: string,
): Promise<string[] | string> {
  const text = `projects:\n- key: site\n  kind: content\n  environments:\n  - name: one\n    deploy: ${deploy}\n`
  return applyConfiguration(ctx, [part], {
    text,
    file: 'h.yaml',
    environment: { TOKEN: 'top-secret' },
  }).catch((error: unknown) => {
    if (!isDomainError(error, 'invalid')) throw error
    return error.details.faults.map(({ detail }) => detail).join('; ')
  })
}

test('how an environment deploys is declared, kept with its secrets sealed, and the same again changes nothing', async (t: TestContext) => {
  const { ctx } = await smallHouse(t)
  const command = '{ executor: command, command: [./x.sh, "a b"], environment: { TOKEN: { env: TOKEN } } }'
  await apply(ctx, command)
  const project = await findProjectByKey(ctx.db, 'site')
  const [row] = await listEnvironments(ctx.db, project!.id)
  t.assert.strictEqual(row?.executor, 'command')
  t.assert.deepStrictEqual(row.executor_settings.command, ['./x.sh', 'a b'])
  t.assert.doesNotMatch(JSON.stringify(row.executor_settings), /top-secret/)
  t.assert.deepStrictEqual(await apply(ctx, command), [])
  const webhook = `{ executor: webhook, url: "http://10.0.0.1/run", secret: "${secret}" }`
  t.assert.deepStrictEqual(await apply(ctx, webhook), ['~ environment site/one deploy'])
  t.assert.deepStrictEqual(await apply(ctx, webhook), [])
  const buildkite =
    '{ executor: buildkite, organization: acme, pipeline: shop, token: { env: TOKEN }, webhook_token: { env: TOKEN }, parameters: { IMAGE: "shop:${version}" } }'
  t.assert.deepStrictEqual(await apply(ctx, buildkite), ['~ environment site/one deploy'])
  t.assert.deepStrictEqual(await apply(ctx, buildkite), [])
  const [kite] = await listEnvironments(ctx.db, project!.id)
  t.assert.doesNotMatch(JSON.stringify(kite!.executor_settings), /top-secret/)
  const workflow =
    '{ executor: github-actions, workflow: x.yml, repository: a/b, token: { env: TOKEN }, inputs: { a: "${commit}" } }'
  t.assert.deepStrictEqual(await apply(ctx, workflow), ['~ environment site/one deploy'])
  t.assert.deepStrictEqual(await apply(ctx, workflow), [])
  const [there] = await listEnvironments(ctx.db, project!.id)
  t.assert.doesNotMatch(JSON.stringify(there), /top-secret/)
  t.assert.deepStrictEqual(await apply(ctx, '{ executor: none }'), ['~ environment site/one deploy'])
  t.assert.deepStrictEqual(await apply(ctx, '{ executor: content }'), ['~ environment site/one deploy'])
  const events = await ctx.db.selectFrom('event').select('data').execute()
  t.assert.doesNotMatch(JSON.stringify(events), /top-secret|AwMD/)
})

test('what an executor cannot be given is refused with file, line and key', async (t: TestContext) => {
  const { ctx } = await smallHouse(t)
  const cases: [string, RegExp][] = [
    ['{ executor: command }', /h\.yaml:6: .*deploy\.command is missing: command needs it/],
    ['{ executor: command, command: ./deploy.sh --all }', /deploy\.command/],
    ['{ executor: command, command: [], url: "http://x" }', /deploy\.command/],
    ['{ executor: command, command: [x], url: "http://x" }', /deploy\.url is no key of command/],
    [
      '{ executor: command, command: [x], environment: { HEADGATE_CHECK: "1" } }',
      /HEADGATE_CHECK is Headgate's own/,
    ],
    ['{ executor: command, command: [x], timeout_seconds: 0 }', /timeout_seconds/],
    ['{ executor: webhook, url: "ftp://x", secret: "y" }', /deploy\.url/],
    [`{ executor: webhook, url: "http://x" }`, /deploy\.secret is missing/],
    ['{ executor: buildkite, organization: acme, token: "12345678" }', /deploy\.pipeline is missing/],
    ['{ executor: buildkite, organization: "a/b", pipeline: x, token: "12345678" }', /deploy\.organization/],
    [
      '{ executor: buildkite, organization: a, pipeline: x, token: "12345678", parameters: { HEADGATE_X: "1", A: "${sha}" } }',
      /HEADGATE_X is Headgate's own.*\$\{sha\} is none of commit/,
    ],
    [
      '{ executor: github-actions, workflow: x.yml }',
      /deploy\.token is missing.*deploy\.repository is missing/,
    ],
    ['{ executor: github-actions, workflow: ../x.yml, token: "12345678" }', /deploy\.workflow/],
    [
      '{ executor: github-actions, workflow: x.yml, token: "1234 678", repository: a/.. }',
      /deploy\.token.*deploy\.repository/,
    ],
    [
      '{ executor: github-actions, workflow: x.yml, token: "12345678", repository: a/b, inputs: { A: "${sha}", "b c": "1" } }',
      /deploy\.inputs/,
    ],
    [
      '{ executor: github-actions, workflow: x.yml, token: "12345678", repository: a/b, inputs: { A: "${sha}" } }',
      /\$\{sha\} is none of commit/,
    ],
    [
      '{ executor: github-actions, workflow: x.yml, token: "12345678", repository: a/b, ref: "-x" }',
      /deploy\.ref/,
    ],
    ['{ executor: terraform }', /terraform is not available for content/],
    ['{ executor: command, command: [x], shell: true }', /deploy\.shell is no key that is known here/],
  ]
  for (const [deploy, wanted] of cases) t.assert.match(String(await apply(ctx, deploy)), wanted, deploy)
})
