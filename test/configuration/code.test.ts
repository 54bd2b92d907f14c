import { test, type TestContext } from 'node:test'
import { applyConfiguration } from '#app/configuration/apply-configuration.ts'
import type { Context } from '#app/context.ts'
import { createProjectOfKind } from '#app/projects/create-project-of-kind.ts'
import { isDomainError } from '#domain/errors.ts'
import { findCodeSettings } from '#store/code-settings.ts'
import { listEnvironments } from '#store/environment.ts'
import { findProjectByKey } from '#store/project.ts'
import { configuration } from '#surfaces/aviator/configuration.ts'
import { smallHouse } from '../small-house.ts'

const key = '-----BEGIN OPENSSH PRIVATE KEY-----\\nabc\\n-----END OPENSSH PRIVATE KEY-----'
const usual =
  'repository: { name: acme/shop, url: "https://git.example.com/shop.git", credential: { env: TOKEN } }'

function file(
  code: string,
  environments = '[{ name: staging }, { name: production, parent: staging }]',
): string {
  return `projects:\n- key: shop\n  kind: code\n  environments: ${environments}\n  code: { ${code} }\n`
}

async function apply(ctx: Context, text: string): Promise<string[] | string> {
  const environment = { TOKEN: 'ghs_0123456789secret', OTHER: 'ghs_another-secret' }
  return applyConfiguration(ctx, [configuration], { text, file: 'h.yaml', environment }).catch(
    (error: unknown) => {
      if (!isDomainError(error, 'invalid')) throw error
      return error.details.faults.map(({ detail }) => detail).join('; ')
    },
  )
}

async function settingsOf(ctx: Context) {
  const project = await findProjectByKey(ctx.db, 'shop')
  return (await findCodeSettings(ctx.db, project!.id))!
}

test('what a project of code releases from, how and when is declared once and then changes nothing', async (t: TestContext) => {
  const { ctx, jobs } = await smallHouse(t)
  const whole = `${usual}, paths: ["services/shop/**"], versions: semver, tag_patterns: ["v*"], push: true,
    cut: { cron: "0 9 * * 1-5", time_zone: Europe/Paris, deploy_to: staging },
    build: { executor: command, command: [make], environment: { KEY: { env: TOKEN } } }`
  t.assert.deepEqual(await apply(ctx, file(whole)), [
    '+ project shop',
    '+ environment shop/staging',
    '+ environment shop/production',
    '+ repository acme/shop (shop)',
    '+ code of acme/shop (shop)',
  ])
  const settings = await settingsOf(ctx)
  // It is a Saturday; 9 o'clock in Paris in winter.
  t.assert.equal(settings.next_cut_at?.toISOString(), '2026-11-23T08:00:00.000Z')
  t.assert.deepEqual(
    [settings.paths, settings.tag_patterns, settings.versions, settings.time_zone, settings.push],
    [['services/shop/**'], ['v*'], 'semver', 'Europe/Paris', true],
  )
  t.assert.ok(settings.deploy_to && settings.branch_prefix && settings.author_email)
  t.assert.deepEqual([settings.build_executor, settings.build_settings.command], ['command', ['make']])
  t.assert.deepEqual(jobs.filter(({ name }) => name === 'fetch-repository').length, 1)
  t.assert.deepEqual(await apply(ctx, file(whole)), [])
  t.assert.deepEqual(await apply(ctx, 'projects: [{ key: shop, kind: code }]'), [])
  const environments = await listEnvironments(ctx.db, settings.project_id)
  t.assert.deepEqual(
    environments.map(({ executor }) => executor),
    ['none', 'none'],
  )

  t.assert.deepEqual(
    await apply(
      ctx,
      file(`${usual.replace('TOKEN', 'OTHER')}, cut: { cron: null, deploy_to: null }, paths: []`),
    ),
    ['~ repository acme/shop credential (shop)', '~ project shop code paths, cut_cron, deploy_to'],
  )
  const after = await settingsOf(ctx)
  t.assert.deepEqual(
    [after.next_cut_at, after.deploy_to, after.paths, after.versions],
    [null, null, [], 'semver'],
  )
  t.assert.equal(after.version, 2)

  const kept = await ctx.db.selectFrom('repository').selectAll().execute()
  const events = await ctx.db.selectFrom('event').select('data').execute()
  t.assert.doesNotMatch(JSON.stringify([kept, events, after, jobs]), /ghs_/)
})

