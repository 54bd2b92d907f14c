import { isDeepStrictEqual } from 'node:util'
import { describe, test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { diffFields, type FieldChange } from '#catalogue/content/diff-fields.ts'
import type { Field, FieldInput, JsonObject } from '#catalogue/content/field.ts'
import { nameReferences, namedIn } from '#catalogue/content/name-references.ts'
import { readFields } from '#catalogue/content/read-fields.ts'
import { whoReads, type Written } from '#catalogue/content/who-reads.ts'
import { typeWithEntries } from './arbitrary-type.ts'

const fieldsOf = (inputs: readonly FieldInput[]): Field[] => readFields(inputs).fields
const told = (changes: readonly FieldChange[]) =>
  changes.map(({ path, name, change, before, after }) => [path, name, change, before, after])

describe('what differs between two versions', () => {
  test('is what one says and the other does not, each path once, the same from either side', () => {
    const leaves = (fields: readonly Field[], data: JsonObject) =>
      new Map(diffFields(fields, null, data).map(({ path, after }) => [path, after]))
    fc.assert(
      fc.property(typeWithEntries, ({ fields: inputs, one, other }) => {
        const fields = fieldsOf(inputs)
        const changes = diffFields(fields, one, other)
        const [was, is] = [leaves(fields, one), leaves(fields, other)]
        const differing = [...new Set([...was.keys(), ...is.keys()])].filter(
          (path) => !isDeepStrictEqual(was.get(path) ?? null, is.get(path) ?? null),
        )
        const back = diffFields(fields, other, one)
        return (
          diffFields(fields, one, one).length === 0 &&
          isDeepStrictEqual(changes.map(({ path }) => path).toSorted(), differing.toSorted()) &&
          changes.every(
            ({ path, before, after }) =>
              isDeepStrictEqual(before, was.get(path) ?? null) &&
              isDeepStrictEqual(after, is.get(path) ?? null),
          ) &&
          isDeepStrictEqual(
            back.map(({ path, before, after }) => [path, after, before]),
            changes.map(({ path, before, after }) => [path, before, after]),
          )
        )
      }),
    )
  })

  test('goes into groups and blocks, keeps lists of values whole, and knows what a type has forgotten', (t: TestContext) => {
    const fields = fieldsOf([
      { uid: 'title', type: 'text', name: 'Title' },
      { uid: 'seo', type: 'group', name: 'SEO', fields: [{ uid: 'slug', type: 'text', name: 'Slug' }] },
      {
        ...{ uid: 'blocks', type: 'blocks', name: 'Blocks' },
        blocks: [
          { uid: 'hero', name: 'Hero', fields: [{ uid: 'title', type: 'text', name: 'Title' }] },
          { uid: 'quote', name: 'Quote', fields: [{ uid: 'by', type: 'text', name: 'By' }] },
        ],
      },
      { uid: 'words', type: 'text', multiple: true, name: 'Words' },
    ])
    const before: JsonObject = {
      title: 'A',
      seo: { slug: 'a' },
      blocks: [{ hero: { title: 'H', _metadata: { uid: 'x' } } }, { hero: { title: 'I' } }],
      words: ['a', 'b'],
      old: 'kept',
    }
    const after: JsonObject = {
      title: 'A',
      seo: { slug: 'b' },
      blocks: [
        { hero: { title: 'J', _metadata: { uid: 'y' } } },
        { quote: { by: 'K' } },
        { quote: { by: '' } },
      ],
      words: ['b', 'a'],
    }
    t.assert.deepEqual(told(diffFields(fields, before, after)), [
      ['seo.slug', 'SEO › Slug', 'changed', 'a', 'b'],
      ['blocks.0.hero.title', 'Blocks › 1 › Hero › Title', 'changed', 'H', 'J'],
      ['blocks.1.hero.title', 'Blocks › 2 › Hero › Title', 'removed', 'I', null],
      ['blocks.1.quote.by', 'Blocks › 2 › Quote › By', 'added', null, 'K'],
      ['words', 'Words', 'changed', ['a', 'b'], ['b', 'a']],
      ['old', 'old', 'removed', 'kept', null],
    ])
  })

  test('is shown with titles, and cut where it is long', (t: TestContext) => {
    const field = { path: 'x', name: 'X', change: 'changed' as const }
    const references = {
      ...{ ...field, type: 'reference' as const, before: [{ uid: 'a', _content_type_uid: 'page' }] },
      after: [{ uid: 'b', _content_type_uid: 'page' }],
    }
    t.assert.deepEqual(namedIn(references), ['a', 'b'])
    const titleOf = (uid: string) => (uid === 'a' ? 'About' : null)
    t.assert.deepEqual(nameReferences(references, titleOf).before, [
      { uid: 'a', content_type_uid: 'page', title: 'About' },
    ])
    const file = { ...field, type: 'file' as const, before: null, after: 'a' }
    t.assert.deepEqual(nameReferences(file, titleOf).after, { uid: 'a', title: 'About' })
    const long = { ...field, type: 'text' as const, before: 'x'.repeat(5000), after: ['y'.repeat(5000)] }
    const cut = nameReferences(long, titleOf)
    t.assert.deepEqual([(cut.before as string).length, cut.after], [1001, '…'])
  })
})

describe('who reads a change', () => {
  test('is everybody who gets something else, and those whose own locale is changed', () => {
    const codes = ['en', 'fr', 'ca', 'de'] as const
    const tree = fc
      .tuple(fc.constantFrom('en'), fc.constantFrom('en', 'fr'), fc.constantFrom('en', 'fr', 'ca'))
      .map((fallbacks) =>
        [null, ...fallbacks].map((fallback_code, n) => ({ code: codes[n]!, fallback_code })),
      )
    const written = fc.record({
      version: fc.integer({ min: 1, max: 2 }),
      source_locale: fc.constantFrom(...codes),
    })
    const maybe = fc.option(written, { nil: null })
    const map = <V>(value: fc.Arbitrary<V>) =>
      fc.array(fc.tuple(fc.constantFrom(...codes), value)).map((pairs) => new Map<string, V>(pairs))
    fc.assert(
      fc.property(
        tree,
        map(written),
        map(fc.record({ before: maybe, after: maybe })),
        (locales, live, changed) => {
          const serve = (code: string, side: 'before' | 'after') => {
            for (let at: string | null = code; at !== null;) {
              const change = changed.get(at)
              const found: Written | null | undefined = change ? change[side] : live.get(at)
              if (found) return `${found.version}@${found.source_locale}`
              at = locales.find((locale) => locale.code === at)?.fallback_code ?? null
            }
            return ''
          }
          const readings = whoReads(locales, live, changed)
          const say = (served: Written | null) => (served ? `${served.version}@${served.source_locale}` : '')
          return codes.every((code) => {
            const reading = readings.find(({ locale }) => locale === code)
            const [before, after] = [serve(code, 'before'), serve(code, 'after')]
            if (!reading) return before === after && !changed.has(code)
            return (
              say(reading.before) === before &&
              say(reading.after) === after &&
              reading.by_fallback === !changed.has(code) &&
              (changed.has(code) || before !== after)
            )
          })
        },
      ),
    )
  })
})
