import { test, type TestContext } from 'node:test'
import { eventually, openStack } from './open-stack.ts'
import type { Instance } from './sdk.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAAE0lEQVR4nGP8z8DAwMDAxMDAAAAJCwECNhDJ5gAAAABJRU5ErkJggg==',
  'base64',
)

test('assets and folders as the vendor’s client handles them', async (t: TestContext) => {
  const { stack, ask, house, authtoken, api_key } = await openStack(t, ['production'])
  const files = stack as unknown as { asset(uid?: string): Instance & { folder(uid?: string): Instance } }
  const put = (
    name: string,
    content_type: string,
    bytes: Buffer | string,
    more: object = {},
  ): Promise<Instance> =>
    files.asset().create({ upload: Buffer.from(bytes), filename: name, content_type, title: name, ...more })
  const picture = await put('a b.png', 'image/png', png, { description: 'D', tags: ['x', 'y'] })

  await t.test('a file is uploaded, told of, replaced and read again', async () => {
    t.assert.partialDeepStrictEqual(
      { ...picture },
      {
        ...{
          title: 'a b.png',
          filename: 'a b.png',
          description: 'D',
          tags: ['x', 'y'],
          content_type: 'image/png',
        },
        ...{ file_size: String(png.length), is_dir: false, parent_uid: null, _version: 1, ACL: [] },
      },
    )
    const asset = files.asset(picture.uid)
    t.assert.deepEqual((await asset.fetch({ include_dimension: true })).dimension, { height: 3, width: 2 })
    t.assert.equal((await asset.fetch()).dimension, undefined)
    const relative = await asset.fetch({ relative_urls: true })
    t.assert.ok(relative.url.startsWith(`/v3/assets/${api_key}/`), relative.url)
    const replaced = await asset.replace({
      upload: Buffer.from('text'),
      filename: 'b.txt',
      content_type: 'text/plain',
    })
    t.assert.deepEqual([replaced._version, replaced.filename, replaced.title], [2, 'b.txt', 'a b.png'])
    t.assert.equal((await asset.fetch({ include_dimension: true })).dimension, undefined)
    const first = await asset.fetch({ version: 1, include_dimension: true })
    t.assert.deepEqual([first.filename, first.dimension.width], ['a b.png', 2])
    const bytes = await first.download({ responseType: 'arraybuffer' })
    t.assert.ok(Buffer.from(bytes.data).equals(png), 'earlier versions are read too')
    first.title = 'Renamed'
    const updated = await first.update()
    t.assert.deepEqual([updated.title, updated._version], ['Renamed', 3])
    t.assert.deepEqual((await asset.getReferences()).references, [])
    for (const version of ['9', '0', 'x'])
      t.assert.equal((await ask('GET', `/assets/${picture.uid}?version=${version}`)).status, 422)
  })

  await t.test('publish details are told of when they are asked for', async () => {
    const asset = await put('live.png', 'image/png', png)
    const publishDetails = { environments: ['production'], locales: ['en-us'] }
    t.assert.equal((await asset.publish({ publishDetails })).notice, 'Asset sent for publishing.')
    await eventually(async () => {
      const { publish_details } = await files.asset(asset.uid).fetch({ include_publish_details: true })
      t.assert.deepEqual([publish_details.length, publish_details[0]?.version], [1, 1])
    })
    const [listed] = (
      await ask('GET', '/assets?include_publish_details=true&include_dimension=true&asc=title')
    ).body.assets
    t.assert.deepEqual([listed.title, listed.publish_details], ['Renamed', []])
    t.assert.equal((await asset.unpublish({ publishDetails })).notice, 'Asset sent for unpublishing.')
  })

  await t.test('lists are found, sorted, counted; folders among them, or alone', async () => {
    const folder = await files
      .asset()
      .folder()
      .create({ asset: { name: 'Pictures' } })
    const inner = await files
      .asset()
      .folder()
      .create({ asset: { name: 'Inner', parent_uid: folder.uid } })
    await put('one.txt', 'text/plain', '1', { parent_uid: inner.uid })
    await put('two.txt', 'text/plain', '22', { parent_uid: folder.uid })
    const names = async (query: object): Promise<string[]> =>
      (await files.asset().query(query).find()).items.map((one: Instance) => one.name ?? one.title)
    t.assert.deepEqual(await names({ folder: folder.uid, include_folders: true, asc: 'title' }), [
      'Inner',
      'two.txt',
    ])
    t.assert.deepEqual(await names({ folder: inner.uid }), ['one.txt'])
    t.assert.deepEqual(await names({ query: { is_dir: true }, asc: 'title' }), ['Inner', 'Pictures'])
    t.assert.deepEqual(await names({ query: { is_dir: true, name: 'Inner' } }), ['Inner'])
    t.assert.deepEqual(
      await names({ query: { is_dir: false, file_size: { $gt: 1, $lt: 3 } }, include_folders: true }),
      ['two.txt'],
    )
    t.assert.deepEqual(await names({ query: { title: { $regex: '^(one|two)' } }, desc: 'filename' }), [
      'two.txt',
      'one.txt',
    ])
    t.assert.deepEqual(await names({ query: { parent_uid: inner.uid } }), ['one.txt'])
    const page = await files.asset().query({ include_count: true, limit: 1 }).find()
    t.assert.deepEqual([page.items.length, page.count], [1, 4])
    for (const query of ['folder=nowhere', 'limit=x', 'query=[]', 'query=%7B%22$where%22:1%7D'])
      t.assert.ok([200, 422].includes((await ask('GET', `/assets?${query}`)).status), query)

    const fetched = await files.asset().folder(inner.uid).fetch()
    t.assert.deepEqual([fetched.name, fetched.is_dir, fetched.parent_uid], ['Inner', true, folder.uid])
    fetched.name = 'Innermost'
    t.assert.equal((await fetched.update()).name, 'Innermost')
    const refused = await ask('PUT', `/assets/folders/${folder.uid}`, { asset: { parent_uid: inner.uid } })
    t.assert.deepEqual(
      [refused.status, refused.body.error_code, Object.keys(refused.body.errors)],
      [422, 141, ['parent_uid']],
    )
    t.assert.equal((await files.asset().folder(folder.uid).delete()).notice, 'Folder deleted successfully.')
    t.assert.deepEqual(await names({ query: { is_dir: true } }), [])
    t.assert.deepEqual(await names({ query: { title: { $regex: 'txt$' } } }), [], 'what lay in it is gone')
    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', { asset: { name: 'x' } }],
      ['DELETE', undefined],
    ] as const)
      t.assert.equal((await ask(method, `/assets/folders/${folder.uid}`, body)).status, 422)
  })

  await t.test('files are read out in parts, and not again where the reader has them', async () => {
    const asset = await put('parts.txt', 'text/plain', '0123456789')
    const get = (headers: Record<string, string>) => fetch(asset.url, { headers: { authtoken, ...headers } })
    const whole = await get({})
    const etag = whole.headers.get('etag') ?? ''
    t.assert.deepEqual(
      [whole.status, await whole.text(), whole.headers.get('accept-ranges')],
      [200, '0123456789', 'bytes'],
    )
    t.assert.equal(whole.headers.get('cache-control'), 'private, no-cache')
    const again = await get({ 'if-none-match': etag })
    t.assert.deepEqual([again.status, await again.text()], [304, ''])
    const parts: [string, number, string][] = [
      ['bytes=0-3', 206, '0123'],
      ['bytes=4-', 206, '456789'],
      ['bytes=-2', 206, '89'],
      ['bytes=8-99999999999999999999', 206, '89'],
      ['bytes=0-0,2-3', 200, '0123456789'],
      ['bytes=x', 200, '0123456789'],
      ['lines=1-2', 200, '0123456789'],
    ]
    for (const [range, status, text] of parts) {
      const answer = await get({ range })
      t.assert.deepEqual([answer.status, await answer.text()], [status, text], range)
    }
    t.assert.equal((await get({ range: 'bytes=4-6' })).headers.get('content-range'), 'bytes 4-6/10')
    for (const range of ['bytes=10-', 'bytes=5-4', 'bytes=-0']) {
      const answer = await get({ range })
      t.assert.deepEqual([answer.status, answer.headers.get('content-range')], [416, 'bytes */10'], range)
    }
    t.assert.equal((await get({ range: 'bytes=0-3', 'if-range': etag })).status, 200)
  })

  await t.test('what a browser would run is offered for saving and runs nothing', async () => {
    const hostile: [string, string, string][] = [
      ['x.svg', 'image/svg+xml', 'attachment'],
      ['x.html', 'text/html', 'attachment'],
      ['x.xhtml', 'application/xhtml+xml', 'attachment'],
      ['x.js', 'text/javascript', 'attachment'],
      ['x.xml', 'text/xml', 'attachment'],
      ['x', 'text/plain2', 'attachment'],
      ['x.png', 'image/png', 'inline'],
      ['x.pdf', 'application/pdf', 'inline'],
      ['a"\r\nset-cookie: b=c.txt', 'text/plain', 'inline'],
    ]
    for (const [name, type, shown] of hostile) {
      const asset = await put(
        name,
        type,
        '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      ).catch((error: { status: number }) => error)
      if (!('url' in asset)) {
        t.assert.equal(asset.status, 422, name)
        continue
      }
      const answer = await fetch(asset.url, { headers: { authtoken } })
      await answer.body?.cancel()
      t.assert.ok(answer.headers.get('content-disposition')?.startsWith(shown), `${name} ${type}`)
      t.assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
      t.assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/)
      t.assert.equal(answer.headers.get('set-cookie'), null)
    }
  })

  await t.test('an upload that is too large is told so, and leaves nothing', async () => {
    const form = new FormData()
    form.append('asset[upload]', new Blob([new Uint8Array(100 * 1024 * 1024 + 1)]), 'big.bin')
    const before = (await ask('GET', '/assets?count=true')).body.assets
    const answer = await fetch(`${house.url}/v3/assets`, {
      method: 'POST',
      headers: { authtoken, api_key },
      body: form,
    })
    const { error_code, error_message } = (await answer.json()) as {
      error_code: number
      error_message: string
    }
    t.assert.deepEqual([answer.status, error_code], [413, 141])
    t.assert.match(error_message, /104857600/)
    t.assert.equal((await ask('GET', '/assets?count=true')).body.assets, before)
  })

  await t.test('what is wrong of an asset or a folder is refused, at its field', async () => {
    const asset = await put('fine.txt', 'text/plain', 'x')
    const wrong: [string, string, unknown, string][] = [
      ['PUT', `/assets/${asset.uid}`, {}, 'asset'],
      ['PUT', `/assets/${asset.uid}`, { asset: { title: '' } }, 'title'],
      ['PUT', `/assets/${asset.uid}`, { asset: { title: 'x'.repeat(600) } }, 'title'],
      ['PUT', `/assets/${asset.uid}`, { asset: { title: 7 } }, 'title'],
      ['PUT', `/assets/${asset.uid}`, { asset: { tags: [7] } }, 'tags'],
      ['PUT', `/assets/${asset.uid}`, { asset: { parent_uid: 'nowhere' } }, 'parent_uid'],
      ['PUT', `/assets/${asset.uid}`, { asset: { filename: 'a\u0001b' } }, 'filename'],
      ['PUT', '/assets/blt0000000000000000', { asset: { title: 'x' } }, 'uid'],
      ['GET', '/assets/blt0000000000000000/references', undefined, 'uid'],
      ['POST', '/assets/folders', {}, 'asset'],
      ['POST', '/assets/folders', { asset: {} }, 'name'],
      ['POST', '/assets/folders', { asset: { name: '' } }, 'name'],
      ['POST', '/assets/folders', { asset: { name: 'x', parent_uid: 'nowhere' } }, 'parent_uid'],
      ['POST', '/assets/folders', { asset: { name: 'x', parent_uid: asset.uid } }, 'parent_uid'],
      ['POST', `/assets/${asset.uid}/publish`, { asset: {} }, 'environments'],
      [
        'POST',
        `/assets/${asset.uid}/publish`,
        { asset: { environments: ['production'] }, version: 9 },
        'version',
      ],
      [
        'POST',
        `/assets/${asset.uid}/publish`,
        { asset: { environments: ['production'], locales: ['xx'] } },
        'locales',
      ],
    ]
    for (const [method, path, sent, field] of wrong) {
      const { status, body } = await ask(method, path, sent)
      const named = [...new Set(Object.keys(body.errors ?? {}).map((name) => name.split('.')[0]))]
      t.assert.deepEqual(
        [status, body.error_code, named],
        [422, 141, [field]],
        `${path} ${JSON.stringify(body)}`,
      )
    }
  })
})
