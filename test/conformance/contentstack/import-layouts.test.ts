import { after, before, suite, test, type TestContext } from 'node:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { unpackTar } from '#cli/unpack-tar.ts'
import { openHouse, type TestHouse } from '../../open-house.ts'
import { waitUntil } from '../../engine/wait-until.ts'
import { bringIn, notesOf } from './bring-in.ts'
import { comparable } from './comparable-export.ts'
import { exportFiles, readFolder, writeFolder, type Files } from './export-folder.ts'

const rename = (files: Files, to: (name: string) => string | undefined): Files =>
  Object.fromEntries(
    Object.entries(files).flatMap(([name, content]) => (to(name) ? [[to(name)!, content]] : [])),
  )

suite('layouts of an export', () => {
  let house: TestHouse
  let projects = 0
  const closing: (() => unknown)[] = []

  before(async () => {
    house = await openHouse({ after: (close: () => Promise<void>) => closing.push(close) } as never)
  })
  after(async () => {
    for (const close of closing) await close()
  })

  const project = async () => {
    const key = `site${(projects += 1)}`
    await house.client.createProject({ key, kind: 'content' })
    return key
  }
  const exported = async (t: TestContext, key: string) => {
    const folder = await mkdtemp(join(tmpdir(), 'headgate-export-'))
    t.after(() => rm(folder, { recursive: true }))
    await unpackTar(
      Readable.fromWeb((await house.client.exportContent(key, { format: 'contentstack' })) as never),
      folder,
    )
    return folder
  }
  const whole = async (t: TestContext, files: Files) => {
    const key = await project()
    const made = await bringIn(house, key, await writeFolder(t, files))
    const { asset, entry, content_type } = made.counts
    t.assert.deepEqual(
      { asset, entry, content_type },
      { asset: { created: 1 }, entry: { created: 4 }, content_type: { created: 2 } },
    )
    return (await notesOf(house, key, made))
      .filter((note) => note.startsWith('skipped'))
      .map((note) => note.split(' ')[1])
  }

  test('a folder for each branch, and types that stand in one file', async (t: TestContext) => {
    const files = rename(exportFiles(), (name) =>
      /content_types\/(author|post)/.test(name) ? undefined : `main/${name}`,
    )
    files['branches.json'] = [{ uid: 'main' }]
    files['stack/stack.json'] = { name: 'Stack' }
    files['mapper/entries/uid-mapping.json'] = { a: 'b' }
    files['logs/entries/export.json'] = {}
    t.assert.deepEqual(await whole(t, files), ['main/webhooks/webhooks.json'])
  })

  test('version 2 of the tool: no file that sums up, and assets in spaces', async (t: TestContext) => {
    const gone = ['export-info.json', 'content_types/schema.json', 'global_fields/globalfields.json']
    const files = rename(exportFiles(), (name) =>
      gone.includes(name) ? undefined : name.replace(/^assets\//, 'spaces/amspace01/assets/'),
    )
    files['global_fields/seo.json'] = { uid: 'seo', title: 'SEO', schema: [] }
    files['spaces/fields/fields.json'] = { 1: 'x-fields.json' }
    t.assert.deepEqual(await whole(t, files), ['webhooks/webhooks.json'])
  })

  test('the first layout: assets and entries in one file each', async (t: TestContext) => {
    const files = rename(exportFiles(), (name) => {
      if (/\/(index|metadata|schema|assets)\.json$|export-info/.test(name)) return undefined
      return name
        .replace('assets/aa11-assets.json', 'assets/assets.json')
        .replace('assets/files/', 'assets/')
        .replace(/^(entries\/\w+\/[\w-]+)\/.*$/, '$1.json')
    })
    files['assets/bltassetlogo0000001/_contentstack_bltassetlogo0000001.json'] = []
    t.assert.deepEqual(await whole(t, files), ['webhooks/webhooks.json'])
  })

  test('a version that is live and not the latest moves, where it is in the folder', async (t: TestContext) => {
    const [here, there] = [await project(), await project()]
    const files = exportFiles()
    const bob = { uid: 'bltauthor0000000002', title: 'Bob of old', locale: 'en-us', posts: [], tags: [] }
    files['entries/author/en-us/versions/bltauthor0000000002.json'] = [
      { ...bob, title: 'Bob', _version: 7 },
      { ...bob, _version: 5 },
      { ...bob, title: 'Bob the first', _version: 4 },
    ]
    const deployed = async (key: string, { id }: { id: string }) =>
      waitUntil(async () => {
        const { deployments } = await house.client.getImport(key, id)
        return deployments.length > 0 && deployments.every(({ state }) => state === 'succeeded')
      })
    const dry = await bringIn(house, here, await writeFolder(t, files), { dry_run: true })
    t.assert.deepEqual(dry.counts.publication, { requested: 9 })
    const first = await bringIn(house, here, await writeFolder(t, files))
    t.assert.deepEqual(first.counts.publication, { requested: 9 })
    await deployed(here, first)
    const live = async (key: string) => {
      const answer = await house.ask(`/headgate/v1/projects/${key}/environments/production/live?limit=200`)
      const { items } = (await answer.json()) as { items: { key: string; version: string }[] }
      return items.map((item) => `${item.key} ${item.version}`).toSorted()
    }
    t.assert.ok((await live(here)).includes('main/bltauthor0000000002/en-us 5'))
    const out = await exported(t, here)
    const made = await bringIn(house, there, out)
    t.assert.deepEqual(
      (await notesOf(house, there, made)).filter((note) => note.startsWith('not_published')),
      [],
    )
    await deployed(there, made)
    t.assert.deepEqual(await live(there), await live(here))
    t.assert.deepEqual(
      comparable(await readFolder(await exported(t, there))),
      comparable(await readFolder(out)),
    )
    const again = await bringIn(house, there, out)
    t.assert.deepEqual([again.counts.publication, again.deployments], [{ unchanged: 9 }, []])
    // Another history under the same number is not taken for this one.
    files['entries/author/en-us/versions/bltauthor0000000002.json'] = [
      { ...bob, title: 'Somebody', _version: 5 },
    ]
    const other = await bringIn(house, there, await writeFolder(t, files))
    t.assert.match((await notesOf(house, there, other)).join(' '), /version 5 says something else here/)
  })

  test('whatever entries say, what goes out comes in the same', async (t: TestContext) => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 40 })
      .filter((one) => !one.includes('\0') && one.isWellFormed())
    const entry = fc.record(
      {
        price: fc
          .double({ noNaN: true, noDefaultInfinity: true })
          .map((number) => (Object.is(number, -0) ? 0 : number)),
        body: fc.constantFrom({ type: 'doc', children: [] }, null),
        seo: fc.record(
          { description: text, keywords: fc.array(text, { maxLength: 3 }) },
          { requiredKeys: [] },
        ),
        topics: fc.array(fc.record({ term_uid: text }), { maxLength: 2 }),
        author: fc.constantFrom([], [{ uid: 'bltnobody', _content_type_uid: 'author' }]),
        sections: fc.array(fc.record({ hero: fc.record({ headline: text }) }), { maxLength: 2 }),
        tags: fc.array(text, { maxLength: 2 }),
        _in_progress: fc.boolean(),
      },
      { requiredKeys: [] },
    )
    for (const entries of fc.sample(fc.array(entry, { minLength: 5, maxLength: 30 }), 3)) {
      const files = exportFiles()
      files['entries/post/fr-ch/zz-entries.json'] = Object.fromEntries(
        entries.map((data, n) => [
          `bltany${n}`,
          { ...data, uid: `bltany${n}`, title: `Any ${n}`, _version: n + 1 },
        ]),
      )
      const [here, there] = [await project(), await project()]
      const first = await bringIn(house, here, await writeFolder(t, files), { publish: false })
      t.assert.equal(first.counts.entry?.skipped, undefined, (await notesOf(house, here, first)).join('\n'))
      const out = await exported(t, here)
      await bringIn(house, there, out, { publish: false })
      t.assert.deepEqual(
        comparable(await readFolder(await exported(t, there))),
        comparable(await readFolder(out)),
      )
      const again = await bringIn(house, here, out, { publish: false })
      t.assert.deepEqual(again.counts.entry, { unchanged: 4 + entries.length })
    }
  })
})
