import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { changeReader, type ReadAll } from './read-changes.ts'
import { smallRepository } from './small-repository.ts'

test('a changelog', async (t: TestContext) => {
  const { db, readAll } = await changeReader(t)
  const all = (list: Awaited<ReturnType<ReadAll>>) =>
    list.map(({ change, subject }) => `${change} ${subject}`)

  await t.test(
    'of a line of commits has what came since, newest first, and nothing for no distance',
    async () => {
      const { folder, commit } = smallRepository(t)
      const one = commit({ message: 'one', files: { a: '1' } })
      commit({ message: 'two\nand more\n\nbody', files: { a: '2' } })
      const three = commit({ message: 'three', files: { a: '3' } })
      assert.deepEqual(all(await readAll(folder, one, three)), ['added three', 'added two and more'])
      assert.deepEqual(all(await readAll(folder, null, three)), [
        'added three',
        'added two and more',
        'added one',
      ])
      assert.deepEqual(await readAll(folder, three, three), [])
      assert.deepEqual(all(await readAll(folder, three, one)), ['removed three', 'removed two and more'])
      const kept = await db.selectFrom('commit_patch').selectAll().execute()
      assert.deepEqual(kept, [], 'nothing is computed where one is an ancestor of the other')
    },
  )

  await t.test('leaves out what was picked, by its trailer or by its patch, in both directions', async () => {
    const { folder, commit } = smallRepository(t)
    const base = commit({ message: 'base', files: { a: '1\n2\n3\n' } })
    const fix = commit({ message: 'fix a', files: { a: '1\ntwo\n3\n' } })
    const clash = commit({ message: 'clash', files: { b: 'main\n' } })
    const main = commit({ message: 'only here', files: { c: 'c' } })
    commit({
      branch: 'release',
      parent: base,
      message: 'fix a',
      files: { a: '1\ntwo\n3\n' },
      at: 1_800_000_000,
    })
    const trailer = `clash, resolved\n\n(cherry picked from commit ${clash})`
    commit({ branch: 'release', message: trailer, files: { b: 'release\n' } })
    const release = commit({ branch: 'release', message: 'only there', files: { d: 'd' } })
    assert.deepEqual(all(await readAll(folder, release, main)), ['added only here', 'removed only there'])
    assert.deepEqual(all(await readAll(folder, main, release)), ['added only there', 'removed only here'])
    assert.ok(fix)
  })

  await t.test('knows two picks of one commit that neither has, and chains of picks', async () => {
    const { folder, commit } = smallRepository(t)
    const base = commit({ message: 'base', files: { a: '1' } })
    const source = commit({ message: 'source', files: { b: 'main' } })
    const pick = (branch: string, of: string[], content: string, parent?: string) =>
      commit({
        ...{ branch, files: { b: content } },
        ...(parent && { parent }),
        message: `source\n\n${of.map((sha) => `(cherry picked from commit ${sha})`).join('\n')}`,
      })
    const one = pick('one', [source], 'one', base)
    const two = pick('two', [source], 'two', base)
    const three = pick('three', [source, two], 'three', base)
    assert.deepEqual(await readAll(folder, one, two), [])
    assert.deepEqual(await readAll(folder, one, three), [])
    const [entry] = await readAll(folder, base, three)
    assert.deepEqual(entry!.cherry_picked_from, [source, two])
  })

  await t.test(
    'does not call a trailer’s words evidence where they name nothing of the other side',
    async () => {
      const { folder, commit } = smallRepository(t)
      const base = commit({ message: 'base', files: { a: '1' } })
      const main = commit({ message: `again\n\n(cherry picked from commit ${base})`, files: { a: '2' } })
      commit({ branch: 'release', parent: base, message: 'other', files: { b: '1' } })
      const release = commit({
        branch: 'release',
        message: `x\n\n(cherry picked from commit ${'0'.repeat(40)})`,
        files: { c: '' },
      })
      assert.deepEqual(all(await readAll(folder, release, main)), [
        'added again',
        'removed x',
        'removed other',
      ])
    },
  )

  await t.test('tells a change that was taken back and made again from one that was picked', async () => {
    const { folder, commit } = smallRepository(t)
    const base = commit({ message: 'base', files: { a: '1' } })
    const fix = commit({ message: 'fix', files: { b: 'b' } })
    const revert = commit({ message: `Revert "fix"\n\nThis reverts commit ${fix}.`, files: { b: null } })
    const again = commit({ message: 'fix again', files: { b: 'b' } })
    const release = commit({ branch: 'release', parent: base, message: 'fix, picked', files: { b: 'b' } })
    assert.deepEqual(all(await readAll(folder, release, again)), ['added fix again', 'added Revert "fix"'])
    const [, entry] = await readAll(folder, release, again)
    assert.deepEqual([entry!.reverts, entry!.group], [fix, 'reverts'])
    assert.deepEqual(all(await readAll(folder, release, revert)), ['added Revert "fix"'])
  })

  await t.test(
    'tells with each commit the pull request whose merge brought it, and not the merges',
    async () => {
      const { folder, commit } = smallRepository(t)
      const base = commit({ message: 'base', files: { a: '1' } })
      commit({ branch: 'pear', parent: base, message: 'feat: pear', files: { pear: '1' } })
      const pear = commit({ branch: 'pear', message: 'more pear', files: { pear: '2' } })
      const direct = commit({ message: 'direct', files: { a: '2' } })
      const merge = commit({
        message: 'Merge pull request #12 from acme/pear\n\nperf: Add pears',
        merges: pear,
      })
      const fig = commit({ branch: 'fig', parent: direct, message: 'fig', files: { fig: '1' } })
      const last = commit({ message: 'Merge branch fig', merges: fig })
      const squash = commit({ message: 'fix(api): plum (#13)', files: { plum: '1' } })
      const found = await readAll(folder, base, squash)
      assert.deepEqual(
        found.map(({ subject, pull_request, merge_sha }) => [
          subject,
          pull_request?.number ?? null,
          merge_sha,
        ]),
        [
          ['fix(api): plum (#13)', 13, null],
          ['fig', null, null],
          ['more pear', 12, merge],
          ['feat: pear', 12, merge],
          ['direct', null, null],
        ],
      )
      assert.equal(found[2]!.pull_request!.title, 'perf: Add pears')
      assert.equal(found[0]!.scope, 'api')
      // What says nothing itself goes with its pull request.
      const groups = ['fixes', 'other', 'performance', 'features', 'other']
      assert.deepEqual(
        found.map(({ group }) => group),
        groups,
      )
      assert.ok(last)
    },
  )

  await t.test('leaves out what a merge brought whose change was picked as one', async () => {
    const { folder, commit } = smallRepository(t)
    const base = commit({ message: 'base', files: { a: '1' } })
    commit({ branch: 'pear', parent: base, message: 'p1', files: { p: '1\n' } })
    const pear = commit({ branch: 'pear', message: 'p2', files: { q: '2\n' } })
    commit({ message: 'direct', files: { a: '2' } })
    const whole = { p: '1\n', q: '2\n' }
    const merge = commit({ message: 'Merge pull request #12 from acme/pear', merges: pear, files: whole })
    // By its patch alone: what the merge brought to its first parent.
    const quiet = commit({ branch: 'quiet', parent: base, message: 'pears, picked', files: whole })
    const said = commit({
      ...{ branch: 'said', parent: base, files: { ...whole, q: 'resolved\n' } },
      message: `pears, resolved\n\n(cherry picked from commit ${merge})`,
    })
    assert.deepEqual(all(await readAll(folder, quiet, merge)), ['added direct'])
    assert.deepEqual(all(await readAll(folder, said, merge)), ['added direct'])
    assert.deepEqual(all(await readAll(folder, merge, quiet)), ['removed direct'])
  })

  await t.test('leaves out what was picked to a release branch that was merged back', async () => {
    const { folder, commit } = smallRepository(t)
    const base = commit({ message: 'base', files: { a: '1' } })
    const fix = commit({ message: 'fix', files: { b: 'b\n' } })
    const clash = commit({ message: 'clash', files: { c: 'main' } })
    commit({ branch: 'release', parent: base, message: 'fix, picked', files: { b: 'b\n' } })
    const said = `clash\n\n(cherry picked from commit ${clash})`
    const release = commit({ branch: 'release', message: said, files: { c: 'release' } })
    const back = { b: 'b\n', c: 'main' }
    const merge = commit({ message: 'Merge release', merges: release, files: back })
    assert.deepEqual(all(await readAll(folder, release, merge)), [])
    commit({ message: 'Revert "fix"', files: { b: null } })
    const again = commit({ message: 'fix again', files: { b: 'b\n' } })
    const told = ['added fix again', 'added Revert "fix"']
    assert.deepEqual(all(await readAll(folder, release, again)), told)
    const later = commit({ branch: 'release', message: 'later', files: { d: '1' } })
    assert.deepEqual(all(await readAll(folder, later, again)), [...told, 'removed later'])
    assert.deepEqual(all(await readAll(folder, again, later)), [
      'added later',
      ...told.map((one) => one.replace('added', 'removed')),
    ])
    assert.ok(fix)
  })

  await t.test('of an octopus and of unrelated roots has every commit once', async () => {
    const { folder, commit, git, head } = smallRepository(t)
    const base = commit({ message: 'base', files: { a: '1' } })
    const one = commit({ branch: 'one', parent: base, message: 'one', files: { one: '1' } })
    const two = commit({ branch: 'two', parent: base, message: 'two', files: { two: '1' } })
    const other = commit({ branch: 'other', parent: null, message: 'another root', files: { root: '1' } })
    const tree = git('rev-parse', `${one}^{tree}`).trim()
    const parents = [base, one, two, other].flatMap((sha) => ['-p', sha])
    const person = ['-c', 'user.name=x', '-c', 'user.email=x@example.com']
    const octopus = git(...person, 'commit-tree', tree, ...parents, '-m', 'Merge all').trim()
    const subjects = (await readAll(folder, base, octopus)).map(({ subject }) => subject)
    assert.deepEqual(subjects.toSorted(), ['another root', 'one', 'two'])
    assert.deepEqual(all(await readAll(folder, head('other')!, one)).toSorted(), [
      'added base',
      'added one',
      'removed another root',
    ])
  })

  await t.test('of some paths has what touched them, renamed files and pull requests too', async () => {
    const { folder, commit } = smallRepository(t)
    const base = commit({ message: 'base', files: { 'lib/a': 'text\n', 'docs/x': '1' } })
    const picked = commit({ message: 'in', files: { 'svc/shop/a': 'text\n', 'lib/a': null } })
    commit({ message: 'beside', files: { 'docs/x': '2' } })
    commit({ branch: 'pear', message: 'pear docs', parent: picked, files: { 'docs/y': '1' } })
    const pear = commit({
      branch: 'pear',
      message: 'pear',
      files: { 'svc/shop/b': '1', 'svc/shop/README.md': '' },
    })
    const merge = commit({ message: 'Merge pull request #3 from acme/pear', merges: pear })
    const out = commit({ message: 'out', files: { 'svc/shop/a': null, 'lib/a': 'text\n' } })
    const readme = commit({ message: 'readme', files: { 'svc/shop/README.md': 'x' } })
    const shop = { paths: ['svc/shop/**', '!*.md'] }
    const found = await readAll(folder, base, readme, shop)
    assert.deepEqual(
      found.map(({ subject, merge_sha }) => [subject, merge_sha]),
      [
        ['out', null],
        ['pear', merge],
        ['in', null],
      ],
    )
    assert.equal(out.length, 40)
    const names = async (...paths: string[]) =>
      (await readAll(folder, base, readme, { paths })).map(({ subject }) => subject)
    assert.deepEqual(await names('*.md'), ['readme', 'pear'])
    assert.deepEqual(await names('/docs'), ['pear docs', 'beside'])
    assert.deepEqual(await names('shop/'), ['readme', 'out', 'pear', 'in'])
    assert.deepEqual(await names('svc/*/b'), ['pear'])
    assert.deepEqual(
      await names('!svc/**', '# a comment', ''),
      ['pear docs', 'beside', 'out', 'in'].toSorted(byOrder),
    )
  })

  await t.test('has well-formed lines, whatever stands in a commit', async () => {
    const { folder, commit } = smallRepository(t)
    const base = commit({ message: 'base', files: { a: '1' } })
    const latin = Buffer.from('Jos\xe9 <jos\xe9@example.com>', 'latin1')
    commit({ message: Buffer.from('caf\xe9 \x1b[31m\u0007', 'latin1'), author: latin, files: { a: '2' } })
    commit({ message: `fix: ${'x'.repeat(300_000)}\n\n${'y'.repeat(100_000)}`, files: { a: '3' } })
    commit({ message: 'from the end of time', at: 999_999_999_999, files: { a: '4' } })
    const last = commit({ message: '', files: { a: '5' } })
    const found = await readAll(folder, base, last)
    assert.deepEqual([found[3]!.subject, found[3]!.author.name], ['café  [31m', 'José'])
    assert.deepEqual([found[2]!.subject.length, found[2]!.group], [500, 'fixes'])
    assert.equal(found[1]!.authored_at.toISOString(), '9999-01-01T00:00:00.000Z')
    assert.equal(found[0]!.subject, '')
    for (const entry of found) assert.ok(JSON.stringify(entry).isWellFormed())
  })

  await t.test('knows a pick that was resolved by a second commit', async () => {
    const { folder, commit } = smallRepository(t)
    const base = commit({ message: 'base', files: { a: '1' } })
    const fix = commit({ message: 'fix', files: { a: 'main' } })
    const said = `fix\n\n(cherry picked from commit ${fix})`
    commit({ branch: 'release', parent: base, message: said, files: { a: '<<<<' } })
    const resolved = commit({ branch: 'release', message: 'resolve', files: { a: 'release' } })
    const other = commit({ branch: 'release', message: 'other', files: { b: '1' } })
    const listPicks = async () => [[resolved, fix] as const]
    assert.deepEqual(all(await readAll(folder, other, fix, { listPicks })), ['removed other'])
    assert.deepEqual(all(await readAll(folder, fix, other, { listPicks })), ['added other'])
    // What nobody but us knows of is known by that alone.
    const alone = commit({ branch: 'alone', parent: base, message: 'by hand', files: { a: 'hand' } })
    assert.deepEqual(await readAll(folder, alone, fix, { listPicks: async () => [[alone, fix]] }), [])
  })

  await t.test('computes each patch once', async () => {
    const { folder, commit } = smallRepository(t)
    const base = commit({ message: 'base', files: { a: '1' } })
    const main = commit({ message: 'main', files: { a: '2' } })
    const release = commit({ branch: 'release', parent: base, message: 'nothing' })
    await readAll(folder, release, main)
    const kept = () =>
      db
        .selectFrom('commit_patch')
        .select(['commit_sha', 'patch_id'])
        .where('commit_sha', 'in', [main, release])
        .orderBy('commit_sha')
        .execute()
    const first = await kept()
    assert.deepEqual(first.map(({ patch_id }) => patch_id.length).toSorted(), [0, 40])
    await db.updateTable('commit_patch').set({ patch_id: 'kept' }).where('commit_sha', '=', main).execute()
    await readAll(folder, release, main)
    assert.ok((await kept()).some(({ patch_id }) => patch_id === 'kept'))
  })
})

const order = ['readme', 'out', 'pear', 'pear docs', 'beside', 'in']
const byOrder = (a: string, b: string) => order.indexOf(a) - order.indexOf(b)
