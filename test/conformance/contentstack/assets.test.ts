import { test, type TestContext } from 'node:test'
import { eventually, sharedStack, upload } from './open-stack.ts'

const openStack = sharedStack()

test('an asset is uploaded, told of, replaced and deleted', async (t: TestContext) => {
  const { ask, house, authtoken, api_key } = await openStack()
  const headers = { authtoken, api_key }
  const folder = (await ask('POST', '/assets/folders', { asset: { name: 'Pictures' } })).body.asset
  t.assert.deepEqual([folder.name, folder.is_dir, folder.parent_uid], ['Pictures', true, null])

  const fields = { title: 'A title', description: 'About it', tags: 'a, b,,c', parent_uid: folder.uid }
  const made = await upload(house.url, headers, { text: 'abc', fields })
  t.assert.deepEqual([made.status, made.body.notice], [201, 'Asset created successfully.'])
  const { uid } = made.body.asset
  const told = (asset: Record<string, unknown>) => {
    const { title, description, tags, parent_uid, file_size, filename, content_type, _version, is_dir } =
      asset
    return { title, description, tags, parent_uid, file_size, filename, content_type, _version, is_dir }
  }
  const first = {
    ...{ title: 'A title', description: 'About it', tags: ['a', 'b', 'c'], parent_uid: folder.uid },
    ...{ file_size: '3', filename: 'hello.txt', content_type: 'text/plain', _version: 1, is_dir: false },
  }
  t.assert.deepEqual(told(made.body.asset), first, 'fields that stand behind the file count')

  const replaced = await upload(house.url, headers, {
    replace: uid,
    text: 'abcdef',
    fields: { title: 'Another' },
  })
  t.assert.equal(replaced.status, 200)
  t.assert.deepEqual(told(replaced.body.asset), { ...first, title: 'Another', file_size: '6', _version: 2 })
  const changed = await ask('PUT', `/assets/${uid}`, { asset: { tags: 'x', parent_uid: 'cs_root' } })
  t.assert.deepEqual([changed.body.asset.tags, changed.body.asset.parent_uid], [['x'], null])
  t.assert.deepEqual(told((await ask('GET', `/assets/${uid}?version=1`)).body.asset).file_size, '3')

  const names = async (query: string): Promise<string[]> =>
    (await ask('GET', `/assets?${query}`)).body.assets.map(
      (one: { name?: string; title?: string }) => one.name ?? one.title,
    )
  t.assert.deepEqual(await names(''), ['Another'])
  t.assert.deepEqual(await names(`folder=${folder.uid}`), [])
  t.assert.deepEqual(await names('folder=cs_root'), ['Another'])
  t.assert.deepEqual((await names('include_folders=true')).toSorted(), ['Another', 'Pictures'])
  t.assert.deepEqual(await names(`query=${encodeURIComponent('{"filename":"hello.txt"}')}`), ['Another'])
  t.assert.deepEqual(await names(`query=${encodeURIComponent('{"file_size":{"$gt":100}}')}`), [])
  t.assert.deepEqual((await ask('GET', '/assets?count=true')).body, { assets: 1 })
  t.assert.deepEqual((await ask('GET', `/assets/${uid}/references`)).body, { references: [] })

  const renamed = await ask('PUT', `/assets/folders/${folder.uid}`, { asset: { name: 'Files' } })
  t.assert.equal(renamed.body.asset.name, 'Files')
  t.assert.equal((await ask('GET', `/assets/folders/${folder.uid}`)).body.asset.name, 'Files')

  t.assert.equal((await ask('DELETE', `/assets/${uid}`)).body.notice, 'Asset deleted successfully.')
  t.assert.equal((await ask('GET', `/assets/${uid}`)).status, 422)
  t.assert.equal((await ask('DELETE', `/assets/folders/${folder.uid}`)).status, 200)
})

