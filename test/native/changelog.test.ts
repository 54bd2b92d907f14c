import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '#client/client.ts'
import { ProblemError } from '#client/problem-error.ts'
import { listLiveCandidates } from '#app/candidates/list-live-candidates.ts'
import { requestPick } from '#app/picks/request-pick.ts'
import { reportDeployment } from '#app/deployments/report-deployment.ts'
import type { CandidateView } from '#app/candidates/candidate-view.ts'
import { showId } from '#domain/ids.ts'
import { sharedCodeHouse, type Shop } from '../code-house.ts'

const open = sharedCodeHouse()
const shown = ({ id }: { id: string }) => showId('candidate', id)
const subjects = ({ items }: { items: { change: string; subject: string }[] }) =>
  items.map(({ change, subject }) => `${change} ${subject}`)

type Ended = 'success' | 'failure'

async function putLive(shop: Shop, candidate: CandidateView, environment: string, status: Ended = 'success') {
  const deployment_id = await shop.deploy(candidate, environment)
  await reportDeployment(open().as.releaser, { deployment_id, status })
}

test('a candidate’s changelog is what it brings where something else is live, and what goes', async (t) => {
  const { client } = open()
  const shop = await open().shop()
  const { repository } = shop
  const first = await shop.cut({ release: '1.0.0' })
  repository.commit('fix(api): a fix', { fix: '1' })
  const second = await shop.cut({ release: '1.1.0' })
  repository.branch('pear')
  repository.commit('feat!: pears', { pear: '1' })
  repository.branch('main')
  repository.merge('pear', 'Merge pull request #7 from acme/pear\n\nPears for all')
  const third = await shop.cut({ release: '1.2.0' })

  await t.test('nothing is live: since the release before, and it says so', async () => {
    const { base, items } = await client.readChangelog(shown(third), { environment: 'production' })
    assert.deepEqual(
      [base.why, base.environment, base.version],
      ['previous_release', 'production', '1.1.0-rc1'],
    )
    assert.deepEqual(subjects({ items }), ['added feat!: pears'])
    assert.deepEqual(items[0]!.pull_request, { number: 7, title: 'Pears for all' })
    assert.deepEqual([items[0]!.group, items[0]!.breaking, items[0]!.author.name], ['breaking', true, 'Ada'])
    const all = await client.readChangelog(shown(first), { environment: 'production' })
    assert.deepEqual(
      [all.base.why, all.base.sha, subjects(all)],
      ['first_commit', null, ['added feat: begin']],
    )
  })

  await t.test('against what is live there', async () => {
    await putLive(shop, first, 'production')
    const found = await client.readChangelog(shown(third), { environment: 'production' })
    assert.deepEqual([found.base.why, found.base.version], ['live', '1.0.0-rc1'])
    assert.deepEqual(subjects(found), ['added feat!: pears', 'added fix(api): a fix'])
    assert.equal(found.head.sha, third.commit_sha)
    // The same as `against`, and by the release.
    assert.deepEqual(await client.readChangelog(shown(third), { against: 'live:production' }), found)
    const response = await open().ask(
      `/headgate/v1/releases/${showId('release', third.release_id)}/changelog?environment=production`,
    )
    assert.deepEqual(await response.json(), found)
  })

  await t.test('what is newer there is removed', async () => {
    await putLive(shop, third, 'staging')
    const found = await client.readChangelog(shown(second), { environment: 'staging' })
    assert.deepEqual(subjects(found), ['removed feat!: pears'])
    const text = await client.writeChangelog(shown(second), { environment: 'staging' })
    assert.match(
      text,
      /^# 1\.1\.0-rc1\n\nSince 1\.2\.0-rc1, live in staging\.\n\n## Goes\n\n- pears \(#7 Pears for all\)/,
    )
  })

  await t.test('as Markdown, by what the changes are', async () => {
    repository.commit('docs: <script>alert(1)</script> [x](javascript:x) *b* & `c`', { d: '1' })
    repository.commit('- nothing\n\nBREAKING CHANGE: all of it', { e: '1' })
    const fourth = await shop.cut({ release: '1.3.0' })
    const accept = { headers: { accept: 'text/markdown, */*' } }
    const response = await open().ask(
      `/headgate/v1/candidates/${shown(fourth)}/changelog?against=1.0.0`,
      accept,
    )
    assert.equal(response.headers.get('content-type'), 'text/markdown; charset=utf-8')
    const sha = (at: string) => repository.head(at).slice(0, 8)
    const lines = (await response.text()).split('\n')
    assert.deepEqual(lines, [
      '# 1.3.0-rc1',
      '',
      'Since 1.0.0-rc1.',
      '',
      '## Breaking changes',
      '',
      `- \\- nothing \`${sha('HEAD')}\` — Ada`,
      '',
      '  all of it',
      '',
      `- pears (#7 Pears for all) \`${sha('pear')}\` — Ada`,
      '',
      '## Fixes',
      '',
      `- **api:** a fix \`${sha(second.commit_sha!)}\` — Ada`,
      '',
      '## Documentation',
      '',
      `- \\<script\\>alert(1)\\</script\\> \\[x\\](javascript:x) \\*b\\* \\& \\\`c\\\` \`${sha('HEAD~1')}\` — Ada`,
      '',
    ])
  })

  await t.test('in pages that fit together whatever is deployed meanwhile', async () => {
    const ask = (after?: string) =>
      client.readChangelog(shown(third), {
        environment: 'staging',
        against: undefined!,
        limit: 1,
        ...(after && { after }),
      })
    await putLive(shop, first, 'staging')
    const one = await ask()
    assert.deepEqual(subjects(one), ['added feat!: pears'])
    await putLive(shop, third, 'staging')
    const two = await ask(one.next!)
    assert.deepEqual(
      [subjects(two), two.next, two.base.sha],
      [['added fix(api): a fix'], null, first.commit_sha],
    )
  })
})

