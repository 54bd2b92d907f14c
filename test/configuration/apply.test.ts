import { test, type TestContext } from 'node:test'
import type { AppliedConfiguration } from '#api/configuration.ts'
import type { Problem } from '#api/problem.ts'
import { createClient } from '#client/client.ts'
import { openHouse, type TestHouse } from '../open-house.ts'

const file = `
users:
  - { email: ada@example.com, name: Ada, role: admin, password: { env: ADA_PASSWORD } }
  - { email: bob@example.com, grants: [{ project: website, role: releaser }] }
tokens:
  - { name: ci, user: ada@example.com, secret: { env: CI_TOKEN }, scopes: ["*"] }
projects:
  - key: website
    name: The website
    kind: content
    content:
      api_key: blt0123456789abcdef
      locales: [{ code: fr-fr, fallback: en-us }]
      management_tokens: [{ name: ci, token: cs-management-1, scopes: ["*"] }]
      delivery_tokens: [{ name: site, token: cs-delivery-1, environments: [production] }]
    environments:
      - { name: production, parent: staging, tier: high }
      - { name: staging }
`
const variables = { ADA_PASSWORD: 'correct horse', CI_TOKEN: 'ci-token-secret' }

function apply(
  house: TestHouse,
  yaml: string,
  more: { dry_run?: boolean; authorization?: string; variables?: object } = {},
) {
  const { dry_run = false, authorization, variables: given = variables } = more
  return house.ask(`/headgate/v1/configuration?dry_run=${dry_run}`, {
    json: { yaml, variables: given },
    headers: authorization ? { authorization } : {},
  })
}

async function changes(house: TestHouse, yaml: string, dry_run = false): Promise<string[]> {
  const response = await apply(house, yaml, { dry_run })
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return (JSON.parse(text) as AppliedConfiguration).changes
}

async function faults(house: TestHouse, yaml: string, given: object = variables): Promise<string[]> {
  const response = await apply(house, yaml, { variables: given })
  const problem = (await response.json()) as Problem
  return [`${response.status}`, ...(problem.faults ?? []).map(({ field, detail }) => `${field}|${detail}`)]
}

test('a file is tried, applied, and changes nothing when it is applied again', async (t: TestContext) => {
  const house = await openHouse(t)
  const tried = await changes(house, file, true)
  t.assert.deepEqual((await house.client.listProjects()).items, [])
  const applied = await changes(house, file)
  t.assert.deepEqual(applied, tried)
  for (const line of [
    '+ project website',
    '+ environment website/production',
    '+ environment website/staging',
    '+ user ada@example.com',
    '+ user bob@example.com',
    '+ token ci',
  ])
    t.assert.ok(applied.includes(line), `${line} in ${applied.join('; ')}`)
  t.assert.deepEqual(await changes(house, file), [])
  t.assert.deepEqual(await changes(house, '{}'), [])
  t.assert.deepEqual(await changes(house, ''), [])

  const ci = createClient({ url: house.url, token: variables.CI_TOKEN })
  const { items } = await ci.listEnvironments('website')
  t.assert.deepEqual(items.map(({ name, parent, tier }) => [name, parent, tier]).toSorted(), [
    ['production', 'staging', 'high'],
    ['staging', null, null],
  ])
  const management = createClient({ url: house.url, token: 'cs-management-1' })
  t.assert.equal((await management.listReleases('website')).items.length, 0)
  const signedIn = await house.ask('/headgate/v1/session', {
    json: { email: 'ada@example.com', password: variables.ADA_PASSWORD },
  })
  t.assert.equal(signedIn.status, 201)
  const { items: events } = await house.client.listEvents({ kind: 'configuration.applied' })
  t.assert.equal(events.length, 1)
})

test('what changed in the file is told, and nothing secret with it', async (t: TestContext) => {
  const house = await openHouse(t)
  await changes(house, file)
  const edited = file
    .replace('The website', 'Our website')
    .replace('tier: high', 'tier: low')
    .replace('name: Ada', 'name: Ada L')
  const told = await changes(house, edited)
  t.assert.deepEqual(told, [
    '~ project website name',
    '~ environment website/production tier',
    '~ user ada@example.com name',
  ])
  const moved = { ...variables, CI_TOKEN: 'another-token-secret', ADA_PASSWORD: 'another horse' }
  const response = await apply(house, edited, { variables: moved })
  const text = await response.text()
  t.assert.deepEqual((JSON.parse(text) as AppliedConfiguration).changes, [
    '~ user ada@example.com password',
    '~ token ci',
  ])
  const { items } = await house.client.listEvents({ limit: 200 })
  for (const secret of [
    ...Object.values(variables),
    ...Object.values(moved),
    'cs-management-1',
    'cs-delivery-1',
  ]) {
    t.assert.ok(!text.includes(secret))
    t.assert.ok(!JSON.stringify(items).includes(secret))
  }
  const old = createClient({ url: house.url, token: variables.CI_TOKEN })
  await t.assert.rejects(old.listProjects())
})

