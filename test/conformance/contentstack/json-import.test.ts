import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { everything, fine, title } from './everything-type.ts'
import { openStack } from './open-stack.ts'
import type { Instance } from './sdk.ts'

test('types and entries are taken from the files that the vendor exports them to', async (t: TestContext) => {
  const { stack, house, ask, authtoken, api_key } = await openStack(t, [])
  const folder = await mkdtemp(join(tmpdir(), 'headgate-import-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = async (content: unknown) => {
    const path = join(folder, 'import.json')
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }
  const types: Instance = stack.contentType()

  const made = await types.import({ content_type: await file(everything) })
  t.assert.deepEqual(
    [made.uid, made._version, made.schema.length],
    ['everything', 1, everything.schema.length],
  )
  await t.assert.rejects(types.import({ content_type: await file(everything) }), {
    status: 422,
    errorCode: 115,
  })
  const again = { content_type: await file({ content_type: { ...everything, title: 'Again' } }) }
  t.assert.deepEqual((await types.import(again, { overwrite: true }))._version, 2)

  const entries: Instance = (stack.contentType('everything') as Instance).entry()
  const first = await entries.import({ entry: await file(fine) })
  t.assert.deepEqual([first.title, first._version, first.seo], ['One', 1, fine.seo])
  const french = await entries.import({
    entry: await file({ entry: { ...fine, uid: first.uid, title: 'Un' } }),
    ...{ locale: 'fr-fr', overwrite: true },
  })
  t.assert.deepEqual([french.uid, french.locale, french.title], [first.uid, 'fr-fr', 'Un'])
  const other = await entries.import({ entry: await file({ ...fine, uid: first.uid, title: 'Two' }) })
  t.assert.notEqual(other.uid, first.uid, 'without overwrite it is another entry')
  const over: Instance = (stack.contentType('everything') as Instance).entry(first.uid)
  t.assert.deepEqual((await over.import({ entry: await file({ ...fine, title: 'Three' }) }))._version, 2)

  // What is exported can be taken in again.
  const type = (await ask('GET', '/content_types/everything/export?version=1')).body
  t.assert.deepEqual([type.uid, type.title, type._version], ['everything', 'Everything', 1])
  const back = await types.import({ content_type: await file(type) }, { overwrite: true })
  t.assert.deepEqual([back.title, back._version], ['Everything', 3])
  const exported = (await ask('GET', `/content_types/everything/entries/${first.uid}/export?locale=fr-fr`))
    .body
  t.assert.deepEqual([exported.uid, exported.title], [first.uid, 'Un'])
  const copied = await entries.import({ entry: await file({ ...exported, title: 'Copie' }) })
  t.assert.deepEqual([copied.title, copied.sections, copied.others], ['Copie', fine.sections, fine.others])
  t.assert.equal((await ask('GET', '/content_types/everything/entries/blt1/export')).status, 422)
  t.assert.equal((await ask('GET', '/content_types/none/export')).status, 422)

  const send = async (path: string, field: string, content: string) => {
    const form = new FormData()
    form.append(field, new Blob([content]), 'x.json')
    const answer = await fetch(`${house.url}/v3${path}`, {
      method: 'POST',
      headers: { authtoken, api_key },
      body: form,
    })
    const { error_code, errors } = (await answer.json()) as { error_code: number; errors: object }
    return [answer.status, error_code, Object.keys(errors ?? {})[0]]
  }
  const into = '/content_types/everything/entries/import'
  for (const content of [
    '',
    'x',
    '[]',
    '"x"',
    '{"title":"a\\u0000b"}',
    '{"__proto__":{}}',
    '{"a":1e999}',
    '['.repeat(90_000),
  ])
    t.assert.deepEqual(await send(into, 'entry', content), [422, 119, 'entry'], content.slice(0, 30))
  t.assert.deepEqual(await send(into, 'file', '{}'), [422, 119, 'entry'])
  t.assert.deepEqual(await send(into, 'entry', '{}'), [422, 119, 'title'])
  t.assert.deepEqual(await send(`${into}?locale=xx`, 'entry', JSON.stringify(fine)), [422, 141, 'locale'])
  t.assert.deepEqual(await send('/content_types/none/entries/import', 'entry', JSON.stringify(fine)), [
    422,
    118,
    'uid',
  ])
  t.assert.deepEqual(
    await send('/content_types/everything/entries/blt1/import', 'entry', JSON.stringify(fine)),
    [422, 141, 'uid'],
  )
  t.assert.deepEqual(await send('/content_types/import', 'content_type', '{}'), [422, 115, 'title'])
  t.assert.deepEqual(
    await send(
      '/content_types/import',
      'content_type',
      JSON.stringify({ title: 'X', uid: 'x', schema: [title, 1] }),
    ),
    [422, 115, 'schema.1'],
  )
  t.assert.equal((await send(into, 'entry', ' '.repeat(1024 * 1024 + 1)))[0], 413)
  t.assert.equal((await ask('POST', into, { entry: fine })).status, 422, 'a form, not a body')
})