test('a project’s changelog is what is not released, or what is between two of its points', async () => {
  const { client } = open()
  const shop = await open().shop({ settings: { paths: ['svc/**'] } })
  const { repository, project } = shop
  const { key } = project
  const one = repository.commit('one', { 'svc/a': '1' })
  const cut = await shop.cut({ release: '20261121' })
  repository.commit('beside', { other: '1' })
  const two = repository.commit('two', { 'svc/a': '2' })
  const head = await client.readProjectChangelog(key)
  assert.deepEqual(
    [head.base.why, head.base.version, subjects(head)],
    ['newest_cut', cut.version, ['added two']],
  )
  // A name that could be the beginning of a commit's id is the release's that has it.
  const between = await client.readProjectChangelog(key, { from: '20261121', to: two.slice(0, 10) })
  assert.deepEqual([between.base.candidate_id, subjects(between)], [shown(cut), ['added two']])
  assert.deepEqual(subjects(await client.readProjectChangelog(key, { from: two, to: cut.version })), [
    'removed two',
  ])
  assert.deepEqual(subjects(await client.readProjectChangelog(key, { from: one, to: one })), [])
  assert.match(await client.writeProjectChangelog(key, { from: one, to: one }), /No changes\./)
})

test('the first release of a project is compared with what was tagged before it', async () => {
  const { client } = open()
  const shop = await open().shop({ settings: { tag_patterns: ['v*', 'release/*'] } })
  const { repository, project } = shop
  repository.tag('v1.0.0')
  repository.commit('not yet', { a: '1' })
  repository.git('tag', '-a', '-m', 'annotated', 'release/2')
  repository.commit('fix: after the tag', { a: '2' })
  repository.tag('nightly-3')
  const head = repository.commit('feat: new', { a: '3' })
  // What is tagged itself is not compared with itself.
  repository.tag('v2.0.0', head)
  const unreleased = await client.readProjectChangelog(project.key)
  assert.deepEqual([unreleased.base.why, unreleased.base.version], ['tag', 'release/2'])
  const cut = await shop.cut({ release: '2.0.0' })
  const { base, items } = await client.readChangelog(shown(cut))
  assert.deepEqual(
    [base.why, base.version, subjects({ items })],
    ['tag', 'release/2', ['added feat: new', 'added fix: after the tag']],
  )
})

test('a commit is where it is, or where it was picked to, and live where that is live', async () => {
  const { client } = open()
  const shop = await open().shop()
  const { repository, project } = shop
  const base = await shop.cut({ release: '1.0.0' })
  const fix = repository.commit('fix: it (#9)', { fix: 'a\n' })
  const main = await shop.cut({ release: '1.1.0' })
  repository.branch('said', base.commit_sha!)
  repository.git('cherry-pick', '-x', fix)
  const said = await shop.cut({ release: '1.0.1', commit: repository.head() })
  repository.branch('silent', base.commit_sha!)
  repository.commit('the same fix', { fix: 'a\n' })
  const silent = await shop.cut({ release: '1.0.2', commit: repository.head() })
  await putLive(shop, said, 'staging')
  await putLive(shop, base, 'production')
  const found = await client.findCommit(project.key, fix.slice(0, 9))
  assert.deepEqual(
    found.candidates.map(({ version, how }) => [version, how]),
    [
      [silent.version, 'patch'],
      [said.version, 'trailer'],
      [main.version, 'commit'],
    ],
  )
  assert.deepEqual([found.commit.sha, found.commit.pull_request], [fix, { number: 9, title: 'fix: it' }])
  assert.deepEqual(
    found.environments.map(({ name, contains, version, how }) => [name, contains, version, how]),
    [
      ['staging', true, said.version, 'trailer'],
      ['production', false, base.version, null],
    ],
  )
  // What failed there may have left anything; what was there before is what is known of.
  await putLive(shop, base, 'staging', 'failure')
  const [left] = (await client.findCommit(project.key, fix)).environments
  assert.deepEqual([left?.contains, left?.version, left?.uncertain], [true, said.version, true])
  const environment_ids = [shop.environments.staging!.id]
  const [live] = await listLiveCandidates(open().as.viewer, { environment_ids })
  assert.equal(live?.candidate_id, said.id)
  const back = await client.findCommit(project.key, said.commit_sha!)
  assert.deepEqual(
    back.candidates.map(({ version, how }) => [version, how]),
    [
      [silent.version, 'patch'],
      [said.version, 'commit'],
      [main.version, 'trailer'],
    ],
  )
})