test('a file that cannot be is refused as a whole, with file, line and key', async (t: TestContext) => {
  const house = await openHouse(t)
  const at = async (yaml: string, line: number, key: RegExp, detail: RegExp) => {
    const [status, ...found] = await faults(house, yaml)
    t.assert.equal(status, '422', yaml)
    const hit = found.find((fault) => key.test(fault.split('|')[0] ?? '') && detail.test(fault))
    t.assert.ok(hit, `${yaml}\n${found.join('\n')}`)
    t.assert.match(hit, new RegExp(`headgate\\.yaml:${line}: `), hit)
  }
  await at('users: [\n', 2, /^/, /./)
  await at('users:\n  - email: a@b.c\n    emial: x\n', 3, /users\.0\.emial/, /no key/)
  await at('projects:\n  - kind: content\n', 2, /projects\.0\.key/, /missing/)
  await at('projects:\n  - key: a\n    kind: cheese\n', 3, /projects\.0\.kind/, /./)
  await at('projects:\n  - key: a\n    kind: data\n', 3, /projects\.0\.kind/, /not available yet/)
  await at(
    `projects:\n  - key: a\n    kind: content\n    environments:\n      - name: x\n        variables: { A: b }\n`,
    6,
    /variables/,
    /for projects of infrastructure/,
  )
  const protect = (line: string) =>
    `projects:\n  - key: a\n    kind: content\n    environments:\n      - name: x\n        ${line}\n`
  const freeze = (rrule: string, start: string) =>
    protect(
      `freezes: [{ name: n, rrule: "${rrule}", start: "${start}", duration_minutes: 60, time_zone: UTC }]`,
    )
  const never = 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'
  await at(protect('requires_parent: true'), 6, /requires_parent/, /wants a parent/)
  await at(protect('approvals: { count: -1 }'), 6, /approvals\.count/, /./)
  await at(freeze(never, '17:00'), 6, /^projects\.0\.environments\.0\.freezes\.0\.rrule$/, /never matches/)
  await at(freeze('FREQ=DAILY', '25:00'), 6, /freezes\.0\.start/, /time of day/)
  await at(freeze('FREQ=HOURLY', '17:00'), 6, /freezes\.0\.rrule/, /FREQ=HOURLY/)
  await at(
    `projects:\n  - key: a\n    kind: content\n    content:\n      api_kye: x\n`,
    5,
    /content\.api_kye/,
    /no key/,
  )
  await at(
    `projects:\n  - key: a\n    kind: content\n  - key: a\n    kind: content\n`,
    4,
    /projects\.1/,
    /second time/,
  )
  await at(
    `tokens:\n  - { name: x, user: nobody@example.com, secret: 12345678a, scopes: ["*"] }\n`,
    2,
    /tokens\.0/,
    /no user/,
  )
  await at(`users:\n  - { email: a@b.c, password: { env: NOT_SET } }\n`, 2, /users\.0\.password/, /NOT_SET/)
  await at(`users:\n  - email: a@b.c\n  - email: ada@example.com\n    role: king\n`, 4, /users\.1\.role/, /./)
  await at(
    `users:\n  - { email: a@b.c, role: admin }\ntokens:\n  - { name: x, user: a@b.c, secret: 12345678a, scopes: ["fly.*"] }\n`,
    4,
    /tokens\.0/,
    /scope/,
  )
  t.assert.deepEqual((await house.client.listProjects()).items, [])
  const users = (await (await house.ask('/headgate/v1/users')).json()) as { items: unknown[] }
  t.assert.equal(users.items.length, 1)
})

