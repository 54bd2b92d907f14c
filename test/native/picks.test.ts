import { test, type TestContext } from 'node:test'
import { createClient, type Client } from '#client/client.ts'
import { ProblemError } from '#client/problem-error.ts'
import { readId } from '#domain/ids.ts'
import { sharedCodeHouse, type CodeHouse } from '../code-house.ts'

const open = sharedCodeHouse()

const as = ({ url, tokens }: CodeHouse, role: keyof CodeHouse['tokens']): Client =>
  createClient({ url, token: tokens[role] })

async function refused(call: Promise<unknown>): Promise<[number, string, string | undefined]> {
  const error: unknown = await call.then(
    () => new Error('not refused'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ProblemError)) throw error
  const { status, code, faults } = error.problem
  return [status, code, faults?.[0]?.field]
}

const settled = (house: CodeHouse, id: string) => house.settled(readId('candidate', id)!)

test('a fix is looked for, picked, built, and its conflict resolved by our own API', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({ build: { executor: 'command', command: ['true'] } })
  const { repository } = shop
  const { key } = shop.project
  const client = as(house, 'releaser')
  repository.commit('text', { 'a.txt': 'one\ntwo\n' })
  const rc1 = await client.cut(key, { version: '1.0.0-rc1' })
  await settled(house, rc1.id)
  repository.commit('change', { 'a.txt': 'one\nsecond\n' })
  const newer = await client.cut(key, { version: '1.1.0-rc1', build: false })
  const fix = repository.commit('Fix it (#3)', { 'a.txt': 'one\nsecond, fixed\n' })

  const preview = await as(house, 'viewer').previewPick(key, { pull_request: 3, base: rc1.version })
  t.assert.deepEqual(preview.commits, [{ commit: fix, pull_request: 3, title: 'Fix it' }])
  t.assert.deepEqual(
    preview.choices.map(({ release, from, to, included, open: opened }) => [
      release,
      from.version,
      to,
      included,
      opened,
    ]),
    [
      ['1.1.0', '1.1.0-rc1', '1.1.0-rc2', null, null],
      ['1.0.0', '1.0.0-rc1', '1.0.0-rc2', null, null],
    ],
  )
  const { items } = await client.pick(key, {
    pull_request: 3,
    base: rc1.id,
    also: [newer.version],
    reason: 'the till',
  })
  t.assert.deepEqual(
    items.map(({ base, candidate, included }) => [
      base.version,
      candidate?.version,
      candidate?.base_version,
      included,
    ]),
    [
      ['1.0.0-rc1', '1.0.0-rc2', '1.0.0-rc1', null],
      ['1.1.0-rc1', '1.1.0-rc2', '1.1.0-rc1', null],
    ],
  )
  const [clashed, clean] = await Promise.all(items.map(({ candidate }) => settled(house, candidate!.id)))
  t.assert.deepEqual([clashed!.state, clean!.state, clean!.build_state], ['conflicted', 'ready', 'succeeded'])
  const { id } = items[0]!.candidate!
  const picks = await client.listPicks(id)
  t.assert.deepEqual(picks.items, [
    {
      ...{
        commit: fix,
        pull_request: 3,
        title: 'Fix it',
        outcome: 'conflicted',
        became: picks.items[0]!.became,
      },
      conflict_branch: 'aviator/cherry-pick-1.0.0-rc2-PR3',
      conflicts: [{ path: 'a.txt', kind: 'contents' }],
    },
  ])
  t.assert.deepEqual(await refused(client.acceptResolution(id)), [422, 'invalid', 'commit'])
  repository.branch('mine', rc1.commit!)
  const commit = repository.commit('by hand', { 'a.txt': 'one\ntwo, fixed\n' })
  repository.branch('main')
  const accepted = await client.acceptResolution(id, { commit, reason: 'tried it' })
  t.assert.deepEqual([accepted.state, accepted.commit], ['building', commit])
  t.assert.equal((await settled(house, id)).state, 'ready')
  t.assert.deepEqual(await refused(client.dropCandidate(id)), [409, 'not_possible_now', undefined])
  t.assert.deepEqual(await refused(client.pickAgain(id)), [409, 'not_possible_now', undefined])
  const again = await client.pick(key, { commit: fix, base: '1.0.0-rc2' })
  t.assert.deepEqual(
    again.items.map(({ candidate, included }) => [candidate, included]),
    [[null, 'pick']],
  )

  const kinds = ['candidate.pick_requested', 'candidate.conflicted', 'candidate.picked', 'candidate.resolved']
  for (const kind of kinds)
    t.assert.ok((await client.listEvents({ project: key, kind })).items.length > 0, kind)
})

test('what nobody could pick is refused field by field', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop()
  const { key } = shop.project
  const client = as(house, 'releaser')
  const { version: base } = await client.cut(key, {})
  t.assert.deepEqual(await refused(client.pick(key, { base })), [422, 'invalid', 'commit'])
  t.assert.deepEqual(await refused(client.pick(key, { base, commit: '--exec=x' })), [
    422,
    'invalid',
    'commit',
  ])
  t.assert.deepEqual(await refused(client.pick(key, { base, pull_request: 0 })), [
    422,
    'invalid',
    'pull_request',
  ])
  t.assert.deepEqual(await refused(client.pick(key, { base: '1.0', commit: 'abcdef1' })), [
    422,
    'invalid',
    'base',
  ])
  t.assert.deepEqual(await refused(client.previewPick(key, { commit: 'zzz' })), [422, 'invalid', 'commit'])
  t.assert.deepEqual(await refused(client.pick(key, { base: '9.9.9-rc9', commit: 'abcdef1' })), [
    404,
    'not_found',
    undefined,
  ])
  t.assert.deepEqual(await refused(as(house, 'viewer').pick(key, { base, commit: 'abcdef1' })), [
    403,
    'forbidden',
    undefined,
  ])
})

test('a commit that the host has thrown away is said, and no fault of ours', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop()
  const { repository } = shop
  const client = as(house, 'releaser')
  repository.commit('text', { 'a.txt': 'one\n' })
  repository.branch('side')
  const fix = repository.commit('fix', { 'a.txt': 'three\n' })
  repository.branch('main')
  repository.commit('change', { 'a.txt': 'two\n' })
  const { version } = await client.cut(shop.project.key, { version: '1.0.0-rc1' })
  const { items } = await client.pick(shop.project.key, { commit: fix, base: version })
  const { id } = items[0]!.candidate!
  t.assert.equal((await settled(house, id)).state, 'conflicted')
  repository.git('reset', '--quiet', '--hard', 'HEAD~1')
  repository.git('reflog', 'expire', '--expire=now', '--all')
  repository.git('gc', '--quiet', '--prune=now')
  await house.house.mirrors.remove(shop.repository_id)
  const [status, code] = await refused(client.acceptResolution(id, { commit: fix }))
  t.assert.deepEqual([status, code], [424, 'repository_unreachable'])
})
