import { after, before, suite, test, type TestContext } from 'node:test'
import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { openHouse, type TestHouse } from '../../open-house.ts'
import { tarOf } from './bring-in.ts'

type Entries = Parameters<typeof tarOf>[0]

suite('files that are sent for an import', () => {
  let house: TestHouse
  const closing: (() => unknown)[] = []

  before(async () => {
    house = await openHouse({ after: (close: () => Promise<void>) => closing.push(close) } as never)
    await house.client.createProject({ key: 'site', kind: 'content' })
  })
  after(async () => {
    for (const close of closing) await close()
  })

  const begun = async () => (await house.client.createImport('site', { format: 'contentstack' })).id

  /** What the server answers to a tar, or to anything else that says it is one. */
  async function send(body: ReadableStream<Uint8Array> | Buffer, id?: string, type = 'application/x-tar') {
    const path = `/headgate/v1/projects/site/import/${id ?? (await begun())}/files`
    const init = { method: 'PUT', headers: { 'content-type': type }, body, duplex: 'half' }
    const answer = await house.ask(path, init as RequestInit)
    return { status: answer.status, body: (await answer.json()) as Record<string, never> }
  }
  const refused = async (entries: Entries) => {
    const { status, body } = await send(tarOf(entries))
    return `${status} ${String(body.detail)}`
  }

  test('names that lead out of the folder are refused, and so are links and devices', async (t: TestContext) => {
    const json = { content: '{}' }
    for (const name of [
      '../locales/locales.json',
      '/etc/locales/a.json',
      'locales/../../x.json',
      'a\\..\\locales.json',
      'locales/\u0001.json',
    ])
      t.assert.match(await refused([{ name, ...json }]), /^422 files .* is no path within a folder/, name)
    for (const type of ['symlink', 'link', 'character-device', 'fifo'] as const)
      t.assert.match(
        await refused([{ name: 'locales/locales.json', type, linkname: '/etc/passwd' }]),
        /^400 .* entry/,
        type,
      )
  })

  test('what is no tar, is cut short, or grows without end is refused and nothing breaks', async (t: TestContext) => {
    t.assert.match(JSON.stringify(await send(Buffer.from('hello'))), /cut short or is no tar/)
    t.assert.match(JSON.stringify(await send(Buffer.alloc(0))), /empty/)
    t.assert.match(
      JSON.stringify(await send(gzipSync(Buffer.alloc(80 * 1024 * 1024)))),
      /expands too much|cut short/,
    )
    t.assert.match(JSON.stringify(await send(Buffer.from('{}'), undefined, 'application/json')), /body|tar/)
    const huge = tarOf([
      { name: 'entries/a/en-us/x-entries.json', content: Buffer.alloc(65 * 1024 * 1024, 32) },
    ])
    t.assert.match(JSON.stringify(await send(huge)), /has more than/)
    const binary = tarOf([{ name: 'entries/a/en-us/x-entries.json', content: Buffer.from([0xff, 0xfe]) }])
    t.assert.match(JSON.stringify(await send(binary)), /not UTF-8/)
    const { status } = await send(
      tarOf([
        { name: 'readme.txt', content: 'x' },
        { name: 'logs/', type: 'directory' },
      ]),
    )
    t.assert.equal(status, 200)
  })

  test('a connection that breaks off leaves an import that goes on', async (t: TestContext) => {
    const id = await begun()
    await new Promise<void>((resolve) => {
      const url = new URL(`${house.url}/headgate/v1/projects/site/import/${id}/files`)
      const broken = request(url, {
        method: 'PUT',
        headers: { authorization: `Bearer ${house.credentials.token}`, 'content-type': 'application/x-tar' },
      })
      broken.on('error', () => resolve())
      broken.write(Buffer.alloc(512 * 3, 7))
      setImmediate(() => broken.destroy(new Error('gone')))
    })
    const good = tarOf([{ name: 'locales/locales.json', content: '{}' }])
    t.assert.equal((await send(good, id)).status, 200)
    t.assert.equal((await house.client.continueImport('site', id)).state, 'finished')
    // It has been read: what comes now would not be.
    const late = await send(tarOf([{ name: 'locales/locales.json', content: '{}' }]), id)
    t.assert.deepEqual([late.status, late.body.code], [409, 'not_possible_now'])
  })

  test('JSON of any shape at all is answered with notes or a problem', async (t: TestContext) => {
    const shapes = [
      '[]',
      '{}',
      // More notes than one call takes arguments.
      `[${'[0],'.repeat(200_000)}0]`,
      'null',
      '1',
      '"x"',
      '[[]]',
      `[${'0,'.repeat(300_000)}0]`,
      '{"a":null}',
      '{"a":{"b":[1]}}',
      '{"__proto__":{"uid":"x"}}',
      '{"z":{"uid":"z","title":"z","publish_details":[{"environment":"e","locale":"\\ud83d\\ude00","version":1e99},7]}}',
      '[{"uid":5}]',
      `${'['.repeat(5000)}${']'.repeat(5000)}`,
      '{"a":{"uid":"a","title":1e999}}',
      '{"u":{"uid":"u","title":"\\u0000","schema":[{}]}}',
      '{"x":{"uid":"x","title":"x","schema":[{"uid":"title","data_type":"nonsense"}]}}',
      '{"x":{"uid":"x","name":"x","code":"xx-xx","fallback_locale":"yy-yy","filename":"../../x","schema":null}}',
    ]
    const base = ['locales/locales.json', 'locales/master-locale.json', 'environments/environments.json']
    const types = ['content_types/a.json', 'content_types/schema.json']
    const items = [
      'spaces/x/constructor/a.json',
      'spaces/assets/a.json',
      'assets/folders.json',
      'assets/x-assets.json',
      'assets/assets.json',
    ]
    const entries = ['entries/a/en-us/x-entries.json', 'entries/a/en-us.json']
    for (const content of shapes)
      for (const paths of [base, types, [...items, ...entries]]) {
        const id = await begun()
        await send(tarOf(paths.map((name) => ({ name, content }))), id)
        const answer = await house.ask(`/headgate/v1/projects/site/import/${id}/run`, { method: 'POST' })
        const told = `${paths.join(', ')} ${content.slice(0, 80)}: ${answer.status} ${await answer.text()}`
        t.assert.ok([200, 422].includes(answer.status), told)
      }
  })

  test('several branches in one folder have to be told apart', async (t: TestContext) => {
    const file = { content: '{}' }
    const both = () =>
      tarOf([
        { name: 'main/locales/locales.json', ...file },
        { name: 'next/locales/locales.json', ...file },
      ])
    const id = await begun()
    await send(both(), id)
    const answer = await house.ask(`/headgate/v1/projects/site/import/${id}/run`, { method: 'POST' })
    t.assert.match(
      await answer.text(),
      /source_branch There are several branches in what was sent: main, next/,
    )
    const named = await house.client.createImport('site', { format: 'contentstack', source_branch: 'next' })
    await send(both(), named.id)
    t.assert.equal((await house.client.continueImport('site', named.id)).state, 'finished')
    await t.assert.rejects(house.client.createImport('site', { format: 'wordpress' }), /format/)
    await t.assert.rejects(
      house.client.createImport('site', { format: 'contentstack', branch: 'nope' }),
      /branch nope/,
    )
  })
})
