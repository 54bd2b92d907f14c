import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { createEntry } from '#app/content/create-entry.ts'
import { createLocale } from '#app/content/create-locale.ts'
import { getEntry } from '#app/content/get-entry.ts'
import { listEntries } from '#app/content/list-entries.ts'
import { getPublishedEntry, listPublishedEntries } from '#app/content/published-entries.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import { updateLocale } from '#app/content/update-locale.ts'
import { pinItems } from '#catalogue/content/pin-items.ts'
import { isDomainError } from '#domain/errors.ts'
import { contentHouse } from '../../app/content/content-house.ts'

const codes = ['aa', 'bb', 'cc', 'dd', 'ee', 'ff']

/** Each locale falls back to one before it, or to the master. */
const trees = fc.tuple(
  ...codes.map((_, n) => fc.nat(n).map((at) => (at === 0 ? 'en-us' : (codes[at - 1] ?? '')))),
)
const worlds = fc.record({
  fallbacks: trees,
  written: fc.subarray(codes),
  live: fc.subarray(['en-us', ...codes]),
})

async function textOf(read: () => Promise<{ locale: string; title: string }>): Promise<string> {
  try {
    const { locale, title } = await read()
    return `${locale} ${title}`
  } catch (error) {
    if (isDomainError(error, 'not_found')) return ''
    throw error
  }
}

test('whatever falls back to what, drafts, pins and readers find the nearest', async (t: TestContext) => {
  const { ctx, house, project_id, place, page, staging, publish } = await contentHouse(t)
  for (const code of codes) await createLocale(ctx, { project_id, code })
  let round = 0
  await fc.assert(
    fc.asyncProperty(worlds, async ({ fallbacks, written, live }) => {
      const uid = `blt${(round += 1)}`
      const parents = new Map(codes.map((code, n) => [code, fallbacks[n] ?? 'en-us']))
      for (const code of codes) await updateLocale(ctx, { project_id, code, fallback: 'en-us' })
      for (const [code, fallback] of parents) await updateLocale(ctx, { project_id, code, fallback })
      const chain = (code: string): string[] => [
        code,
        ...(parents.has(code) ? chain(parents.get(code) ?? '') : []),
      ]
      const nearest = (code: string, among: readonly string[]) =>
        chain(code).find((each) => among.includes(each))

      await createEntry(ctx, { ...page, uid, data: { title: `${uid} en-us` } })
      for (const code of written)
        await updateEntry(ctx, { ...page, uid, locale: code, data: { title: `${uid} ${code}` } })
      if (live.length > 0) await publish(live.map((locale) => ({ uid, locale })))
      const source = (code: string) => nearest(code, ['en-us', ...written]) ?? ''

      for (const code of ['en-us', ...codes]) {
        const said = `${source(code)} ${uid} ${source(code)}`
        t.assert.equal(await textOf(() => getEntry(ctx, { ...page, uid, locale: code })), said)
        const listed = await listEntries(ctx, {
          ...page,
          uids: [uid],
          locale: code,
          limit: 9,
          with_total: true,
        })
        t.assert.deepEqual([listed.total, listed.entries[0]?.locale], [1, source(code)])
        const { pinned } = await pinItems(house.db, {
          ...place,
          items: [{ key: `main/${uid}/${code}`, action: 'publish' }],
        })
        t.assert.equal(pinned[0]?.version, source(code) === code ? '1' : `1@${source(code)}`)

        const served = nearest(code, live)
        const reader = { ...page, environment_id: staging, locale: code }
        const wanted = served === undefined ? '' : `${source(served)} ${uid} ${source(served)}`
        t.assert.equal(await textOf(() => getPublishedEntry(ctx, { ...reader, uid, fallback: true })), wanted)
        const exact = live.includes(code) ? `${source(code)} ${uid} ${source(code)}` : ''
        t.assert.equal(await textOf(() => getPublishedEntry(ctx, { ...reader, uid })), exact)
        const found = await listPublishedEntries(ctx, {
          ...reader,
          uids: [uid],
          fallback: true,
          limit: 9,
          with_total: true,
        })
        t.assert.deepEqual(
          [found.total, found.items.map(({ published }) => published.locale)],
          [served === undefined ? 0 : 1, served === undefined ? [] : [served]],
        )
      }
    }),
    { numRuns: 12, endOnFailure: true },
  )
})