test('approvals and freezes come and go with the file, and those that people set stay', async (t: TestContext) => {
  const house = await openHouse(t)
  const place = (more: string) =>
    `projects:\n  - key: a\n    kind: content\n    environments: [{ name: x, ${more} }]\n`
  const night = (start: string) =>
    `{ name: night, rrule: FREQ=DAILY, start: "${start}", duration_minutes: 60, time_zone: Europe/Paris }`
  const first = `approvals: { count: 2, timeout_hours: 1.5 }, freezes: [${night('22:00')}]`
  t.assert.ok((await changes(house, place(first))).includes('+ freeze a/x night'))
  const [environment] = (await house.client.listEnvironments('a')).items
  t.assert.deepEqual(environment?.approvals, { count: 2, timeout_seconds: 5400 })
  await house.client.freeze('a', 'x', { kind: 'emergency', reason: 'fire' })
  t.assert.deepEqual(await changes(house, place(`freezes: [${night('22:00')}]`)), [])
  t.assert.deepEqual(await changes(house, place(`freezes: [${night('23:00')}]`)), ['~ freeze a/x night'])
  const names = async () =>
    (await house.client.listFreezes('a', 'x')).items.map(({ name, start, origin }) => [name, start, origin])
  t.assert.deepEqual(await names(), [
    ['night', '23:00', 'configuration'],
    ['emergency freeze', null, 'request'],
  ])
  // Lifted by hand it stays away until the file is applied next.
  const [declared] = (await house.client.listFreezes('a', 'x')).items
  await house.client.liftFreeze('a', declared!.id, 'the fix has to go out')
  t.assert.deepEqual(await changes(house, place(`freezes: [${night('23:00')}]`)), ['+ freeze a/x night'])
  t.assert.deepEqual(await changes(house, place('tier: high')), ['~ environment a/x tier'], 'left alone')
  t.assert.deepEqual(await changes(house, place('freezes: []')), ['- freeze a/x night'])
  t.assert.deepEqual(await names(), [['emergency freeze', null, 'request']])
})

test('bombs, circles and the server’s own environment are kept out', async (t: TestContext) => {
  const house = await openHouse(t)
  const levels = Array.from({ length: 20 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}*a${n}]`)
  const bomb = ['a0: &a0 [x]', ...levels].join('\n')
  t.assert.equal((await faults(house, bomb))[0], '422')
  t.assert.equal((await faults(house, `users:\n  - { email: a@b.c, name: { env: PATH } }`))[0], '422')
  t.assert.equal((await faults(house, `users:\n  - { email: a@b.c, name: { env: constructor } }`))[0], '422')
  t.assert.equal(
    (
      await faults(
        house,
        `projects:\n  - key: a\n    kind: content\n    environments: [{ name: x, parent: y }, { name: y, parent: x }]`,
      )
    )[0],
    '422',
  )
  t.assert.equal((await faults(house, 'users: "\\0"'))[0], '422')
  t.assert.equal((await faults(house, `users:\n  - { email: "a@b.c", name: "a\\0b" }`))[0], '422')
})

test('text that the store cannot keep is refused where it stands', async (t: TestContext) => {
  const house = await openHouse(t)
  for (const [yaml, field] of [
    ['projects:\n  - { key: a, kind: content, name: "a\\0b" }', 'projects.0.name'],
    ['projects:\n  - { key: a, kind: content, name: "a\\ud800b" }', 'projects.0.name'],
    ['projects:\n  - { key: a, kind: content, name: x, "a\\0b": 1 }', 'projects.0'],
    ['users:\n  - { email: "a@b.c", password: { env: ODD } }', 'users.0.password'],
  ] as const) {
    const [status, fault] = await faults(house, yaml, { ODD: 'correct horse \u{d800}battery' })
    if (status === '400') continue // The hall refuses such variables before anybody reads them.
    t.assert.equal(status, '422', yaml)
    t.assert.match(fault ?? '', new RegExp(`^${field}\\|[^ ]*:2: ${field} `), yaml)
  }
})

test('only who may do all of it applies a file', async (t: TestContext) => {
  const house = await openHouse(t)
  await changes(house, file)
  const make = async (token: object) => {
    const made = await house.ask('/headgate/v1/tokens', { json: { name: 'x', ...token } })
    return ((await made.json()) as { secret: string }).secret
  }
  for (const token of [
    { scopes: ['project.admin', 'environment.admin', 'token.admin'] },
    { scopes: ['*'], project: 'website' },
  ]) {
    const response = await apply(house, '{}', { authorization: `Bearer ${await make(token)}` })
    t.assert.equal(response.status, 403)
  }
  const all = ['project.admin', 'environment.admin', 'token.admin', 'user.admin', 'catalogue.edit']
  const authorization = `Bearer ${await make({ scopes: all })}`
  t.assert.equal((await apply(house, 'users: [{ email: c@example.com }]', { authorization })).status, 200)
  // Such a token is no admin of all: it makes none, and takes over none.
  for (const wider of [
    'users: [{ email: d@example.com, role: admin }]',
    'users: [{ email: ada@example.com, password: taken-over }]',
    file.replace('["*"] }\nprojects', '["*"], }\nprojects').replace('ci-token', 'x'),
  ]) {
    const response = await apply(house, wider, {
      authorization,
      variables: { ...variables, CI_TOKEN: 'a-stolen-token' },
    })
    t.assert.ok([403, 422].includes(response.status), `${response.status} ${wider}`)
  }
})