test('code goes on by itself only from a parent', async (t: TestContext) => {
  const { ctx } = await smallHouse(t)
  t.assert.match(
    String(await apply(ctx, file(usual, '[{ name: one, auto_promote: true }]'))),
    /auto_promote wants a parent/,
  )
  const pair = '[{ name: two, parent: one, auto_promote: true }, { name: one }]'
  await apply(ctx, file(usual, pair))
  const { project_id } = await settingsOf(ctx)
  const rows = await listEnvironments(ctx.db, project_id)
  t.assert.deepEqual(
    rows.map(({ name, auto_promote }) => [name, auto_promote]),
    [
      ['two', true],
      ['one', false],
    ],
  )
  t.assert.deepEqual(await apply(ctx, file(usual, pair)), [])
})

test('what cannot be is refused with file, line and key, and nothing is made', async (t: TestContext) => {
  const { ctx, jobs } = await smallHouse(t)
  const at = (url: string, more = '') => `repository: { name: acme/shop, url: "${url}"${more} }`
  const cases: [string, RegExp][] = [
    ['paths: [a]', /code\.repository is missing/],
    ['repository: { name: acme/shop }', /repository\.url is missing/],
    ['repository: { name: shop, url: /srv/shop.git }', /repository\.name must be org\/name/],
    [`${usual}, versions: romantic`, /versions must be calver or semver/],
    [`${usual}, build: { executor: jenkins }`, /jenkins is not available for code: .*none, command, webhook/],
    [at('ext::sh -c touch% /tmp/x'), /ext:: runs a program/],
    [at('fd::3'), /fd:: runs a program/],
    [at('--upload-pack=touch /tmp/x'), /must not begin with a dash/],
    [at('ssh://-oProxyCommand=x/y'), /is no URL|names no host|begins with a dash/],
    [at('git@-oProxyCommand=x:y'), /must be an https/],
    [at('ftp://example.com/x'), /ftp:\/\/ is not spoken here/],
    [at('shop.git'), /must be an https/],
    [at('https://me:secret@example.com/x'), /must not hold a password/],
    [at('ssh://git@example.com/x', ', credential: { env: TOKEN }'), /must be a private key/],
    [at('https://example.com/x', `, credential: "${key}"`), /must be a token/],
    [at('/srv/shop.git', ', branch: "--all"'), /repository\.branch/],
    [at('/srv/shop.git', ', branch: "a..b"'), /repository\.branch/],
    [`${usual}, cut: { cron: "0 9 * *" }`, /h\.yaml:5: .*cut\.cron must be five fields/],
    [`${usual}, cut: { cron: "0 0 30 2 *" }`, /cut\.cron must be five fields/],
    [`${usual}, cut: { cron: "0 9 * * 1", time_zone: Mars/One }`, /cut\.time_zone Mars\/One is no time zone/],
    [`${usual}, time_zone: UTC, cut: { time_zone: Europe/Paris }`, /cut\.time_zone differs/],
    [`${usual}, cut: { deploy_to: moon }`, /cut\.deploy_to 'moon' is no environment/],
    [`${usual}, paths: ["../other/**"]`, /paths\.0 must not leave/],
    [`${usual}, tag_patterns: ["v *"]`, /tag_patterns\.0/],
    [`${usual}, build: { executor: command }`, /build\.command is missing/],
    [`${usual}, build: { executor: code }`, /code is not available/],
    [`${usual}, colour: red`, /colour is no key/],
  ]
  for (const [code, wanted] of cases) t.assert.match(String(await apply(ctx, file(code))), wanted, code)
  t.assert.equal(await findProjectByKey(ctx.db, 'shop'), undefined)
  t.assert.deepEqual(jobs, [])
  const making = createProjectOfKind(ctx, [configuration], { key: 'shop', name: 'Shop', kind: 'code' })
  await t.assert.rejects(making, /headgate\.yaml says what a project of code releases from/)
})

test('two projects may release from one repository, and have to agree on where it is', async (t: TestContext) => {
  const { ctx } = await smallHouse(t)
  const two = (first: string, second: string) =>
    `projects:\n- { key: a, kind: code, code: { ${first} } }\n- { key: b, kind: code, code: { ${second} } }\n`
  const same = two(usual, 'repository: { name: ACME/shop }, paths: [b]')
  t.assert.deepEqual(
    ((await apply(ctx, same)) as string[]).filter((line) => line.includes('repository')),
    ['+ repository acme/shop (a)'],
  )
  t.assert.deepEqual(await apply(ctx, same), [])
  const other = two(usual, 'repository: { name: acme/shop, url: /srv/git/other.git }')
  t.assert.match(String(await apply(ctx, other)), /repository\.(url|credential) /)
  const moved = `projects:\n- { key: a, kind: code, code: { ${usual.replace('acme/shop', 'acme/store')} } }\n`
  t.assert.match(String(await apply(ctx, moved)), /repository\.name is acme\/shop since the project was made/)
})
