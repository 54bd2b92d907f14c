import { after, before, suite, test, type TestContext } from 'node:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createClient } from '#client/client.ts'
import { unpackTar } from '#cli/unpack-tar.ts'
import { openHouse, type TestHouse } from '../../open-house.ts'
import type { Answer } from './open-stack.ts'
import { waitUntil } from '../../engine/wait-until.ts'
import { bringIn, notesOf } from './bring-in.ts'
import { comparable } from './comparable-export.ts'
import { exportFiles, production, readFolder, staging, writeFolder } from './export-folder.ts'

/** What the export of `exportFiles` comes to in an empty project. */
const wholeExport = {
  environment: { created: 2 },
  locale: { created: 2, updated: 1 },
  content_type: { created: 2 },
  folder: { created: 2 },
  asset: { created: 1 },
  entry: { created: 4 },
  publication: { requested: 8, skipped: 1 },
}

// Each test has a project of its own.
suite('moving in and out', () => {
  let house: TestHouse
  let closing: (() => unknown)[] = []
  let projects = 0

  before(async () => {
    house = await openHouse({ after: (close: () => Promise<void>) => closing.push(close) } as never)
  })
  after(async () => {
    for (const close of closing) await close()
    closing = []
  })

  /** A new content project; then a reader of its production and a way to ask its management API. */
  async function project() {
    const key = `site${(projects += 1)}`
    const names = { api_key: `bltsite${key.padStart(12, '0')}`, token: `cs${key.padStart(20, '0')}` }
    const apply = async (more = '', environments = '[]') => {
      const yaml = `projects:\n  - key: ${key}\n    kind: content\n    content:\n      api_key: ${names.api_key}\n${more}    environments: ${environments}\n`
      await house.client.applyConfiguration({ yaml, name: 'site.yaml', variables: {} })
    }
    await apply()
    return {
      key,
      api_key: names.api_key,
      deliver: async (path: string, locale = 'en-us') => {
        await apply(
          `      delivery_tokens: [{ name: site, token: ${names.token}, environments: [production] }]\n`,
          '[{ name: production }]',
        )
        const answer = await fetch(`${house.url}/v3${path}?environment=production&locale=${locale}`, {
          headers: { api_key: names.api_key, access_token: names.token },
        })
        return (await answer.json()) as Answer['body']
      },
      manage: async (path: string) => {
        const headers = { api_key: names.api_key, authorization: `Bearer ${house.credentials.token}` }
        return (await (await fetch(`${house.url}/v3${path}`, { headers })).json()) as Answer['body']
      },
      deployed: (id: string) =>
        waitUntil(async () => {
          const { deployments } = await house.client.getImport(key, id)
          return deployments.every(({ state }) => state === 'succeeded')
        }),
    }
  }

  async function exported(t: TestContext, key: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'headgate-export-'))
    t.after(() => rm(folder, { recursive: true }))
    const tar = await house.client.exportContent(key, { format: 'contentstack' })
    await unpackTar(Readable.fromWeb(tar as never), folder)
    return folder
  }

  test('an export comes in whole, and is served as it was', async (t: TestContext) => {
    const { key, deliver, manage, deployed } = await project()
    const made = await bringIn(house, key, await writeFolder(t, exportFiles()))
    t.assert.deepEqual(made.counts, wholeExport)
    t.assert.deepEqual(await notesOf(house, key, made), [
      'skipped webhooks/webhooks.json -: It is not read: there is nothing here that it could become.',
      'not_published entries/author/en-us/bb11-entries.json bltauthor0000000002: Version 5 was live in production (en-us), and the export holds version 7 only.',
    ])
    t.assert.equal(made.deployments.length, 2)
    await deployed(made.id)

    const { environments } = await manage('/environments')
    t.assert.deepEqual(
      environments.map(({ name, uid }: { name: string; uid: string }) => [name, uid]),
      [
        ['production', production],
        ['staging', staging],
      ],
    )
    const { entry: read } = await deliver('/content_types/post/entries/bltpost000000000001', 'fr-fr')
    t.assert.equal(read.title, 'First (fr-fr)')
    t.assert.equal(read._version, 4)
    t.assert.deepEqual(read.author, [{ uid: 'bltauthor0000000001', _content_type_uid: 'author' }])
    t.assert.deepEqual(read.topics, [{ taxonomy_uid: 'topics', term_uid: 'sea' }])
    t.assert.equal(read.picture.filename, 'logo one.svg')
    t.assert.equal(await (await fetch(read.picture.url)).text(), '<svg></svg>')
    // What was live where a locale has nothing of its own.
    const fallen = await deliver('/content_types/author/entries/bltauthor0000000001', 'fr-fr')
    t.assert.equal(fallen.entry.title, 'Ada')
    // The version that was live is not in the export.
    const bob = await deliver('/content_types/author/entries/bltauthor0000000002')
    t.assert.equal(bob.error_code, 141)
    const { content_type } = await manage('/content_types/post')
    const seo = content_type.schema.find(({ uid }: { uid: string }) => uid === 'seo')
    t.assert.equal(seo.data_type, 'global_field')
  })

  test('the same again changes nothing and says so', async (t: TestContext) => {
    const { key, deployed } = await project()
    const folder = await writeFolder(t, exportFiles())
    const first = await bringIn(house, key, folder)
    // Asked for already, though it may not have been deployed yet: nothing is asked for twice.
    const second = await bringIn(house, key, folder)
    t.assert.deepEqual(second.deployments, [])
    await deployed(first.id)
    const third = await bringIn(house, key, folder)
    t.assert.deepEqual(third.counts, {
      environment: { unchanged: 2 },
      locale: { unchanged: 3 },
      content_type: { unchanged: 2 },
      folder: { unchanged: 2 },
      asset: { unchanged: 1 },
      entry: { unchanged: 4 },
      publication: { unchanged: 8, skipped: 1 },
    })
  })

  test('what goes out comes in again the same, and what differs is a new version', async (t: TestContext) => {
    const here = await project()
    const there = await project()
    await here.deployed((await bringIn(house, here.key, await writeFolder(t, exportFiles()))).id)
    const out = await exported(t, here.key)
    await house.ask(`/v3/stacks/branches`, {
      headers: { api_key: there.api_key },
      json: { branch: { uid: 'next', source: 'main' } },
    })
    const next = await bringIn(house, there.key, out, { branch: 'next', publish: false })
    t.assert.deepEqual(next.counts.entry, { created: 4 })
    const made = await bringIn(house, there.key, out)
    await there.deployed(made.id)
    const again = await exported(t, there.key)
    const [one, other] = [await readFolder(out), await readFolder(again)]
    t.assert.deepEqual(
      Object.keys(one).toSorted(),
      [
        ...['assets/*', 'assets/files/bltassetlogo0000001/logo one.svg', 'assets/folders.json'],
        ...['content_types/author.json', 'content_types/post.json', 'content_types/schema.json'],
        ...['entries/author/en-us/*', 'entries/post/en-us/*', 'entries/post/fr-fr/*'],
        ...['environments/environments.json', 'export-info.json', 'global_fields/globalfields.json'],
        ...['locales/locales.json', 'locales/master-locale.json'],
      ].toSorted(),
    )
    t.assert.deepEqual(comparable(other), comparable(one))

    const back = await bringIn(house, here.key, out)
    t.assert.deepEqual(
      Object.values(back.counts).flatMap(Object.keys).toSorted().filter(unlike('unchanged')),
      [],
    )

    const files = exportFiles()
    const chunk = files['entries/post/en-us/cc11-entries.json'] as Record<string, Record<string, unknown>>
    chunk.bltpost000000000001!.title = 'Changed'
    const changed = await bringIn(house, here.key, await writeFolder(t, files))
    t.assert.deepEqual(changed.counts.entry, { updated: 1, unchanged: 3 })
    await here.deployed(changed.id)
    const { entry } = await here.deliver('/content_types/post/entries/bltpost000000000001')
    t.assert.deepEqual([entry.title, entry._version], ['Changed', 5])
  })

  test('a dry run says what would happen, and nothing does', async (t: TestContext) => {
    const { key, manage } = await project()
    const made = await bringIn(house, key, await writeFolder(t, exportFiles()), { dry_run: true })
    t.assert.deepEqual(made.counts, wholeExport)
    t.assert.deepEqual(made.deployments, [])
    t.assert.deepEqual((await manage('/content_types')).content_types, [])
    t.assert.deepEqual((await manage('/environments')).environments, [])
    t.assert.deepEqual((await manage('/assets')).assets, [])
  })

  test('who may not make an environment that is missing brings nothing in', async (t: TestContext) => {
    const { key, manage } = await project()
    const folder = await writeFolder(t, exportFiles())
    const { secret } = (await (
      await house.ask('/headgate/v1/tokens', {
        json: { name: `of ${key}`, scopes: ['project.read', 'catalogue.*', 'deployment.request'] },
      })
    ).json()) as { secret: string }
    const narrow = { client: createClient({ url: house.url, token: secret }) }
    await t.assert.rejects(bringIn(narrow, key, folder), /may not environment\.admin/)
    t.assert.deepEqual((await manage('/content_types')).content_types, [])
    for (const name of ['production', 'staging']) await house.client.createEnvironment(key, { name })
    const { counts } = await bringIn(narrow, key, folder)
    t.assert.deepEqual([counts.environment, counts.entry], [{ unchanged: 2 }, { created: 4 }])
  })

  test('what was live waits where a gate is shut, and only there', async (t: TestContext) => {
    const { key } = await project()
    await house.client.createEnvironment(key, { name: 'production', approvals: { count: 1 } })
    const { id } = await bringIn(house, key, await writeFolder(t, exportFiles()))
    const states = async () => {
      const { deployments } = await house.client.getImport(key, id)
      return deployments
        .map((one) => `${one.environment_name} ${one.state}`)
        .toSorted()
        .join(', ')
    }
    await waitUntil(
      async () => (await states()) === 'production awaiting_approval, staging succeeded',
      await states(),
    )
  })

  test('one entry is the most that a single type gets, and no locale differs in what is not localised', async (t: TestContext) => {
    const { key, manage } = await project()
    const files = exportFiles()
    const author = files['content_types/author.json'] as { options: object }
    files['content_types/author.json'] = { ...author, options: { ...author.options, singleton: true } }
    const french = files['entries/post/fr-fr/dd11-entries.json'] as Record<string, { price: number }>
    french.bltpost000000000001!.price = 99
    const made = await bringIn(house, key, await writeFolder(t, files))
    t.assert.deepEqual(made.counts.entry, { created: 3, skipped: 1 })
    const { entry } = await manage('/content_types/post/entries/bltpost000000000001?locale=fr-fr')
    t.assert.deepEqual([entry.title, entry.price], ['First (fr-fr)', 12.5])
    // What the master changes later goes into the others, too.
    const english = files['entries/post/en-us/cc11-entries.json'] as Record<string, { price: number }>
    english.bltpost000000000001!.price = 15
    delete files['entries/post/fr-fr/dd11-entries.json']
    await bringIn(house, key, await writeFolder(t, files))
    const later = await manage('/content_types/post/entries/bltpost000000000001?locale=fr-fr')
    t.assert.deepEqual([later.entry.price, later.entry._version], [15, 5])
  })

  test('content that breaks the rules is taken as far as it goes, with a note for each', async (t: TestContext) => {
    const { key } = await project()
    const files = exportFiles()
    const chunk = files['entries/post/en-us/cc11-entries.json'] as Record<string, Record<string, unknown>>
    const base = chunk.bltpost000000000001!
    const { title: _, ...untitled } = base
    Object.assign(chunk, {
      bltwrong: { ...base, uid: 'bltwrong', title: 'Wrong', price: 'much' },
      bltsame: { ...base, uid: 'bltsame' },
      bltuntitled: { ...untitled, uid: 'bltuntitled' },
      bltold: { ...base, uid: 'bltold', title: 'Old', gone: 'a field of the past' },
      'no uid': { title: 'x' },
      bltnul: { ...base, uid: 'bltnul', title: 'a\0b' },
      bltlist: [],
    })
    files['entries/poem/en-us/ee-entries.json'] = { bltpoem: { uid: 'bltpoem', title: 'Ode' } }
    files['entries/post/de-de/ff-entries.json'] = { bltgerman: { uid: 'bltgerman', title: 'Eins' } }
    files['entries/post/en-us/broken-entries.json'] = Buffer.from('{"a":')
    const made = await bringIn(house, key, await writeFolder(t, files))
    t.assert.deepEqual(made.counts.entry, { created: 6, skipped: 5 })
    const notes = await notesOf(house, key, made)
    const of = (word: string) =>
      notes.filter((note) => note.includes(word)).map((note) => note.split(': ').slice(1).join(': '))
    t.assert.match(of('bltwrong')[0]!, /entry\.price: It must be a number/)
    t.assert.match(of('bltsame')[0]!, /Another entry has the same title in en-us/)
    t.assert.match(of('bltuntitled')[0]!, /cannot be published before it says more/)
    t.assert.match(of('bltuntitled')[1]!, /It was live in .*does not keep the rules/)
    t.assert.match(of('bltold')[0]!, /no such field: entry\.gone/)
    t.assert.match(of('bltnul')[0]!, /NUL/)
    t.assert.match(of('bltlist')[0]!, /no object/)
    t.assert.match(of('no uid')[0]!, /Its uid is none/)
    t.assert.match(of('poem')[0]!, /no content type poem/)
    t.assert.match(of('de-de')[0]!, /no locale de-de/)
    t.assert.match(of('broken')[0]!, /no JSON/)
  })
})

const unlike = (word: string) => (other: string) => other !== word