test('an address reads out what is published, and drafts to those who may', async (t: TestContext) => {
  const { ask, house, authtoken, api_key } = await openStack()
  const { uid, url } = (await upload(house.url, { authtoken, api_key }, { text: '<script>' })).body.asset
  const get = (headers: Record<string, string> = {}) => fetch(url, { headers })
  t.assert.equal((await get()).status, 422)
  t.assert.equal((await get({ authtoken })).status, 200)
  t.assert.equal((await get({ authtoken: 'bltwrong00' })).status, 401)
  await ask('POST', `/assets/${uid}/publish`, {
    asset: { environments: ['staging'], locales: ['en-us', 'fr-fr'] },
  })
  await eventually(async () => t.assert.equal((await get()).status, 200))
  const answer = await get()
  t.assert.equal(await answer.text(), '<script>')
  t.assert.equal(answer.headers.get('content-type'), 'text/plain')
  t.assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  t.assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin')
  await ask('POST', `/assets/${uid}/unpublish`, {
    asset: { environments: ['staging'], locales: ['en-us', 'fr-fr'] },
  })
  await eventually(async () => t.assert.equal((await get()).status, 422))
  t.assert.equal((await fetch(url.replace(api_key, 'blt0000000000000000'))).status, 412)
  t.assert.equal((await fetch(url.replace('/1/', '/x/'))).status, 422)
})

test('what is no upload is refused', async (t: TestContext) => {
  const { ask, house, authtoken, api_key } = await openStack()
  const json = await ask('POST', '/assets', { asset: { title: 'x' } })
  t.assert.deepEqual([json.status, json.body.errors], [422, { upload: ['is a required field.'] }])
  const empty = new FormData()
  empty.append('asset[title]', 'x')
  const send = (body: FormData, headers: Record<string, string> = { authtoken, api_key }) =>
    fetch(`${house.url}/v3/assets`, { method: 'POST', headers, body })
  t.assert.equal((await send(empty)).status, 422)
  const broken = await fetch(`${house.url}/v3/assets`, {
    ...{ method: 'POST', body: '--x\r\nnonsense' },
    headers: { authtoken, api_key, 'content-type': 'multipart/form-data; boundary=x' },
  })
  t.assert.ok([400, 422].includes(broken.status), String(broken.status))
  const big = new FormData()
  big.append('asset[upload]', new Blob([new Uint8Array(3_000_000)]), 'big.bin')
  t.assert.equal((await send(big, { api_key })).status, 401, 'refused before it is read')
  const lost = new FormData()
  lost.append('asset[upload]', new Blob(['x']), 'x.txt')
  lost.append('asset[parent_uid]', 'bltnowhere0000000')
  t.assert.equal((await send(lost)).status, 422)
  t.assert.deepEqual((await ask('GET', '/assets?count=true')).body, { assets: 0 })
  const odd = new FormData()
  odd.append('asset[upload]', new Blob(['x']), '../../etc/passwd\u0001')
  const answer = await send(odd)
  const body = (await answer.json()) as { asset?: { filename: string } }
  t.assert.ok(answer.status === 422 || !body.asset?.filename.includes('/'), JSON.stringify(body))
})

test('text of a form that the store cannot keep is refused, behind the file and before it', async (t: TestContext) => {
  const { ask, house, authtoken, api_key } = await openStack()
  const headers = { authtoken, api_key }
  for (const word of ['title', 'description', 'tags', 'parent_uid']) {
    const behind = await upload(house.url, headers, { fields: { [word]: 'a\0b' } })
    t.assert.deepEqual([behind.status, Object.keys(behind.body.errors)], [422, [word]], word)
    const form = new FormData()
    form.append(`asset[${word}]`, 'a\0b')
    form.append('asset[upload]', new Blob(['x']), 'x.txt')
    const before = await fetch(`${house.url}/v3/assets`, { method: 'POST', headers, body: form })
    t.assert.equal(before.status, 422, word)
  }
  for (const asset of [
    { name: 'a\0b' },
    { name: 'x', parent_uid: 'a\0b' },
    { name: 'x', parent_uid: 'a\ud800' },
  ]) {
    const { status } = await ask('POST', '/assets/folders', { asset })
    t.assert.ok([400, 422].includes(status), String(status))
  }
  t.assert.ok([400, 422].includes((await ask('GET', '/assets?folder=a%00b')).status))
  t.assert.deepEqual((await ask('GET', '/assets?count=true')).body, { assets: 0 })
})
