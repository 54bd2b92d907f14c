import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listPicksOfCandidates } from '#app/picks/list-picks.ts'
import { previewPick } from '#app/picks/preview-pick.ts'
import { requestPick } from '#app/picks/request-pick.ts'
import { isDomainError } from '#domain/errors.ts'
import { sharedCodeHouse } from '../../code-house.ts'
import { fileAt, pickInto, pickOne, picksOf } from './picking.ts'

const open = sharedCodeHouse()

test('a pick becomes the next candidate of its release, ready to be deployed', async () => {
  const house = open()
  const shop = await house.shop()
  const { repository } = shop
  const rc1 = await shop.cut({ release: '1.0.0' })
  repository.commit('feat: more', { 'more.txt': 'more\n' })
  const fix = repository.commit('Fix the till (#3)', { 'README.md': 'A better shop.\n' })
  const rc2 = await pickOne(house, shop, { base: rc1.version, commit: fix.slice(0, 8) })
  assert.deepEqual(
    [rc2.version, rc2.state, rc2.base_version, rc2.number, rc2.picks, rc2.failure_detail, rc2.branch],
    ['1.0.0-rc2', 'ready', '1.0.0-rc1', 2, 1, null, null],
  )
  assert.equal(await fileAt(house, shop, rc2.commit_sha!, 'README.md'), 'A better shop.\n')
  await assert.rejects(fileAt(house, shop, rc2.commit_sha!, 'more.txt'))
  const [row] = await listPicksOfCandidates(house.as.viewer, [rc2.id])
  assert.deepEqual(
    [row?.source_sha, row?.outcome, row?.commit_sha, row?.pull_request, row?.title],
    [fix, 'picked', rc2.commit_sha, 3, 'Fix the till'],
  )
  // What is picked on top of it has both.
  const next = repository.commit('Another (#4)', { 'other.txt': 'other\n' })
  const rc3 = await pickOne(house, shop, { base: rc2.id, pull_request: 4 })
  assert.deepEqual(await picksOf(house, rc3), [
    [fix, 'picked', rc2.commit_sha],
    [next, 'picked', rc3.commit_sha],
  ])
  assert.deepEqual(await pickInto(house, shop, { base: rc3.version, commit: fix }), ['pick'])
})

test('it goes into every release that is named, and what has it already is said without a number', async () => {
  const house = open()
  const shop = await house.shop()
  const { repository } = shop
  const bases = [await shop.cut({ release: '1.0.0' })]
  repository.commit('feat: a', { 'a.txt': 'a\n' })
  bases.push(await shop.cut({ release: '1.1.0' }))
  repository.commit('feat: b', { 'b.txt': 'b\n' })
  bases.push(await shop.cut({ release: '1.2.0' }))
  const fix = repository.commit('Fix the till (#3)', { 'README.md': 'A better shop.\n' })
  const after = await shop.cut({ release: '1.3.0' })
  repository.branch('by-hand', bases[2]!.commit_sha!)
  const by_hand = repository.commit('the same by hand', { 'README.md': 'A better shop.\n' })
  const same = await shop.cut({ release: '1.4.0', commit: by_hand })
  repository.branch('told', bases[2]!.commit_sha!)
  const told = repository.commit(`otherwise\n\n(cherry picked from commit ${fix})`, {
    'README.md': 'Best.\n',
  })
  const said = await shop.cut({ release: '1.5.0', commit: told })
  repository.branch('main')

  const asked = { project_id: shop.project.id, base: bases[1]!.version, pull_request: 3 }
  const { sources, choices } = await previewPick(house.as.viewer, asked)
  assert.deepEqual(
    sources.map(({ source_sha, title }) => [source_sha, title]),
    [[fix, 'Fix the till']],
  )
  assert.deepEqual(
    choices.map(({ from, to, included }) => [from.version, to, included]),
    [
      ['1.5.0-rc1', '1.5.0-rc2', 'trailer'],
      ['1.4.0-rc1', '1.4.0-rc2', 'patch'],
      ['1.3.0-rc1', '1.3.0-rc2', 'ancestor'],
      ['1.2.0-rc1', '1.2.0-rc2', null],
      ['1.1.0-rc1', '1.1.0-rc2', null],
    ],
  )
  const also = [bases[1]!, bases[2]!, after, same, said].map(({ version }) => version)
  const made = await pickInto(house, shop, { base: bases[0]!.version, also, pull_request: 3 })
  assert.deepEqual(
    made.map((one) => (one && typeof one === 'object' ? `${one.version} ${one.state}` : one)),
    ['1.0.0-rc2 ready', '1.1.0-rc2 ready', '1.2.0-rc2 ready', 'ancestor', 'patch', 'trailer'],
  )
  // What has it is known from now on without asking git.
  assert.deepEqual(
    (await picksOf(house, after)).map(([sha, outcome]) => [sha, outcome]),
    [[fix, 'included']],
  )
  const later = await shop.cut({ release: '1.6.0' })
  assert.deepEqual(
    (await picksOf(house, later)).map(([sha, outcome]) => [sha, outcome]),
    [[fix, 'included']],
  )
})