test('what we picked into a candidate does not come again with the next release, and is found there', async () => {
  const { client, as, settled } = open()
  const shop = await open().shop()
  const { repository, project } = shop
  const base = await shop.cut({ release: '1.0.0' })
  repository.commit('feat: beside', { beside: '1' })
  const fix = repository.commit('fix(till): count again (#4)', { fix: '1' })
  const asked = { project_id: project.id, base: base.version, commit: fix }
  const [answer] = await requestPick(as.releaser, asked)
  const picked = await settled(answer!.candidate!.id)
  assert.equal(picked.state, 'ready')
  await putLive(shop, picked, 'production')
  const next = await shop.cut({ release: '1.1.0', commit: fix })
  const found = await client.readChangelog(shown(next), { environment: 'production' })
  assert.deepEqual(subjects(found), ['added feat: beside'])
  const text = await client.writeChangelog(shown(picked), { against: base.version })
  const sha = picked.commit_sha!.slice(0, 8)
  const line = `- **till:** count again (#4, picked from ${fix.slice(0, 8)}) \`${sha}\` — Ada`
  assert.deepEqual(text.split('\n').slice(2, 7), ['Since 1.0.0-rc1.', '', '## Fixes', '', line])
  const places = await client.findCommit(project.key, fix)
  assert.deepEqual(
    places.candidates.map(({ version, how, as: sha }) => [version, how, sha]),
    [
      [next.version, 'commit', fix],
      [picked.version, 'pick', picked.commit_sha],
    ],
  )
  assert.deepEqual(
    places.environments.map(({ name, contains }) => [name, contains]),
    [
      ['staging', false],
      ['production', true],
    ],
  )
})

test('what cannot be read is refused, before anything is', async () => {
  const { client, url, tokens } = open()
  const shop = await open().shop()
  const candidate = await shop.cut({ release: '1.0.0' })
  const { key } = shop.project
  const refused = async (asked: Promise<unknown>) => {
    const error = await asked.then(
      () => assert.fail('was answered'),
      (caught: unknown) => caught,
    )
    assert.ok(error instanceof ProblemError, String(error))
    return [error.problem.status, error.problem.code]
  }
  assert.deepEqual(await refused(client.findCommit(key, 'f'.repeat(40))), [422, 'invalid'])
  assert.deepEqual(await refused(client.findCommit(key, '--upload-pack')), [422, 'invalid'])
  assert.deepEqual(await refused(client.findCommit('nowhere', 'f'.repeat(40))), [404, 'not_found'])
  assert.deepEqual(await refused(client.readChangelog(shown({ id: shop.project.id }))), [404, 'not_found'])
  for (const from of ['--all', 'main', '\u0000', 'live:nowhere', 'cnd_x', 'a'.repeat(201)])
    assert.ok(
      [400, 404, 422].includes((await refused(client.readProjectChangelog(key, { from })))[0] as number),
      from,
    )
  const after = `${'a'.repeat(40)}.${'b'.repeat(40)}.0`
  assert.deepEqual(await refused(client.readChangelog(shown(candidate), { after })), [404, 'not_found'])
  assert.deepEqual(await refused(client.readChangelog(shown(candidate), { after: 'x' })), [422, 'invalid'])
  const both = { environment: 'staging', against: '1.0.0' }
  assert.deepEqual(await refused(client.readChangelog(shown(candidate), both)), [422, 'invalid'])
  assert.deepEqual(await refused(createClient({ url, token: 'x' }).findCommit(key, 'a'.repeat(7))), [
    401,
    'unauthenticated',
  ])
  const viewer = createClient({ url, token: tokens.viewer })
  assert.deepEqual((await viewer.readChangelog(shown(candidate))).items.length, 1)
})