test('an empty pick is in already: its number stays used, and its base is known to have it', async () => {
  const house = open()
  const shop = await house.shop()
  const { repository } = shop
  const rc1 = await shop.cut({ release: '1.0.0' })
  repository.commit('away', { 'README.md': 'B\n' })
  const back = repository.commit('and back (#9)', { 'README.md': 'A shop.\n' })
  const rc2 = await pickOne(house, shop, { base: rc1.version, commit: back })
  assert.deepEqual([rc2.state, rc2.commit_sha], ['dropped', null])
  assert.match(rc2.failure_detail!, /there already/)
  assert.deepEqual(await pickInto(house, shop, { base: rc1.version, commit: back }), ['pick'])
  const fix = repository.commit('fix', { 'x.txt': 'x\n' })
  assert.equal((await pickOne(house, shop, { base: rc1.version, commit: fix })).version, '1.0.0-rc3')
})

test('a range is picked one by one, a merge as what it brought', async () => {
  const house = open()
  const shop = await house.shop()
  const { repository } = shop
  const rc1 = await shop.cut({ release: '1.0.0' })
  const since = repository.commit('not this', { 'no.txt': 'no\n' })
  const one = repository.commit('one', { 'one.txt': '1\n' })
  repository.branch('side', one)
  repository.commit('half', { 'side.txt': 'half\n' })
  repository.commit('whole', { 'side.txt': 'whole\n' })
  repository.branch('main')
  const two = repository.merge('side', 'Merge pull request #7 from acme/side\n\nA side')
  const rc2 = await pickOne(house, shop, { base: rc1.version, commit: two, since })
  assert.deepEqual(
    (await picksOf(house, rc2)).map(([sha, outcome]) => [sha, outcome]),
    [
      [one, 'picked'],
      [two, 'picked'],
    ],
  )
  assert.equal(await fileAt(house, shop, rc2.commit_sha!, 'side.txt'), 'whole\n')
  await assert.rejects(fileAt(house, shop, rc2.commit_sha!, 'no.txt'))
})

test('what cannot be picked is refused before git sees it, and nothing is reserved', async () => {
  const house = open()
  const shop = await house.shop()
  const other = await house.shop()
  const rc1 = await shop.cut({ release: '1.0.0' })
  const newer = await shop.cut({ release: '1.1.0' })
  const foreign = await other.cut({ release: '9.0.0' })
  const commit = shop.repository.commit('fix', { 'x.txt': 'x\n' })
  const base = rc1.version
  const refused: [object, string][] = [
    [{ base }, 'commit'],
    [{ base, commit, pull_request: 3 }, 'commit'],
    [{ base, pull_request: 77 }, 'pull_request'],
    [{ base, commit: 'f'.repeat(40) }, 'commit'],
    [{ base, commit: 'main' }, 'commit'],
    [{ base, commit: 'HEAD' }, 'commit'],
    [{ base, commit: '--upload-pack=/bin/true' }, 'commit'],
    [{ base, commit: `${commit}\u0000` }, 'commit'],
    [{ base, commit, since: '--all' }, 'since'],
    [{ base, commit, since: commit }, 'since'],
    [{ base: '1.0.0', commit }, 'base'],
    [{ base: '--output=x', commit }, 'base'],
    [{ base: newer.version, also: [base], commit }, 'also.0'],
    [{ base, also: [newer.version, newer.id], commit }, 'also.1'],
  ]
  for (const [asked, field] of refused)
    await assert.rejects(
      requestPick(house.as.releaser, { project_id: shop.project.id, base, ...asked }),
      (error) => isDomainError(error, 'invalid') && error.details.faults[0]?.field === field,
      `${JSON.stringify(asked)} names ${field}`,
    )
  for (const unknown of ['1.0.0-rc7', foreign.id, foreign.version])
    await assert.rejects(
      requestPick(house.as.releaser, { project_id: shop.project.id, base: unknown, commit }),
      (error) => isDomainError(error, 'not_found') && error.details.what === 'candidate',
    )
  await assert.rejects(requestPick(house.as.viewer, { project_id: shop.project.id, base, commit }), (error) =>
    isDomainError(error, 'forbidden'),
  )
  const { version } = await pickOne(house, shop, { base, commit })
  assert.equal(version, '1.0.0-rc2')
})

test('whatever a commit is called, its pick says it in one line of plain text', async () => {
  const house = open()
  const shop = await house.shop()
  const { version: base } = await shop.cut({ release: '1.0.0' })
  const names = [`${'x'.repeat(499)}😀 and more`, '\u001B[31mred\u001B]0;mine\u0007 \u202Eback']
  const [long, odd] = names.map((name, index) => shop.repository.commit(name, { [`${index}.txt`]: 'b\n' }))
  const titles: (string | undefined)[] = []
  for (const commit of [long!, odd!]) {
    const { sources } = await previewPick(house.ctx, { project_id: shop.project.id, commit, base })
    titles.push(sources[0]?.title)
  }
  assert.deepEqual(titles, [`${'x'.repeat(499)}…`, '[31mred ]0;mine   back'])
  assert.equal((await pickOne(house, shop, { base, commit: long! })).state, 'ready')
})
